package dev.sluice.http.handler;

import dev.sluice.http.Exchange;
import dev.sluice.http.Headers;
import io.vertx.core.buffer.Buffer;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A request whose body has arrived, for code that may block. Its exchange must not be answered. */
public record BufferedRequest(Exchange exchange, Buffer body) {

    public String method() {
        return exchange.method();
    }

    public String path() {
        return exchange.path();
    }

    public Headers headers() {
        return exchange.headers();
    }

    public Map<String, String> pathParameters() {
        return exchange.pathParameters();
    }

    /** {@return the value of that {@code {name}} segment} */
    public String pathParameter(String name) {
        String value = exchange.pathParameters().get(name);
        if (value == null) {
            throw new IllegalArgumentException("No path parameter is called " + name);
        }
        return value;
    }

    public @Nullable String queryParameter(String name) {
        return exchange.queryParameter(name);
    }
}
