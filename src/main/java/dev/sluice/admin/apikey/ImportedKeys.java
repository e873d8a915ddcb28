package dev.sluice.admin.apikey;

import at.favre.lib.crypto.bcrypt.BCrypt;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.sluice.admin.CatalogChanges;
import dev.sluice.catalog.Catalogs;
import dev.sluice.catalog.Change;
import dev.sluice.catalog.DigestKey;
import dev.sluice.catalog.KeyDigest;
import dev.sluice.chat.ChatError;
import dev.sluice.chat.ErrorKind;
import dev.sluice.proxy.GatewayException;
import dev.sluice.proxy.account.Fault;
import dev.sluice.proxy.authenticate.UnseenKeys;
import dev.sluice.store.Database;
import dev.sluice.store.DatabaseUnavailable;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keys that were imported with their bcrypt hash alone. A value whose first characters are those of
 * such a key is compared with its hash, once; the first success stores the digest, and the hash is
 * never asked again. A flood of guesses costs one thread and no memory: one value is compared at a
 * time, few wait, wrong ones are remembered, and an address has few tries.
 */
public final class ImportedKeys implements UnseenKeys, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ImportedKeys.class);
    private static final int MAX_WAITING = 16;
    private static final int MAX_OF_ONE_PREFIX = 8;
    private static final int TRIES_OF_AN_ADDRESS = 10;
    private static final Duration WINDOW = Duration.ofMinutes(1);
    private static final long RETRY_MILLIS = 2_000;

    /** More bytes than these bcrypt does not see. */
    private static final int MAX_BYTES = 72;

    private final Database database;
    private final CatalogChanges changes;
    private final Catalogs catalogs;
    private final DigestKey digestKey;
    private final Cache<KeyDigest, Boolean> wrong;
    private final Cache<String, AtomicInteger> tries;
    private final Map<KeyDigest, CompletableFuture<Boolean>> running = new ConcurrentHashMap<>();
    private final ThreadPoolExecutor executor =
            new ThreadPoolExecutor(
                    1,
                    1,
                    0,
                    TimeUnit.SECONDS,
                    new ArrayBlockingQueue<>(MAX_WAITING),
                    Thread.ofPlatform().daemon().name("imported-keys").factory());

    private final Thread thread =
            Thread.ofVirtual().name("imported-keys-load").unstarted(this::loadPatiently);
    private volatile Index index = new Index(Map.of(), Set.of());

    public ImportedKeys(
            Database database,
            CatalogChanges changes,
            Catalogs catalogs,
            DigestKey digestKey,
            LongSupplier nanoTicker) {
        this.database = database;
        this.changes = changes;
        this.catalogs = catalogs;
        this.digestKey = digestKey;
        this.wrong =
                Caffeine.newBuilder()
                        .maximumSize(10_000)
                        .expireAfterWrite(Duration.ofMinutes(10))
                        .ticker(nanoTicker::getAsLong)
                        .build();
        this.tries =
                Caffeine.newBuilder()
                        .maximumSize(10_000)
                        .expireAfterWrite(WINDOW)
                        .ticker(nanoTicker::getAsLong)
                        .build();
    }

    /**
     * A key that waits to be seen.
     *
     * <p>Public, because JDBI makes only what it can see.
     */
    public record Imported(UUID id, String prefix, String bcryptHash) {}

    /** What waits, by its first characters, of which there may be more or fewer. */
    private record Index(Map<String, List<Imported>> byPrefix, Set<Integer> lengths) {
        static Index of(List<Imported> keys) {
            Map<String, List<Imported>> byPrefix =
                    keys.stream().collect(Collectors.groupingBy(Imported::prefix));
            return new Index(
                    Map.copyOf(byPrefix),
                    byPrefix.keySet().stream()
                            .map(String::length)
                            .collect(Collectors.toUnmodifiableSet()));
        }

        List<Imported> matching(String value) {
            for (int length : lengths) {
                if (value.length() > length) {
                    List<Imported> found = byPrefix.get(value.substring(0, length));
                    if (found != null) {
                        return found;
                    }
                }
            }
            return List.of();
        }
    }

    /** Reads which keys wait as soon as the database can say so. */
    public void start() {
        thread.start();
    }

    private void loadPatiently() {
        try {
            while (true) {
                try {
                    load();
                    return;
                } catch (DatabaseUnavailable away) {
                    Thread.sleep(RETRY_MILLIS);
                }
            }
        } catch (InterruptedException _) {
            // Closed.
        }
    }

    /** Reads which keys wait; for the start, and after an import. */
    public void load() {
        List<Imported> keys = database.read(handle -> handle.attach(ApiKeyStore.class).imported());
        index = Index.of(keys);
        if (!keys.isEmpty()) {
            LOG.info(
                    "{} imported keys are known by their bcrypt hash until they are used",
                    keys.size());
        }
    }

    @Override
    public boolean isEmpty() {
        return index.lengths().isEmpty();
    }

    @Override
    public boolean mayHold(String value) {
        return !index.matching(value).isEmpty() && isUndecided(value, digestKey.digest(value));
    }

    private boolean isUndecided(String value, KeyDigest digest) {
        return catalogs.current().key(digest).isEmpty()
                && wrong.getIfPresent(digest) == null
                && value.getBytes(StandardCharsets.UTF_8).length <= MAX_BYTES;
    }

    @Override
    public void check(String value, String address) {
        KeyDigest digest = digestKey.digest(value);
        if (!isUndecided(value, digest)) {
            return;
        }
        CompletableFuture<Boolean> mine = new CompletableFuture<>();
        CompletableFuture<Boolean> other = running.putIfAbsent(digest, mine);
        if (other != null) {
            await(other);
            return;
        }
        try {
            submit(value, digest, address, mine);
            await(mine);
        } finally {
            running.remove(digest);
        }
    }

    private void submit(
            String value, KeyDigest digest, String address, CompletableFuture<Boolean> result) {
        AtomicInteger count = tries.get(address, _ -> new AtomicInteger());
        if (count.incrementAndGet() > TRIES_OF_AN_ADDRESS) {
            result.completeExceptionally(tooMany());
            return;
        }
        try {
            executor.execute(() -> {
                compare(value, digest, result);
                if (wrong.getIfPresent(digest) == null) {
                    count.decrementAndGet();
                }
            });
        } catch (RejectedExecutionException full) {
            result.completeExceptionally(busy());
        }
    }

    private void compare(String value, KeyDigest digest, CompletableFuture<Boolean> result) {
        try {
            boolean found = false;
            List<Imported> candidates = index.matching(value);
            int most = Math.min(candidates.size(), MAX_OF_ONE_PREFIX);
            for (Imported key : candidates.subList(0, most)) {
                if (isValueOf(key, value)) {
                    found = remember(key, digest);
                    break;
                }
            }
            if (!found) {
                wrong.put(digest, true);
            }
            result.complete(found);
        } catch (RuntimeException failure) {
            result.completeExceptionally(failure);
        }
    }

    private static boolean isValueOf(Imported key, String value) {
        return BCrypt.verifyer()
                .verify(value.toCharArray(), key.bcryptHash().toCharArray())
                .verified;
    }

    /** The digest takes the place of the hash, unless the key has changed in the meantime. */
    private boolean remember(Imported key, KeyDigest digest) {
        boolean seen =
                changes.make(handle -> {
                    ApiKeyStore store = handle.attach(ApiKeyStore.class);
                    if (store.see(key.id(), digest.hex(), key.bcryptHash()) == 0) {
                        return new CatalogChanges.Made<>(false, List.of());
                    }
                    return new CatalogChanges.Made<>(true, inCatalog(handle, key.id()));
                });
        if (seen) {
            List<Imported> rest = new ArrayList<>();
            index.byPrefix().values().forEach(rest::addAll);
            rest.remove(key);
            index = Index.of(rest);
        }
        return seen;
    }

    private static List<Change> inCatalog(Handle handle, UUID id) {
        return new KeyRows(handle)
                .find(id).inCatalog().<Change>map(Change.KeyPut::new).stream().toList();
    }

    private static void await(CompletableFuture<Boolean> result) {
        try {
            result.get();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            throw busy();
        } catch (ExecutionException failed) {
            if (failed.getCause() instanceof GatewayException refused) {
                throw refused;
            }
            LOG.warn("an imported key could not be checked", failed.getCause());
            throw busy();
        }
    }

    private static GatewayException busy() {
        return GatewayException.overloaded(
                "key_check_busy",
                "This API key cannot be checked at the moment: try again in a moment.");
    }

    private static GatewayException tooMany() {
        return new GatewayException(
                ChatError.of(
                        ErrorKind.LIMITED,
                        "too_many_failed_credentials",
                        "Too many wrong API keys from this address: wait a minute."),
                Fault.CLIENT,
                WINDOW.toMillis());
    }

    @Override
    public void close() {
        thread.interrupt();
        executor.shutdownNow();
    }
}
