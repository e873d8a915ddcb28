package dev.sluice.proxy.call;

import dev.sluice.http.BodyStream;
import org.jspecify.annotations.Nullable;

/** A request's body that goes on as it arrives, and is not held. */
public interface Upload {

    /**
     * {@return the body from its first byte; an earlier stream of it gives nothing more}
     *
     * @param model the model to name in place of the client's; null leaves what stands there
     */
    BodyStream open(@Nullable String model);

    /** {@return how many bytes that stream has, or -1 where that is not known} */
    long length(@Nullable String model);

    /** {@return how many bytes it is known to have, if not more} */
    long bytes();

    /** {@return whether all that has been read of it is still there} */
    boolean canBeSentAgain();
}
