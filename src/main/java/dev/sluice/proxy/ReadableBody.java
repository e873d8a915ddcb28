package dev.sluice.proxy;

import dev.sluice.chat.ErrorKind;
import dev.sluice.http.Exchange;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;

/**
 * A request's body where the gateway must read it. Compressed ones are refused: unpacking costs a
 * thousand times what packing costs a client, and what is not read cannot be checked.
 */
public final class ReadableBody {
    private ReadableBody() {}

    /** {@return the whole body} Fails with 415 where it is compressed. */
    public static Future<Buffer> of(Exchange exchange) {
        try {
            require(exchange);
        } catch (GatewayException compressed) {
            return Future.failedFuture(compressed);
        }
        return exchange.body();
    }

    /**
     * @throws GatewayException 415 if the body is compressed
     */
    public static void require(Exchange exchange) {
        String encoding = exchange.headers().get("content-encoding");
        if (encoding == null || encoding.strip().equalsIgnoreCase("identity")) {
            return;
        }
        throw GatewayException.client(
                ErrorKind.UNSUPPORTED_ENCODING,
                "unsupported_encoding",
                "Compressed request bodies are not read here. Send the body as it is, without a"
                        + " Content-Encoding header.");
    }
}
