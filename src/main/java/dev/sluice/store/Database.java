package dev.sluice.store;

import com.zaxxer.hikari.HikariDataSource;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.StatementExceptions;
import org.jdbi.v3.core.transaction.TransactionIsolationLevel;
import org.jdbi.v3.sqlobject.SqlObjectPlugin;
import org.jspecify.annotations.Nullable;

/**
 * A SQLite file or a PostgreSQL server. Both calls block the thread that makes them, which is meant
 * to be a virtual one, and are transactions: a read sees one state, a write happens wholly or not.
 *
 * <p>SQLite has one writer thread and a few readers, all platform threads (see {@link Lane}).
 * PostgreSQL works on the caller's thread over a pool that connects again by itself. Opening never
 * waits for a server.
 */
public final class Database implements AutoCloseable {
    private static final int READERS = 4;
    private static final int POOL = 10;
    private static final int TRIES = 3;
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final Vendor vendor;
    private final Lane readLane;
    private final Lane writeLane;
    private final Jdbi reader;
    private final Jdbi writer;
    private final Migrations migrations;
    private final Runnable onClose;

    private Database(Parts parts) {
        this.vendor = parts.vendor;
        this.readLane = parts.readLane;
        this.writeLane = parts.writeLane;
        this.reader = jdbi(parts.readSource, vendor);
        this.writer = jdbi(parts.writeSource, vendor);
        this.migrations = parts.migrations;
        this.onClose = parts.onClose;
    }

    private record Parts(
            Vendor vendor,
            Lane readLane,
            Lane writeLane,
            HikariDataSource readSource,
            HikariDataSource writeSource,
            Migrations migrations,
            Runnable onClose) {}

    /**
     * {@return the database of this URL; its schema may still have to be migrated}
     *
     * @throws IllegalArgumentException for a URL that says nothing usable
     */
    public static Database open(String url, Clock clock) {
        return open(DatabaseUrl.parse(url), clock);
    }

    public static Database open(DatabaseUrl url, Clock clock) {
        return switch (url) {
            case DatabaseUrl.Sqlite sqlite -> openSqlite(sqlite, clock);
            case DatabaseUrl.Postgresql postgresql -> openPostgresql(postgresql, clock);
        };
    }

    private static Database openSqlite(DatabaseUrl.Sqlite url, Clock clock) {
        Path given = url.file();
        Path file = given == null ? temporaryFile() : given;
        Connections.createPrivately(file);
        HikariDataSource writer = Connections.sqliteWriter(file);
        HikariDataSource readers = Connections.sqliteReaders(file, READERS);
        DataSource single = Connections.sqliteSource(file);
        Runnable onClose =
                () -> {
                    readers.close();
                    writer.close();
                    if (given == null) {
                        deleteWithCompanions(file);
                    }
                };
        return new Database(
                new Parts(
                        Vendor.SQLITE,
                        Lane.ofPlatformThreads("sqlite-reader", READERS, PATIENCE),
                        Lane.ofPlatformThreads("sqlite-writer", 1, PATIENCE),
                        readers,
                        writer,
                        new Migrations(
                                Vendor.SQLITE, new Migrations.Sources(single, single), file, clock),
                        onClose));
    }

    private static Database openPostgresql(DatabaseUrl.Postgresql url, Clock clock) {
        HikariDataSource pool = Connections.postgresql(url, POOL);
        Lane lane = Lane.ofCaller();
        Migrations.Sources sources =
                new Migrations.Sources(
                        Connections.postgresqlSource(url),
                        Connections.patientPostgresqlSource(url));
        return new Database(
                new Parts(
                        Vendor.POSTGRESQL,
                        lane,
                        lane,
                        pool,
                        pool,
                        new Migrations(Vendor.POSTGRESQL, sources, null, clock),
                        pool::close));
    }

    private static Jdbi jdbi(HikariDataSource source, Vendor vendor) {
        Jdbi jdbi = Jdbi.create(source).installPlugin(new SqlObjectPlugin());
        ColumnTypes.register(jdbi, vendor);
        // Messages end in logs: none repeats what was bound.
        jdbi.getConfig(StatementExceptions.class)
                .setMessageRendering(StatementExceptions.MessageRendering.NONE);
        return jdbi;
    }

    public Vendor vendor() {
        return vendor;
    }

    public Migrations migrations() {
        return migrations;
    }

    /**
     * {@return what the work read, all of it from one state of the database}
     *
     * @throws DatabaseUnavailable when the database is away or too slow
     */
    public <T extends @Nullable Object> T read(Function<Handle, T> work) {
        return readLane.run(
                () -> translating(() -> reader.withHandle(handle -> reading(handle, work))));
    }

    /**
     * {@return what the work returned, once its writes are committed} On PostgreSQL the work is
     * done again if another transaction got in its way, so it must do nothing but work on its
     * handle.
     *
     * @throws DatabaseUnavailable when the database is away or too slow; whether a write that timed
     *     out has happened is then not known
     * @throws DuplicateRow when a unique value is taken
     */
    public <T extends @Nullable Object> T write(Function<Handle, T> work) {
        return writeLane.run(() -> translating(() -> retrying(work)));
    }

    /** Like {@link #write}, for work without a result. */
    public void update(Consumer<Handle> work) {
        this.<@Nullable Object>write(handle -> {
            work.accept(handle);
            return null;
        });
    }

    /** {@return whether the database answers now} */
    public boolean answers() {
        try {
            return read(handle -> handle.createQuery("select 1").mapTo(Integer.class).one()) == 1;
        } catch (DatabaseUnavailable _) {
            return false;
        }
    }

    private <T extends @Nullable Object> T reading(Handle handle, Function<Handle, T> work) {
        // SQLite's readers are read-only by themselves; its driver refuses to be told so later.
        if (vendor == Vendor.POSTGRESQL) {
            handle.setReadOnly(true);
        }
        return handle.inTransaction(readIsolation(), work::apply);
    }

    private TransactionIsolationLevel readIsolation() {
        return switch (vendor) {
            case SQLITE -> TransactionIsolationLevel.SERIALIZABLE;
            case POSTGRESQL -> TransactionIsolationLevel.REPEATABLE_READ;
        };
    }

    private <T extends @Nullable Object> T retrying(Function<Handle, T> work) {
        for (int tries = 1; ; tries++) {
            try {
                return writer.inTransaction(work::apply);
            } catch (RuntimeException failure) {
                if (tries == TRIES || !SqlFailures.isConflict(failure)) {
                    throw failure;
                }
            }
        }
    }

    private static <T extends @Nullable Object> T translating(Supplier<T> work) {
        try {
            return work.get();
        } catch (RuntimeException failure) {
            throw SqlFailures.translated(failure);
        }
    }

    private static Path temporaryFile() {
        try {
            return Files.createTempFile("sluice-", ".db");
        } catch (IOException failed) {
            throw new UncheckedIOException("cannot make a temporary database", failed);
        }
    }

    private static void deleteWithCompanions(Path file) {
        try {
            for (String suffix : new String[] {"", "-wal", "-shm"}) {
                Files.deleteIfExists(file.resolveSibling(file.getFileName() + suffix));
            }
        } catch (IOException failed) {
            throw new UncheckedIOException("cannot delete the temporary database", failed);
        }
    }

    /** Lets running work end, then closes all connections. */
    @Override
    public void close() {
        writeLane.close();
        readLane.close();
        onClose.run();
    }
}
