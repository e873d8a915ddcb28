package dev.sluice.proxy.route.rank;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.util.concurrent.atomic.AtomicInteger;

/** Whose turn it is, by model, for strategies that go round. */
public final class Turns {
    private static final int MOST_MODELS = 10_000;

    private final Cache<String, AtomicInteger> turns =
            Caffeine.newBuilder().maximumSize(MOST_MODELS).executor(Runnable::run).build();

    /** {@return which of so many is next} */
    int next(String model, int places) {
        int turn = turns.get(model, _ -> new AtomicInteger()).getAndIncrement();
        return Math.floorMod(turn, places);
    }

    /** {@return the same without taking it} */
    int peek(String model, int places) {
        return Math.floorMod(turns.get(model, _ -> new AtomicInteger()).get(), places);
    }
}
