package dev.sluice.http;

import io.vertx.core.buffer.Buffer;
import java.util.function.Consumer;

/**
 * Bytes that arrive. Starts paused; callbacks come on the owner's event loop. Exactly one of {@code
 * onEnd} and {@code onFailure} is called, once.
 */
public interface BodyStream {
    BodyStream onData(Consumer<Buffer> consumer);

    BodyStream onEnd(Runnable callback);

    BodyStream onFailure(Consumer<Throwable> callback);

    void pause();

    void resume();
}
