package dev.sluice.proxy.dispatch.attempt;

import dev.sluice.http.client.OutboundAnswer;
import dev.sluice.http.client.OutboundCall;
import dev.sluice.proxy.translate.EventTap;
import io.vertx.core.buffer.Buffer;
import org.jspecify.annotations.Nullable;

/**
 * An upstream's stream of events, from its first byte to its end. Until a receiver is attached it
 * holds what may go to the client; then it hands everything on. Belongs to the exchange's event
 * loop.
 */
public final class EventSource {
    /** What an upstream may send after its protocol's last event, before it is cut off. */
    private static final int MOST_AFTER_THE_END = 64 * 1024;

    private final OutboundCall call;
    private final OutboundAnswer answer;
    private final EventTap tap;
    private final Buffer held = Buffer.buffer();
    private @Nullable Receiver receiver;
    private Runnable onProgress = () -> {};
    private @Nullable Throwable failure;
    private boolean ended;
    private boolean told;
    private int afterTheEnd;

    /**
     * Takes what the source gives. Exactly one of {@code ended} and {@code broke} is called, once,
     * and nothing after it.
     */
    public interface Receiver {
        void ready(Buffer bytes);

        /** The upstream ended its answer, or has said its protocol's last event. */
        void ended();

        void broke(Throwable failure);
    }

    EventSource(OutboundCall call, OutboundAnswer answer, EventTap tap) {
        this.call = call;
        this.answer = answer;
        this.tap = tap;
    }

    /**
     * Begins to read; calls back after each piece, at the end and on failure, until a receiver is
     * attached.
     */
    void start(Buffer first, Runnable progress) {
        this.onProgress = progress;
        answer.body().onData(this::read).onEnd(this::finish).onFailure(this::fail);
        if (first.length() > 0) {
            read(first);
        }
        answer.body().resume();
    }

    public EventTap tap() {
        return tap;
    }

    /** {@return how many bytes wait for a receiver} */
    int heldBytes() {
        return held.length();
    }

    boolean hasEnded() {
        return ended;
    }

    @Nullable Throwable failure() {
        return failure;
    }

    /** Hands on what was held, and everything from now on. */
    public void attach(Receiver to) {
        this.receiver = to;
        this.onProgress = () -> {};
        if (held.length() > 0) {
            to.ready(held);
        }
        finishIfOver(to);
    }

    public void pause() {
        answer.body().pause();
    }

    public void resume() {
        answer.body().resume();
    }

    /** Stops the upstream. */
    public void cancel() {
        receiver = null;
        onProgress = () -> {};
        call.cancel();
    }

    private void read(Buffer bytes) {
        if (told || tap.isOver()) {
            drop(bytes);
            return;
        }
        tap.feed(bytes);
        handOn();
        changed();
    }

    /** Nothing that follows the last event is for anybody; but the end frees the connection. */
    private void drop(Buffer bytes) {
        afterTheEnd += bytes.length();
        if (afterTheEnd > MOST_AFTER_THE_END) {
            call.cancel();
        }
    }

    private void finish() {
        tap.end();
        handOn();
        ended = true;
        changed();
    }

    private void fail(Throwable broken) {
        failure = broken;
        changed();
    }

    private void handOn() {
        Buffer ready = tap.takeReady();
        Receiver to = receiver;
        if (to == null) {
            held.appendBuffer(ready);
        } else if (ready.length() > 0) {
            to.ready(ready);
        }
    }

    private void changed() {
        Receiver to = receiver;
        if (to == null) {
            onProgress.run();
        } else {
            finishIfOver(to);
        }
    }

    private void finishIfOver(Receiver to) {
        if (failure != null && !tap.isOver()) {
            receiver = null;
            told = true;
            to.broke(failure);
        } else if (ended || tap.isOver()) {
            receiver = null;
            told = true;
            to.ended();
        }
    }
}
