package dev.sluice.proxy.dispatch.attempt;

import dev.sluice.dialect.eventstream.BedrockEvents;
import dev.sluice.dialect.eventstream.EventStreamReader.Malformed;
import dev.sluice.http.BodyStream;
import dev.sluice.http.Headers;
import dev.sluice.http.client.OutboundAnswer;
import dev.sluice.http.client.OutboundFailure;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.Locale;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * An answer in AWS's framing, given on as server-sent events, which are no longer than what they
 * came in. Belongs to the exchange's event loop.
 */
final class DecodedAnswer implements OutboundAnswer, BodyStream {
    private final OutboundAnswer framed;
    private final BedrockEvents events = new BedrockEvents();
    private @Nullable Runnable onEnd;
    private @Nullable Consumer<Throwable> onFailure;
    private boolean isBroken;

    private DecodedAnswer(OutboundAnswer framed) {
        this.framed = framed;
    }

    /** {@return the same answer; if it is such a stream, decoded, instead of it} */
    static OutboundAnswer of(OutboundAnswer answer) {
        String type = answer.headers().get("content-type");
        boolean isFramed =
                type != null && type.toLowerCase(Locale.ROOT).startsWith(BedrockEvents.TYPE);
        return isFramed ? new DecodedAnswer(answer) : answer;
    }

    @Override
    public int status() {
        return framed.status();
    }

    @Override
    public Headers headers() {
        return framed.headers().with("content-type", "text/event-stream; charset=utf-8");
    }

    @Override
    public BodyStream body() {
        return this;
    }

    /** As it came: of an error, which is not framed. */
    @Override
    public Future<Buffer> bodyUpTo(int bytes) {
        return framed.bodyUpTo(bytes);
    }

    @Override
    public OutboundAnswer unpacked() {
        return this;
    }

    @Override
    public void cancel() {
        framed.cancel();
    }

    @Override
    public BodyStream onData(Consumer<Buffer> consumer) {
        framed.body().onData(bytes -> decode(bytes, consumer));
        return this;
    }

    @Override
    public BodyStream onEnd(Runnable callback) {
        onEnd = callback;
        framed.body().onEnd(this::ended);
        return this;
    }

    @Override
    public BodyStream onFailure(Consumer<Throwable> callback) {
        onFailure = callback;
        framed.body().onFailure(this::failed);
        return this;
    }

    @Override
    public void pause() {
        framed.body().pause();
    }

    @Override
    public void resume() {
        framed.body().resume();
    }

    private void decode(Buffer bytes, Consumer<Buffer> consumer) {
        if (isBroken) {
            return;
        }
        try {
            byte[] decoded = events.feed(bytes.getBytes());
            if (decoded.length > 0) {
                consumer.accept(Buffer.buffer(decoded));
            }
        } catch (Malformed malformed) {
            failed(
                    new OutboundFailure(
                            OutboundFailure.Kind.PROTOCOL,
                            "The answer's event stream is broken: " + malformed.getMessage()));
            framed.cancel();
        }
    }

    private void ended() {
        if (!isBroken && !events.mayEnd()) {
            failed(
                    new OutboundFailure(
                            OutboundFailure.Kind.BROKEN, "The answer ended amid a message"));
        } else if (!isBroken && onEnd != null) {
            onEnd.run();
        }
    }

    private void failed(Throwable reason) {
        if (!isBroken && onFailure != null) {
            isBroken = true;
            onFailure.accept(reason);
        }
    }
}
