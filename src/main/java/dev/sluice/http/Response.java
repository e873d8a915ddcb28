package dev.sluice.http;

import io.vertx.core.buffer.Buffer;

/** A whole answer: status, headers without framing fields, and the body. */
public record Response(int status, Headers headers, Buffer body) {

    public static Response json(int status, String json) {
        return new Response(
                status, Headers.of("content-type", "application/json"), Buffer.buffer(json));
    }

    public static Response empty(int status) {
        return new Response(status, Headers.EMPTY, Buffer.buffer());
    }

    public Response with(String name, String value) {
        return new Response(status, headers.with(name, value), body);
    }
}
