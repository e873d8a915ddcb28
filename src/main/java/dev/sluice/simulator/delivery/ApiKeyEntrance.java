package dev.sluice.simulator.delivery;

import dev.sluice.http.Exchange;
import dev.sluice.http.Headers;
import dev.sluice.simulator.endpoint.Refusal;
import org.jspecify.annotations.Nullable;

/**
 * Asks for one key, in any of the places where the dialects have it.
 *
 * @param apiKey null lets everybody in
 */
public record ApiKeyEntrance(@Nullable String apiKey) implements Entrance {

    @Override
    public void check(Exchange exchange, byte[] body) throws Refusal {
        if (apiKey == null || apiKey.equals(exchange.queryCredential())) {
            return;
        }
        Headers headers = exchange.headers();
        boolean known =
                ("Bearer " + apiKey).equals(headers.get("authorization"))
                        || apiKey.equals(headers.get("x-api-key"))
                        || apiKey.equals(headers.get("x-goog-api-key"))
                        || apiKey.equals(headers.get("api-key"));
        if (!known) {
            throw new Refusal(401, "invalid_api_key", "Incorrect API key provided.", null);
        }
    }
}
