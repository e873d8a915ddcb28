package dev.sluice.simulator.cloud;

import dev.sluice.http.Exchange;
import dev.sluice.simulator.delivery.Entrance;
import dev.sluice.simulator.endpoint.Refusal;
import dev.sluice.simulator.script.Json;
import java.time.Clock;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import tools.jackson.databind.node.ObjectNode;

/** The access tokens that were issued, each until it ends or all are revoked. Bounded. */
public final class IssuedTokens {
    private static final int MOST = 10_000;

    /** As Google's begin. */
    private static final String PREFIX = "ya29.simulated-";

    private final Clock clock;
    private final Map<String, Instant> ends = new HashMap<>();
    private long issued;

    public IssuedTokens(Clock clock) {
        this.clock = clock;
    }

    /** {@return a token endpoint's answer with a new token} */
    synchronized ObjectNode issue(int seconds) {
        if (ends.size() >= MOST) {
            ends.clear();
        }
        issued++;
        String token = PREFIX + issued;
        ends.put(token, clock.instant().plusSeconds(seconds));
        return Json.object()
                .put("access_token", token)
                .put("expires_in", seconds)
                .put("token_type", "Bearer");
    }

    /** None that was issued counts any more. */
    synchronized void revoke() {
        ends.clear();
    }

    /** {@return who lets in these tokens, and whom the other lets in} */
    public Entrance or(Entrance other) {
        return (exchange, body) -> {
            String bearer = bearer(exchange);
            if (!bearer.startsWith(PREFIX)) {
                other.check(exchange, body);
            } else if (!isGood(bearer)) {
                throw new Refusal(
                        401,
                        null,
                        "Request had invalid authentication credentials. Expected OAuth 2 access"
                                + " token.",
                        null);
            }
        };
    }

    private synchronized boolean isGood(String token) {
        Instant end = ends.get(token);
        return end != null && clock.instant().isBefore(end);
    }

    private static String bearer(Exchange exchange) {
        String header = exchange.headers().get("authorization");
        return header != null && header.startsWith("Bearer ") ? header.substring(7) : "";
    }
}
