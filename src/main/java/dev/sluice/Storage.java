package dev.sluice;

import dev.sluice.admin.AuditTrail;
import dev.sluice.admin.CatalogChanges;
import dev.sluice.admin.audit.AuditLog;
import dev.sluice.admin.bootstrap.Bootstrap;
import dev.sluice.admin.bootstrap.CatalogRefresh;
import dev.sluice.admin.upstream.UpstreamKeeping;
import dev.sluice.catalog.Catalogs;
import dev.sluice.catalog.DigestKey;
import dev.sluice.catalog.snapshot.CatalogSnapshot;
import dev.sluice.catalog.snapshot.SnapshotWriter;
import dev.sluice.configuration.Settings;
import dev.sluice.store.DataFolder;
import dev.sluice.store.Database;
import dev.sluice.store.Encryption;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.UUID;
import java.util.function.Supplier;

/**
 * What is kept: the data folder, the database, and the catalog that is read from it, or from its
 * last snapshot while the database is away.
 */
final class Storage {
    /** The file of the last known configuration. */
    static final String SNAPSHOT = "catalog.snapshot";

    private static final Duration REFRESH = Duration.ofSeconds(5);
    private static final Duration SNAPSHOT_DELAY = Duration.ofMillis(200);

    private final DataFolder folder;
    private final String encryptionKey;
    private final Encryption encryption;
    private final Database database;
    private final CatalogSnapshot snapshot;
    private final Bootstrap bootstrap;
    private final Bootstrap.Started started;
    private final Catalogs catalogs;
    private final DigestKey digestKey;
    private final AuditTrail trail;
    private final CatalogChanges changes;

    /**
     * @throws IOException if a folder or file cannot be used
     */
    Storage(Settings settings, Closing closing, Clock clock, Supplier<UUID> ids)
            throws IOException {
        this.folder = DataFolder.at(settings.storage().data());
        closing.with(folder.hold());
        this.database = closing.with(Database.open(settings.storage().databaseUrl(), clock));
        this.encryptionKey =
                new KeptKey(folder, settings.security().encryptionKey()).value(database);
        this.encryption = new Encryption(encryptionKey, new SecureRandom());
        this.snapshot =
                new CatalogSnapshot(
                        folder.resolve(SNAPSHOT), encryption::encrypt, encryption::decrypt);
        this.bootstrap =
                new Bootstrap(
                        database,
                        new UpstreamKeeping(encryption, settings.upstreams().timeouts()),
                        snapshot,
                        new SecureRandom(),
                        clock);
        this.started = bootstrap.start();
        this.catalogs = new Catalogs(started.catalog());
        this.digestKey = new DigestKey(started.digestKey());
        AuditLog log = new AuditLog(clock, ids);
        this.trail = log;
        this.changes = new CatalogChanges(database, catalogs, log);
    }

    Database database() {
        return database;
    }

    Encryption encryption() {
        return encryption;
    }

    Catalogs catalogs() {
        return catalogs;
    }

    CatalogChanges changes() {
        return changes;
    }

    AuditTrail trail() {
        return trail;
    }

    DigestKey digestKey() {
        return digestKey;
    }

    /** {@return the key that signs sessions, derived from the encryption key} */
    byte[] sessionSigningKey() {
        return Encryption.derive(encryptionKey, "sessions");
    }

    Path journalFolder() {
        return folder.resolve("journal");
    }

    /** {@return what brings changes of other instances, and the database once it is back} */
    CatalogRefresh refresh() {
        return new CatalogRefresh(bootstrap, started, changes, catalogs, REFRESH);
    }

    /** {@return what writes the catalog down for a start without a database} */
    SnapshotWriter snapshots() {
        return new SnapshotWriter(snapshot, catalogs, started.digestKey(), SNAPSHOT_DELAY);
    }
}
