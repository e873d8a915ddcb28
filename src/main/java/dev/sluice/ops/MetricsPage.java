package dev.sluice.ops;

import dev.sluice.http.Exchange;
import dev.sluice.http.Headers;
import dev.sluice.http.HttpFailure;
import dev.sluice.http.Response;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * {@code GET /metrics} in the Prometheus text format, for loopback or for who has the metrics
 * token.
 */
public final class MetricsPage {
    private static final String TYPE = "text/plain; version=0.0.4; charset=utf-8";
    private static final String BEARER = "Bearer ";

    private final Supplier<String> scrape;
    private final @Nullable String token;

    /** Without a token only loopback may look. */
    public MetricsPage(Supplier<String> scrape, @Nullable String token) {
        this.scrape = scrape;
        this.token = token;
    }

    public void show(Exchange exchange) {
        if (!isLoopback(exchange.clientAddress()) && !hasToken(exchange)) {
            throw new HttpFailure(
                    403,
                    "permission_denied",
                    "Metrics are shown on loopback, or with 'Authorization: Bearer' and the"
                            + " metrics token.");
        }
        exchange.onVirtualThread(scrape::get)
                .onSuccess(text ->
                        exchange.respond(
                                new Response(
                                        200,
                                        Headers.of("content-type", TYPE),
                                        Buffer.buffer(text))));
    }

    private static boolean isLoopback(String address) {
        return address.startsWith("127.")
                || address.equals("::1")
                || address.equals("0:0:0:0:0:0:0:1");
    }

    private boolean hasToken(Exchange exchange) {
        String given = exchange.headers().get("authorization");
        return token != null
                && given != null
                && given.startsWith(BEARER)
                && MessageDigest.isEqual(
                        token.getBytes(StandardCharsets.UTF_8),
                        given.substring(BEARER.length()).getBytes(StandardCharsets.UTF_8));
    }
}
