package dev.sluice.http;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * One HTTP request and its answer, engine-neutral. Belongs to one event loop: every method is
 * called there, and every future returned completes there.
 */
public interface Exchange {

    /**
     * {@return this request's id, our own UUIDv7; also sent as {@code x-request-id} and {@code
     * request-id}}
     */
    String id();

    Route route();

    /**
     * {@return the values of the route template's {@code {name}} segments, percent-decoded; {@code
     * **} under "**" as sent}
     */
    Map<String, String> pathParameters();

    String method();

    /** {@return the path as sent, without query} */
    String path();

    /** {@return the query as sent but for credentials ({@code key}), or null} */
    @Nullable String query();

    /** {@return the first value of a query parameter, decoded, or null} */
    @Nullable String queryParameter(String name);

    /**
     * {@return the value of the credential that stood in the query ({@code key}), which is nowhere
     * else}
     */
    @Nullable String queryCredential();

    Headers headers();

    /**
     * {@return the peer's address without port; a forwarded one only if a trusted proxy is
     * configured}
     */
    String clientAddress();

    /** {@return whether the client spoke TLS to us, or to a trusted proxy that says so} */
    boolean isSecure();

    /** {@return nanoseconds of the monotonic ticker at which the request's head had arrived} */
    long arrivedNanos();

    /**
     * {@return the whole request body} Fails with {@link HttpFailure}: 413 over the limit, 408 too
     * slow, 503 when all buffered bodies together would pass their limit.
     */
    Future<Buffer> body();

    /**
     * {@return the request body as a stream that must be read from; nothing of it is held} Bounded
     * in size (413) and time (408) like {@link #body()}.
     */
    BodyStream bodyStream();

    /**
     * Counts bytes that somebody holds of the body's stream against the limit that all buffered
     * bodies share, until they are given back.
     *
     * @throws HttpFailure 503 if they would pass it
     */
    void hold(int bytes);

    /**
     * Gives the buffered body's bytes back to the shared limit; called at the commit point.
     * Harmless when repeated.
     */
    void releaseBody();

    /**
     * {@return the decision's result, computed on a worker thread} For what takes longer than about
     * a millisecond.
     */
    <T> Future<T> onWorker(Callable<T> decision);

    /** {@return the result of a blocking task run on a virtual thread} */
    <T> Future<T> onVirtualThread(Callable<T> task);

    /** Runs the task on this exchange's loop, soon; may be called from any thread. */
    void run(Runnable task);

    /**
     * Runs the task on this exchange's loop after the delay; {@return a handle that cancels it}.
     */
    Timer after(long millis, Runnable task);

    /**
     * Calls back once if the client leaves before the answer has ended, at once if it already has.
     */
    void onClientGone(Runnable callback);

    boolean isClientGone();

    /** Answers whole. {@return completes when written, fails if the client left} */
    Future<Void> respond(Response response);

    /**
     * Ends this exchange for that reason: with the answer that the server's renderer makes of it,
     * or, when an answer has begun, by cutting it. Harmless when the answer has ended.
     */
    void fail(Throwable reason);

    /** Sends status and headers, and leaves the body to be streamed. */
    ResponseStream begin(int status, Headers headers);

    /** {@return whether status and headers have been sent} */
    boolean hasBegun();

    /** A pending timer. */
    interface Timer {
        void cancel();
    }
}
