package dev.sluice.http.client;

import io.vertx.core.Future;

/**
 * A call on its way. {@link #cancel} works at any time: before connecting, while waiting, and amid
 * the body.
 */
public interface OutboundCall {

    /** {@return the answer's head} Fails with {@link OutboundFailure}. */
    Future<OutboundAnswer> answer();

    void cancel();
}
