package dev.sluice.admin.bootstrap;

import dev.sluice.admin.upstream.UpstreamKeeping;
import dev.sluice.catalog.Catalog;
import dev.sluice.catalog.snapshot.CatalogSnapshot;
import dev.sluice.store.Database;
import dev.sluice.store.DatabaseUnavailable;
import dev.sluice.store.Encryption;
import java.security.SecureRandom;
import java.time.Clock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The start: the schema is brought up to date, the digest key read, or made at the very first
 * start, and the catalog loaded. While the database is away, all of it comes from the snapshot.
 */
public final class Bootstrap {
    private static final Logger LOG = LoggerFactory.getLogger(Bootstrap.class);
    private static final String DIGEST_KEY = "digest_key";

    private final Database database;
    private final Encryption encryption;
    private final CatalogLoader loader;
    private final CatalogSnapshot snapshot;
    private final SecureRandom random;
    private final Clock clock;

    public Bootstrap(
            Database database,
            UpstreamKeeping keeping,
            CatalogSnapshot snapshot,
            SecureRandom random,
            Clock clock) {
        this.database = database;
        this.encryption = keeping.encryption();
        this.loader = new CatalogLoader(keeping);
        this.snapshot = snapshot;
        this.random = random;
        this.clock = clock;
    }

    /**
     * What a gateway starts with.
     *
     * @param digestKey 32 bytes
     * @param isFromSnapshot whether the database was away
     */
    public record Started(byte[] digestKey, Catalog catalog, boolean isFromSnapshot) {}

    /**
     * {@return the configuration}
     *
     * @throws IllegalStateException saying what to do, when the database was set up with another
     *     encryption key, or is away and there is no snapshot
     */
    public Started start() {
        try {
            byte[] digestKey = prepare();
            Catalog catalog = database.read(handle -> loader.load(handle, 1));
            return new Started(digestKey, catalog, false);
        } catch (DatabaseUnavailable away) {
            CatalogSnapshot.Snapshot last =
                    snapshot.read()
                            .orElseThrow(() ->
                                    new IllegalStateException(
                                            "the database cannot be used, and there is no"
                                                    + " snapshot of an earlier configuration"
                                                    + " to start from; check DATABASE_URL"
                                                    + " and the database",
                                            away));
            LOG.warn(
                    "the database cannot be used; starting from the last snapshot: {} keys, {}"
                            + " upstreams",
                    last.catalog().digests().size(),
                    last.catalog().upstreams().size());
            return new Started(last.digestKey(), last.catalog(), true);
        }
    }

    /** Brings the schema up to date; {@return the digest key of this database} */
    byte[] prepare() {
        int applied = database.migrations().migrate().applied();
        if (applied > 0) {
            LOG.info("the database was brought up to date in {} steps", applied);
        }
        return digestKey();
    }

    private byte[] digestKey() {
        String token =
                database.read(handle -> handle.attach(SecretStore.class).find(DIGEST_KEY))
                        .orElseGet(this::newDigestKey);
        try {
            return encryption.decrypt(token);
        } catch (Encryption.UndecryptableException wrongKey) {
            throw new IllegalStateException(
                    "this database was set up with another ENCRYPTION_KEY: its digest key cannot be"
                            + " decrypted; start with the key that it was set up with",
                    wrongKey);
        }
    }

    private String newDigestKey() {
        byte[] bytes = new byte[32];
        random.nextBytes(bytes);
        String token = encryption.encrypt(bytes);
        return database.write(handle -> {
            SecretStore store = handle.attach(SecretStore.class);
            store.insertIfAbsent(DIGEST_KEY, token, clock.instant());
            return store.find(DIGEST_KEY).orElseThrow();
        });
    }

    CatalogLoader loader() {
        return loader;
    }
}
