package dev.sluice.proxy.call;

import io.vertx.core.buffer.Buffer;

/** Listens to what a client is answered. Must not keep the bytes it is shown. */
public interface Overhearing {
    void passed(Buffer bytes);

    /** The call is closed. */
    void over();
}
