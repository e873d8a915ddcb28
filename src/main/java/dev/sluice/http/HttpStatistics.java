package dev.sluice.http;

/**
 * What the engine has in hand at one moment; every figure is zero at rest but the connections.
 *
 * @param openConnections from clients
 * @param openExchanges requests whose answer has not ended
 * @param bufferedBodyBytes of request bodies held in memory
 * @param openUpstreamConnections to upstreams, busy or idle
 * @param openUpstreamCalls calls on their way
 * @param connectingUpstreamCalls those of them that wait for a connection
 * @param refusedConnections since the start, because of the connection cap
 * @param clientsLeft since the start, before their answer had ended
 */
public record HttpStatistics(
        long openConnections,
        long openExchanges,
        long bufferedBodyBytes,
        long openUpstreamConnections,
        long openUpstreamCalls,
        long connectingUpstreamCalls,
        long refusedConnections,
        long clientsLeft) {

    /** {@return the connections to upstreams that no call uses; with HTTP/2 some share theirs} */
    public long idleUpstreamConnections() {
        return Math.max(0, openUpstreamConnections - (openUpstreamCalls - connectingUpstreamCalls));
    }
}
