package dev.sluice.proxy.admit;

import dev.sluice.chat.Usage;
import dev.sluice.proxy.GatewayException;
import dev.sluice.proxy.account.Opening.Reservation;
import dev.sluice.proxy.account.RequestSink;
import dev.sluice.proxy.route.Candidate;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/** Decides whether a call may start. A call that could not be recorded does not. */
public final class Admission {
    private final RequestSink sink;
    private final AtomicInteger running = new AtomicInteger();

    public Admission(RequestSink sink) {
        this.sink = sink;
    }

    /**
     * {@return what the call holds}
     *
     * @throws GatewayException 503 {@code journal_full} while there is no room for its record
     */
    public Lease admit() {
        if (!sink.acceptsCalls()) {
            throw GatewayException.overloaded(
                    "journal_full",
                    "The gateway cannot record further calls at the moment: its journal is full."
                            + " Try again later.");
        }
        running.incrementAndGet();
        return new Running();
    }

    /** {@return how many leases are out} Nothing is at rest. */
    public int running() {
        return running.get();
    }

    private final class Running implements Lease {
        private final AtomicBoolean settled = new AtomicBoolean();

        @Override
        public List<Reservation> reservations() {
            return List.of();
        }

        @Override
        public boolean takeShareFor(Candidate candidate) {
            return !settled.get();
        }

        @Override
        public void settle(Usage usage) {
            if (settled.compareAndSet(false, true)) {
                running.decrementAndGet();
            }
        }
    }
}
