package dev.sluice.http.outbound;

import java.util.concurrent.atomic.LongAdder;

/** What all pools have in use. */
public final class UpstreamCounters {
    private final LongAdder connections = new LongAdder();
    private final LongAdder calls = new LongAdder();
    private final LongAdder connecting = new LongAdder();

    public long openConnections() {
        return connections.sum();
    }

    public long openCalls() {
        return calls.sum();
    }

    /** {@return the calls that wait for a connection, a new one or one that is given back} */
    public long connectingCalls() {
        return connecting.sum();
    }

    void connectionWanted() {
        connecting.increment();
    }

    /** A call has its connection, or wants none any more. */
    void connectionSettled() {
        connecting.decrement();
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
