package dev.sluice.admin.session;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.sluice.admin.AdminException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;

/**
 * Counts attempts to sign in over a quarter of an hour: by name and address, by address, and by
 * name. The last is the most generous, so that a stranger cannot lock a user out with a few wrong
 * passwords. An attempt counts before its password is checked, so that many at once count too.
 */
public final class SignInThrottle {
    private static final Duration WINDOW = Duration.ofMinutes(15);
    private static final int BY_BOTH = 10;
    private static final int BY_ADDRESS = 50;
    private static final int BY_NAME = 200;
    private static final int MOST = 50_000;

    private final Cache<String, AtomicInteger> attempts;

    public SignInThrottle(LongSupplier nanoTicker) {
        this.attempts =
                Caffeine.newBuilder()
                        .maximumSize(MOST)
                        .expireAfterWrite(WINDOW)
                        .ticker(nanoTicker::getAsLong)
                        .build();
    }

    private record Counted(String subject, int limit) {}

    /**
     * @throws AdminException 429 when there were too many
     */
    void attempt(String name, String address) {
        for (Counted counted : subjects(name, address)) {
            int now = attempts.get(counted.subject(), _ -> new AtomicInteger()).incrementAndGet();
            if (now > counted.limit()) {
                throw new AdminException(
                        429,
                        "too_many_attempts",
                        "Too many attempts to sign in: wait a quarter of an hour");
            }
        }
    }

    /** Forgives: it was the right password. */
    void succeeded(String name, String address) {
        undecided(name, address);
        attempts.invalidate(subjects(name, address).getFirst().subject());
    }

    /** Takes the attempt back: whether the password was right could not be found out. */
    void undecided(String name, String address) {
        for (Counted counted : subjects(name, address)) {
            AtomicInteger count = attempts.getIfPresent(counted.subject());
            if (count != null) {
                count.updateAndGet(before -> Math.max(0, before - 1));
            }
        }
    }

    private static List<Counted> subjects(String name, String address) {
        String user = name.toLowerCase(Locale.ROOT);
        return List.of(
                new Counted("both " + user + " " + address, BY_BOTH),
                new Counted("address " + address, BY_ADDRESS),
                new Counted("name " + user, BY_NAME));
    }
}
