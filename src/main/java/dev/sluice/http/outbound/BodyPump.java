package dev.sluice.http.outbound;

import dev.sluice.http.BodyStream;
import dev.sluice.http.client.OutboundFailure;
import dev.sluice.http.client.OutboundFailure.Kind;
import dev.sluice.http.client.OutboundRequest;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientRequest;

/** Streams a request's body upstream, no faster than the upstream reads. */
final class BodyPump {
    private final UpstreamCall call;
    private final OutboundRequest request;
    private final HttpClientRequest upstream;
    private long sent;

    BodyPump(UpstreamCall call, OutboundRequest request, HttpClientRequest upstream) {
        this.call = call;
        this.request = request;
        this.upstream = upstream;
    }

    void start(BodyStream source) {
        if (request.bodyLength() >= 0) {
            upstream.putHeader("content-length", Long.toString(request.bodyLength()));
        } else {
            upstream.setChunked(true);
        }
        source.onData(piece -> write(source, piece))
                .onEnd(this::finish)
                .onFailure(call::fail)
                .resume();
    }

    private void write(BodyStream source, Buffer piece) {
        if (call.hasEnded() || piece.length() == 0) {
            return;
        }
        sent += piece.length();
        if (request.bodyLength() >= 0 && sent > request.bodyLength()) {
            call.fail(new OutboundFailure(Kind.BROKEN, "The body is longer than announced"));
            return;
        }
        upstream.write(piece).onFailure(cause -> call.fail(Failures.whileAnswering(cause)));
        if (upstream.writeQueueFull()) {
            source.pause();
            upstream.drainHandler(_ -> source.resume());
        }
    }

    private void finish() {
        if (call.hasEnded()) {
            return;
        }
        if (request.bodyLength() >= 0 && sent != request.bodyLength()) {
            call.fail(new OutboundFailure(Kind.BROKEN, "The body is shorter than announced"));
            return;
        }
        upstream.end().onFailure(cause -> call.fail(Failures.whileAnswering(cause)));
        call.requestWritten();
    }
}
