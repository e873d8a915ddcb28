package dev.sluice.http.client;

import io.vertx.core.Future;

/**
 * What gives a request its credential when it is sent, where that is more than a header which is
 * known beforehand: an access token that may have to be fetched first, or a signature of the
 * request. Asked from any thread; what it returns may complete on any.
 */
public interface Authorization {

    /** {@return the request with its credential} Fails with why there is none. */
    Future<OutboundRequest> authorized(OutboundRequest request);

    /**
     * The upstream answered a request with 401.
     *
     * @param refused the request as it was sent
     * @return the request with another credential; fails if there is none that is worth a try
     */
    Future<OutboundRequest> renewed(OutboundRequest refused);
}
