package dev.sluice.simulator.delivery;

import dev.sluice.http.Headers;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A request that was seen, and what became of its answer. Safe for many threads.
 *
 * <p>The headers are as they came, credentials included: tests must be able to tell which one was
 * sent.
 */
public final class Sighting {
    private final long number;
    private final Instant at;
    private final Request request;

    private int status;
    private int events;
    private Outcome outcome = Outcome.OPEN;
    private @Nullable Instant endedAt;

    /** How an answer ended. */
    public enum Outcome {
        OPEN,
        /** All was written that was to be written. */
        ANSWERED,
        /** The client closed the connection, or reset the stream, before that. */
        CLIENT_LEFT,
        /** The simulator cut it, as asked. */
        CUT
    }

    /** What came in; the target is the path, and the query without credentials. */
    record Request(String method, String target, Headers headers, byte[] body) {}

    Sighting(long number, Instant at, Request request) {
        this.number = number;
        this.at = at;
        this.request = request;
    }

    synchronized void began(int beganStatus) {
        status = beganStatus;
    }

    synchronized void sent(int eventsSent) {
        events = eventsSent;
    }

    synchronized void ended(Outcome how, Instant when) {
        if (outcome == Outcome.OPEN) {
            outcome = how;
            endedAt = when;
        }
    }

    public long number() {
        return number;
    }

    public Instant at() {
        return at;
    }

    public String method() {
        return request.method();
    }

    /** {@return the path, and the query without credentials} */
    public String target() {
        return request.target();
    }

    public Headers headers() {
        return request.headers();
    }

    public byte[] body() {
        return request.body().clone();
    }

    public String bodyText() {
        return new String(request.body(), StandardCharsets.UTF_8);
    }

    /** {@return the status that was sent, 0 while none was} */
    public synchronized int status() {
        return status;
    }

    /** {@return how many events of a stream were sent; 1 for a whole body} */
    public synchronized int events() {
        return events;
    }

    public synchronized Outcome outcome() {
        return outcome;
    }

    public synchronized @Nullable Instant endedAt() {
        return endedAt;
    }
}
