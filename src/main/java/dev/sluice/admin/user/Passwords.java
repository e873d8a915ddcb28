package dev.sluice.admin.user;

import at.favre.lib.crypto.bcrypt.BCrypt;
import dev.sluice.admin.AdminException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Hashes and checks passwords with bcrypt, on a thread of its own: neither an event loop nor the
 * carriers of virtual threads compute for a fifth of a second. What does not fit into the queue is
 * refused, so that a flood of sign-ins costs one processor and no memory.
 */
public final class Passwords implements AutoCloseable {
    /** More bytes than these bcrypt does not see. */
    public static final int MAX_BYTES = 72;

    private static final int MAX_WAITING = 32;

    private final int cost;
    private final String hashOfNobody;
    private final ThreadPoolExecutor executor =
            new ThreadPoolExecutor(
                    1,
                    1,
                    0,
                    TimeUnit.SECONDS,
                    new ArrayBlockingQueue<>(MAX_WAITING),
                    Thread.ofPlatform().daemon().name("password-hash").factory());

    /**
     * @param cost the logarithm of the number of rounds; 12 takes about a fifth of a second
     */
    public Passwords(int cost) {
        this.cost = cost;
        // A salt and a hash of zeros, in bcrypt's alphabet: no password is known to have it.
        this.hashOfNobody = "$2b$%02d$".formatted(cost) + ".".repeat(53);
    }

    /**
     * {@return the hash}
     *
     * @param password at most {@value #MAX_BYTES} bytes of UTF-8
     */
    public String hash(String password) {
        return computed(() ->
                BCrypt.with(BCrypt.Version.VERSION_2B).hashToString(cost, password.toCharArray()));
    }

    /**
     * {@return whether that is the password}
     *
     * @param hash null for a user that does not exist: it takes as long
     */
    public boolean matches(String password, @Nullable String hash) {
        boolean fits = password.getBytes(StandardCharsets.UTF_8).length <= MAX_BYTES;
        char[] checked = fits ? password.toCharArray() : new char[] {'-'};
        String expected = hash == null || !fits ? hashOfNobody : hash;
        boolean verified =
                computed(() -> BCrypt.verifyer().verify(checked, expected.toCharArray()).verified);
        return verified && fits && hash != null;
    }

    private <T> T computed(Supplier<T> computation) {
        Future<T> result;
        try {
            result = executor.submit(computation::get);
        } catch (RejectedExecutionException _) {
            throw busy();
        }
        try {
            return result.get();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            throw busy();
        } catch (CancellationException _) {
            throw busy();
        } catch (ExecutionException failed) {
            throw new IllegalStateException("a password could not be hashed", failed.getCause());
        }
    }

    private static AdminException busy() {
        return new AdminException(
                503, "busy", "Too many passwords are being checked at the moment; try again later");
    }

    @Override
    public void close() {
        executor.shutdownNow();
    }
}
