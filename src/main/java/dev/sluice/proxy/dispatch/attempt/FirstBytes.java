package dev.sluice.proxy.dispatch.attempt;

import dev.sluice.http.BodyStream;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;

/**
 * The first piece of a body that says anything, by which its kind is known; the rest stays paused.
 */
final class FirstBytes {
    /** Of more white space than that the rest is dropped: it says nothing, and may never end. */
    private static final int MOST_WHITE_SPACE = 64 * 1024;

    private final BodyStream body;
    private final Buffer first = Buffer.buffer();
    private final Promise<HeldBody.Held> outcome = Promise.promise();

    FirstBytes(BodyStream body) {
        this.body = body;
    }

    /**
     * {@return the first bytes up to one that is not white space; all of them if the body ends
     * before}
     */
    Future<HeldBody.Held> read() {
        body.onData(this::take)
                .onEnd(() -> outcome.tryComplete(new HeldBody.Held(first, true)))
                .onFailure(outcome::tryFail);
        body.resume();
        return outcome.future();
    }

    /** Ends the reading, so that another can go on with it. {@return what has been read} */
    Buffer takeOver() {
        body.pause();
        return first;
    }

    private void take(Buffer piece) {
        boolean blank = isBlank(piece);
        if (!blank || first.length() < MOST_WHITE_SPACE) {
            first.appendBuffer(piece);
        }
        if (!blank) {
            body.pause();
            outcome.tryComplete(new HeldBody.Held(first, false));
        }
    }

    private static boolean isBlank(Buffer piece) {
        for (int i = 0; i < piece.length(); i++) {
            if (!Character.isWhitespace(piece.getByte(i))) {
                return false;
            }
        }
        return true;
    }
}
