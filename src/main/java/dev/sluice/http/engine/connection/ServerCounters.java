package dev.sluice.http.engine.connection;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/** What the server's side has in hand, over all event loops. */
public final class ServerCounters {
    private final AtomicLong connections = new AtomicLong();
    private final AtomicLong bufferedBytes = new AtomicLong();
    private final LongAdder exchanges = new LongAdder();
    private final LongAdder refused = new LongAdder();
    private final LongAdder clientsLeft = new LongAdder();

    public long openConnections() {
        return connections.get();
    }

    public long openExchanges() {
        return exchanges.sum();
    }

    public long bufferedBytes() {
        return bufferedBytes.get();
    }

    public long refusedConnections() {
        return refused.sum();
    }

    public long clientsLeft() {
        return clientsLeft.sum();
    }

    public void clientLeft() {
        clientsLeft.increment();
    }

    /** {@return whether one more connection fits; then it counts} */
    boolean connectionOpened(int limit) {
        if (connections.incrementAndGet() <= limit) {
            return true;
        }
        connections.decrementAndGet();
        refused.increment();
        return false;
    }

    void connectionClosed() {
        connections.decrementAndGet();
    }

    /** {@return whether so many more bytes fit; then they count} */
    public boolean reserve(long bytes, long limit) {
        if (bufferedBytes.addAndGet(bytes) <= limit) {
            return true;
        }
        bufferedBytes.addAndGet(-bytes);
        return false;
    }

    public void release(long bytes) {
        bufferedBytes.addAndGet(-bytes);
    }

    public void exchangeOpened() {
        exchanges.increment();
    }

    public void exchangeClosed() {
        exchanges.decrement();
    }
}
