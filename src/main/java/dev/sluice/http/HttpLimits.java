package dev.sluice.http;

import java.time.Duration;

/**
 * Every bound of the HTTP engine. Sizes are bytes.
 *
 * @param maxInitialLineBytes of a request line, else 414
 * @param maxHeaderBytes of all header fields together, else 431
 * @param maxBodyBytes of a request body, else 413
 * @param maxBufferedBodyBytes of all request bodies that are held in memory together, else 503
 * @param maxConnections from clients; one more is closed at once
 * @param maxHttp2Streams open at once on one HTTP/2 connection
 * @param maxHttp2ResetsPerSecond that a client may send on one HTTP/2 connection before it is taken
 *     for an attack (CVE-2023-44487) and cut. A client that cancels 1,000 calls at once is none.
 * @param headerTimeout from a connection's start, or from a request's first byte on a connection
 *     that is kept alive, until the request's head is whole; then the connection is closed
 * @param bodyTimeout from the request's head until its body is whole, else 408
 * @param keepAliveTimeout how long a connection without a request stays open
 * @param stalledReaderTimeout how long a client may take nothing at all of an answer that waits for
 *     it, before it counts as gone
 * @param maxUpstreamConnections to one upstream address, for each event loop
 * @param maxUpstreamWaiting calls that wait for such a connection, for each event loop
 * @param maxUpstreamHeaderBytes of all header fields of an upstream's answer together
 * @param upstreamKeepAliveTimeout how long an upstream connection without a call stays open
 * @param addressCacheTime how long a resolved name is used without asking again
 */
public record HttpLimits(
        int maxInitialLineBytes,
        int maxHeaderBytes,
        long maxBodyBytes,
        long maxBufferedBodyBytes,
        int maxConnections,
        int maxHttp2Streams,
        int maxHttp2ResetsPerSecond,
        Duration headerTimeout,
        Duration bodyTimeout,
        Duration keepAliveTimeout,
        Duration stalledReaderTimeout,
        int maxUpstreamConnections,
        int maxUpstreamWaiting,
        int maxUpstreamHeaderBytes,
        Duration upstreamKeepAliveTimeout,
        Duration addressCacheTime) {

    private static final long MEBIBYTE = 1024L * 1024;

    public HttpLimits {
        requirePositive("maxInitialLineBytes", maxInitialLineBytes);
        requirePositive("maxHeaderBytes", maxHeaderBytes);
        requirePositive("maxBodyBytes", maxBodyBytes);
        requirePositive("maxBufferedBodyBytes", maxBufferedBodyBytes);
        requirePositive("maxConnections", maxConnections);
        requirePositive("maxHttp2Streams", maxHttp2Streams);
        requirePositive("maxHttp2ResetsPerSecond", maxHttp2ResetsPerSecond);
        requirePositive("headerTimeout", headerTimeout.toMillis());
        requirePositive("bodyTimeout", bodyTimeout.toMillis());
        requirePositive("keepAliveTimeout", keepAliveTimeout.toMillis());
        requirePositive("stalledReaderTimeout", stalledReaderTimeout.toMillis());
        requirePositive("maxUpstreamConnections", maxUpstreamConnections);
        requirePositive("maxUpstreamWaiting", maxUpstreamWaiting);
        requirePositive("maxUpstreamHeaderBytes", maxUpstreamHeaderBytes);
        requirePositive("upstreamKeepAliveTimeout", upstreamKeepAliveTimeout.toMillis());
        requirePositive("addressCacheTime", addressCacheTime.toMillis());
        if (maxBodyBytes > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("maxBodyBytes must be below 2 GiB");
        }
    }

    /** {@return the limits that hold unless an operator sets others} */
    public static HttpLimits standard() {
        return new HttpLimits(
                16 * 1024,
                64 * 1024,
                32 * MEBIBYTE,
                Math.max(64 * MEBIBYTE, Runtime.getRuntime().maxMemory() / 4),
                20_000,
                1_000,
                2_000,
                Duration.ofSeconds(20),
                Duration.ofSeconds(120),
                Duration.ofSeconds(75),
                Duration.ofMinutes(5),
                8_192,
                1_024,
                64 * 1024,
                Duration.ofSeconds(30),
                Duration.ofSeconds(10));
    }

    private static void requirePositive(String name, long value) {
        if (value <= 0) {
            throw new IllegalArgumentException(name + " must be positive, but is " + value);
        }
    }
}
