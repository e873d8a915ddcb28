package dev.sluice.proxy.ledger;

import dev.sluice.catalog.limit.Limit;
import dev.sluice.catalog.price.Money;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The last minute, second by second. The second that is running and the sixty before it count, so
 * that no sixty seconds ever hold more than the limit; what is reserved counts as used until it is
 * known better.
 */
final class SlidingWindow extends Meter {
    private static final int SECONDS = 61;

    private final long[] bySecond = new long[SECONDS];
    private long second;
    private long sum;

    SlidingWindow(Limit limit, Moment now) {
        super(limit);
        this.second = now.steadySecond();
    }

    @Override
    void advanceTo(Moment now) {
        long target = now.steadySecond();
        if (target - second >= SECONDS) {
            Arrays.fill(bySecond, 0);
            sum = 0;
            second = target;
            return;
        }
        while (second < target) {
            second++;
            int slot = slot(second);
            sum -= bySecond[slot];
            bySecond[slot] = 0;
        }
    }

    @Override
    long used() {
        return sum;
    }

    /** What is reserved is counted as used. */
    @Override
    long reserved() {
        return 0;
    }

    @Override
    long reserve(long amount) {
        add(second, amount);
        return second;
    }

    @Override
    void settle(long mark, long reserved, long used) {
        if (second - mark < SECONDS) {
            add(mark, -reserved);
            add(mark, used);
        }
    }

    /** The request was sent all the same; of its tokens nothing is known. */
    @Override
    void abandon(long mark, long reserved) {
        switch (limit().measure()) {
            case REQUESTS -> {}
            case TOKENS, MONEY, CONCURRENCY -> settle(mark, reserved, 0);
        }
    }

    @Override
    @Nullable Long fitsInMillis(long amount, Moment now) {
        long free = left();
        long oldest = second - SECONDS + 1;
        for (long at = oldest; at <= second; at++) {
            if (amount <= free) {
                return at == oldest ? 0 : until(at - 1, now);
            }
            free += bySecond[slot(at)];
        }
        return until(second, now);
    }

    private static long until(long expiring, Moment now) {
        return Math.max(1, (expiring + SECONDS) * 1000 - now.steadyMillis());
    }

    private void add(long at, long amount) {
        int slot = slot(at);
        long before = bySecond[slot];
        // A sum that no provider could truly report stops at what can still be counted.
        long after =
                amount < 0
                        ? Math.max(0, before + amount)
                        : Math.min(Money.plus(before, amount), Limit.MOST);
        bySecond[slot] = after;
        sum += after - before;
    }

    private static int slot(long second) {
        return (int) Math.floorMod(second, (long) SECONDS);
    }
}
