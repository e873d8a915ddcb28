package dev.sluice;

import java.security.SecureRandom;
import java.time.Clock;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;

/**
 * Ids of our own, UUID version 7 (RFC 9562 §5.7): milliseconds, then 74 random bits. They sort by
 * time and are never a client's or a provider's. Safe for many threads.
 */
final class TimeOrderedIds implements Supplier<UUID> {
    private static final long VERSION = 0x7000L;
    private static final long VARIANT = 0x8000_0000_0000_0000L;

    private final Clock clock;
    private final long salt = new SecureRandom().nextLong();

    TimeOrderedIds(Clock clock) {
        this.clock = clock;
    }

    @Override
    public UUID get() {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        long most = clock.millis() << 16 | VERSION | (random.nextLong() & 0x0FFF);
        long least = VARIANT | ((random.nextLong() ^ salt) & 0x3FFF_FFFF_FFFF_FFFFL);
        return new UUID(most, least);
    }
}
