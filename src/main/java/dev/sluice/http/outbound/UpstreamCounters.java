package dev.sluice.http.outbound;

import java.util.concurrent.atomic.LongAdder;

/** What all pools have in use. */
public final class UpstreamCounters {
    private final LongAdder connections = new LongAdder();
    private final LongAdder calls = new LongAdder();

    public long openConnections() {
        return connections.sum();
    }

    public long openCalls() {
        return calls.sum();
    }

    void connectionOpened() {
        connections.increment();
    }

    void connectionClosed() {
        connections.decrement();
    }

    void callStarted() {
        calls.increment();
    }

    void callEnded() {
        calls.decrement();
    }
}
