package dev.sluice.http.engine;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/** What the server's side has in hand, over all event loops. */
final class ServerCounters {
    private final AtomicLong connections = new AtomicLong();
    private final AtomicLong bufferedBytes = new AtomicLong();
    private final LongAdder exchanges = new LongAdder();
    private final LongAdder refused = new LongAdder();
    private final LongAdder clientsLeft = new LongAdder();

    long openConnections() {
        return connections.get();
    }

    long openExchanges() {
        return exchanges.sum();
    }

    long bufferedBytes() {
        return bufferedBytes.get();
    }

    long refusedConnections() {
        return refused.sum();
    }

    long clientsLeft() {
        return clientsLeft.sum();
    }

    void clientLeft() {
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
    boolean reserve(long bytes, long limit) {
        if (bufferedBytes.addAndGet(bytes) <= limit) {
            return true;
        }
        bufferedBytes.addAndGet(-bytes);
        return false;
    }

    void release(long bytes) {
        bufferedBytes.addAndGet(-bytes);
    }

    void exchangeOpened() {
        exchanges.increment();
    }

    void exchangeClosed() {
        exchanges.decrement();
    }
}
