package dev.sluice.proxy.dispatch.attempt;

import dev.sluice.http.client.OutboundAnswer;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;

/**
 * An answer's body, held up to a limit; past it what has been read is handed on and the rest left
 * paused.
 */
final class HeldBody {
    private final OutboundAnswer answer;
    private final Buffer bytes;
    private final int limit;
    private final Promise<Held> outcome = Promise.promise();

    /** What was read, and whether that is all. */
    record Held(Buffer bytes, boolean isWhole) {}

    HeldBody(OutboundAnswer answer, Buffer first, int limit) {
        this.answer = answer;
        this.bytes = Buffer.buffer().appendBuffer(first);
        this.limit = limit;
    }

    Future<Held> read() {
        answer.body()
                .onData(this::take)
                .onEnd(() -> outcome.tryComplete(new Held(bytes, true)))
                .onFailure(outcome::tryFail);
        answer.body().resume();
        return outcome.future();
    }

    private void take(Buffer piece) {
        bytes.appendBuffer(piece);
        if (bytes.length() > limit) {
            answer.body().pause();
            outcome.tryComplete(new Held(bytes, false));
        }
    }
}
