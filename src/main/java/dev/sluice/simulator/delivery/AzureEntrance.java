package dev.sluice.simulator.delivery;

import dev.sluice.http.Exchange;
import dev.sluice.simulator.endpoint.Refusal;
import org.jspecify.annotations.Nullable;

/**
 * Asks for one key, in the header where Azure has it and nowhere else.
 *
 * @param apiKey null lets everybody in
 */
public record AzureEntrance(@Nullable String apiKey) implements Entrance {

    @Override
    public void check(Exchange exchange, byte[] body) throws Refusal {
        if (apiKey != null && !apiKey.equals(exchange.headers().get("api-key"))) {
            throw new Refusal(
                    401,
                    "401",
                    "Access denied due to invalid subscription key or wrong API endpoint.",
                    null);
        }
    }
}
