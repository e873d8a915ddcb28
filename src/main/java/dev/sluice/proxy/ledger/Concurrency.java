package dev.sluice.proxy.ledger;

import dev.sluice.catalog.limit.Limit;
import org.jspecify.annotations.Nullable;

/** Calls at the same time: what is reserved, and nothing else. */
final class Concurrency extends Meter {
    private long running;

    Concurrency(Limit limit) {
        super(limit);
    }

    @Override
    void advanceTo(Moment now) {
        // Time changes nothing here.
    }

    @Override
    long used() {
        return 0;
    }

    @Override
    long reserved() {
        return running;
    }

    @Override
    long reserve(long amount) {
        running += amount;
        return 0;
    }

    @Override
    void settle(long mark, long reserved, long used) {
        running -= reserved;
    }

    @Override
    void abandon(long mark, long reserved) {
        running -= reserved;
    }

    @Override
    @Nullable Long fitsInMillis(long amount, Moment now) {
        return null;
    }
}
