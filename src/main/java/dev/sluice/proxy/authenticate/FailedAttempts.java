package dev.sluice.proxy.authenticate;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;

/**
 * Counts wrong credentials by client address over a minute. Past the limit an address is told to
 * wait, and keys that an operator chose (which may be guessable) are not looked up for it;
 * generated keys never are affected.
 */
public final class FailedAttempts {
    private static final Duration WINDOW = Duration.ofMinutes(1);
    private static final int LIMIT = 60;
    private static final int MOST_ADDRESSES = 10_000;

    private final Cache<String, AtomicInteger> byAddress;

    public FailedAttempts(LongSupplier nanoTicker) {
        Ticker ticker = nanoTicker::getAsLong;
        this.byAddress =
                Caffeine.newBuilder()
                        .maximumSize(MOST_ADDRESSES)
                        .expireAfterWrite(WINDOW)
                        .ticker(ticker)
                        .build();
    }

    void failed(String address) {
        byAddress.get(address, unseen -> new AtomicInteger()).incrementAndGet();
    }

    boolean tooMany(String address) {
        AtomicInteger failures = byAddress.getIfPresent(address);
        return failures != null && failures.get() >= LIMIT;
    }
}
