package dev.sluice.proxy.endpoint;

import dev.sluice.http.BodyStream;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One reading of a form: what was held of it, and then what still arrives. */
final class FormStream implements BodyStream {
    private final FormBody form;
    private final @Nullable Throwable spent;
    private final Deque<Buffer> pending;
    private Consumer<Buffer> onData = _ -> {};
    private Runnable onEnd = () -> {};
    private Consumer<Throwable> onFailure = _ -> {};
    private boolean flowing;
    private boolean told;

    /**
     * @param held what comes first
     * @param spent why nothing comes at all, or null
     */
    FormStream(FormBody form, List<Buffer> held, @Nullable Throwable spent) {
        this.form = form;
        this.spent = spent;
        this.pending = new ArrayDeque<>(held);
    }

    @Override
    public BodyStream onData(Consumer<Buffer> consumer) {
        onData = consumer;
        return this;
    }

    @Override
    public BodyStream onEnd(Runnable callback) {
        onEnd = callback;
        return this;
    }

    @Override
    public BodyStream onFailure(Consumer<Throwable> callback) {
        onFailure = callback;
        return this;
    }

    @Override
    public void pause() {
        flowing = false;
        if (form.isRead(this)) {
            form.pause();
        }
    }

    @Override
    public void resume() {
        flowing = true;
        drain();
    }

    /** Takes what has arrived. */
    void data(Buffer piece) {
        pending.add(piece);
        drain();
    }

    /** The form has ended, or cannot go on. */
    void changed() {
        drain();
    }

    private void drain() {
        if (!form.isRead(this) || told) {
            return;
        }
        Throwable failure = spent == null ? form.failure() : spent;
        if (failure != null) {
            told = true;
            onFailure.accept(failure);
            return;
        }
        while (flowing && !pending.isEmpty()) {
            onData.accept(pending.remove());
        }
        if (!flowing || !pending.isEmpty()) {
            return;
        }
        if (form.hasEnded()) {
            told = true;
            onEnd.run();
        } else {
            form.flow();
        }
    }
}
