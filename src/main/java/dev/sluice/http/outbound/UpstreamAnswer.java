package dev.sluice.http.outbound;

import dev.sluice.http.BodyStream;
import dev.sluice.http.HeaderRules;
import dev.sluice.http.Headers;
import dev.sluice.http.client.OutboundAnswer;
import dev.sluice.http.client.OutboundFailure;
import dev.sluice.http.client.OutboundFailure.Kind;
import dev.sluice.http.outbound.unpack.UnpackedBody;
import dev.sluice.http.outbound.unpack.Unpacking;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;
import java.util.ArrayList;
import java.util.List;

/** The head of an upstream's answer. */
final class UpstreamAnswer implements OutboundAnswer {
    private final int status;
    private final Headers headers;
    private final BodyStream body;
    private final UpstreamCall call;

    UpstreamAnswer(HttpClientResponse response, UpstreamBody body, UpstreamCall call) {
        this.status = response.statusCode();
        List<Headers.Header> fields = new ArrayList<>(response.headers().size());
        response.headers()
                .forEach(field -> fields.add(new Headers.Header(field.getKey(), field.getValue())));
        this.headers = HeaderRules.endToEnd(Headers.of(fields));
        this.body = body;
        this.call = call;
    }

    private UpstreamAnswer(UpstreamAnswer packed, BodyStream body) {
        this.status = packed.status;
        this.headers = packed.headers.without("content-encoding").without("content-length");
        this.body = body;
        this.call = packed.call;
    }

    @Override
    public int status() {
        return status;
    }

    @Override
    public Headers headers() {
        return headers;
    }

    @Override
    public BodyStream body() {
        return body;
    }

    @Override
    public OutboundAnswer unpacked() {
        String encoding = headers.get("content-encoding");
        if (encoding == null || encoding.strip().equalsIgnoreCase("identity")) {
            return this;
        }
        Unpacking unpacking = Unpacking.of(encoding);
        if (unpacking == null) {
            call.fail(
                    new OutboundFailure(
                            Kind.PROTOCOL,
                            "The upstream packed its answer, which it was asked not to, and not in"
                                    + " gzip or deflate"));
            return this;
        }
        return new UpstreamAnswer(this, new UnpackedBody(body, unpacking, call::fail));
    }

    @Override
    public Future<Buffer> bodyUpTo(int bytes) {
        Promise<Buffer> promise = Promise.promise();
        Buffer collected = Buffer.buffer();
        body.onData(
                        piece -> {
                            int room = bytes - collected.length();
                            if (piece.length() <= room) {
                                collected.appendBuffer(piece);
                                return;
                            }
                            collected.appendBuffer(piece, 0, room);
                            body.pause();
                            promise.tryComplete(collected);
                            call.fail(new OutboundFailure(Kind.CANCELLED, "The rest was cut"));
                        })
                .onEnd(() -> promise.tryComplete(collected))
                .onFailure(promise::tryFail)
                .resume();
        return promise.future();
    }

    @Override
    public void cancel() {
        call.cancel();
    }
}
