package dev.sluice.admin.apikey;

import at.favre.lib.crypto.bcrypt.BCrypt;
import dev.sluice.store.Database;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Adds bcrypt hashes to new keys, one at a time, after they were answered. Nothing of ours reads
 * them: they are there for whoever takes the table elsewhere, so that a hash that cannot be written
 * is no failure.
 */
public final class HashWriter implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(HashWriter.class);
    private static final int MAX_WAITING = 1_000;

    /** More bytes than these bcrypt does not see. */
    private static final int MAX_BYTES = 72;

    private final Database database;
    private final int cost;
    private final ThreadPoolExecutor executor;

    /**
     * @param cost the logarithm of the number of rounds; 12 takes about a fifth of a second
     */
    public HashWriter(Database database, int cost) {
        this.database = database;
        this.cost = cost;
        this.executor =
                new ThreadPoolExecutor(
                        1,
                        1,
                        0,
                        TimeUnit.SECONDS,
                        new ArrayBlockingQueue<>(MAX_WAITING),
                        Thread.ofPlatform().daemon().name("key-hash").factory());
    }

    /**
     * @param digest of that key, in hex
     */
    void add(UUID id, String digest, String key) {
        if (key.getBytes(StandardCharsets.UTF_8).length > MAX_BYTES) {
            return;
        }
        try {
            executor.execute(() -> write(id, digest, key));
        } catch (RejectedExecutionException _) {
            if (!executor.isShutdown()) {
                LOG.warn("no bcrypt hash is written for key {}: too many are waiting", id);
            }
        }
    }

    private void write(UUID id, String digest, String key) {
        try {
            String hash =
                    BCrypt.with(BCrypt.Version.VERSION_2B).hashToString(cost, key.toCharArray());
            database.update(handle -> handle.attach(ApiKeyStore.class).setHash(id, digest, hash));
        } catch (RuntimeException failure) {
            LOG.warn("the bcrypt hash of key {} was not written: {}", id, failure.getMessage());
        }
    }

    /** Drops what is still waiting, and lets the one that is being made be written. */
    @Override
    public void close() {
        executor.getQueue().clear();
        executor.shutdown();
        try {
            if (!executor.awaitTermination(5, TimeUnit.SECONDS)) {
                LOG.warn("a bcrypt hash is not written: the database holds it up");
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
