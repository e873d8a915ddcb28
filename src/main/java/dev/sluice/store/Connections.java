package dev.sluice.store;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import javax.sql.DataSource;
import org.postgresql.ds.PGSimpleDataSource;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteDataSource;

/** Makes pools of connections, each with the limits that keep a slow database from holding us. */
final class Connections {
    private static final Duration CONNECT = Duration.ofSeconds(5);
    private static final Duration STATEMENT = Duration.ofSeconds(10);
    private static final Duration SOCKET = Duration.ofSeconds(15);

    /** An index over a table of a hundred million rows is made in less. */
    private static final Duration MIGRATION = Duration.ofHours(2);

    /** 32 MiB: a page that many records fill is brought into the file once, not with each batch. */
    private static final int WAL_PAGES = 8_192;

    private Connections() {}

    /** {@return the one connection that writes; transactions begin immediate} */
    static HikariDataSource sqliteWriter(Path file) {
        SQLiteDataSource source = sqlite(file, SQLiteConfig.TransactionMode.IMMEDIATE);
        HikariConfig config = settings("sqlite-writer", 1, source);
        config.setConnectionInitSql("pragma wal_autocheckpoint = " + WAL_PAGES);
        return new HikariDataSource(config);
    }

    /** {@return connections that can only read} */
    static HikariDataSource sqliteReaders(Path file, int size) {
        SQLiteDataSource source = sqlite(file, SQLiteConfig.TransactionMode.DEFERRED);
        HikariConfig config = settings("sqlite-readers", size, source);
        config.setConnectionInitSql("pragma query_only = on");
        return new HikariDataSource(config);
    }

    private static SQLiteDataSource sqlite(Path file, SQLiteConfig.TransactionMode mode) {
        SQLiteConfig config = new SQLiteConfig();
        config.setJournalMode(SQLiteConfig.JournalMode.WAL);
        config.setSynchronous(SQLiteConfig.SynchronousMode.NORMAL);
        config.setBusyTimeout((int) CONNECT.toMillis());
        config.enforceForeignKeys(true);
        config.setTransactionMode(mode);
        SQLiteDataSource source = new PatientSqliteSource(config, CONNECT);
        source.setUrl("jdbc:sqlite:" + file);
        return source;
    }

    /**
     * {@return connections that are made when they are needed} So that a gateway can start while
     * its database is away.
     */
    static HikariDataSource postgresql(DatabaseUrl.Postgresql url, int size) {
        HikariConfig config = settings("postgresql", size, postgresqlSource(url));
        config.setConnectionInitSql(
                "set statement_timeout = %d; set lock_timeout = %d; set timezone = 'UTC'"
                        .formatted(STATEMENT.toMillis(), CONNECT.toMillis()));
        return new HikariDataSource(config);
    }

    /** {@return single connections that wait as long as a migration may take} */
    static PGSimpleDataSource patientPostgresqlSource(DatabaseUrl.Postgresql url) {
        PGSimpleDataSource source = postgresqlSource(url);
        source.setSocketTimeout((int) MIGRATION.toSeconds());
        return source;
    }

    /** {@return single connections without a statement time-out} */
    static PGSimpleDataSource postgresqlSource(DatabaseUrl.Postgresql url) {
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setServerNames(new String[] {url.host()});
        source.setPortNumbers(new int[] {url.port()});
        source.setDatabaseName(url.name());
        source.setUser(url.user());
        source.setPassword(url.password());
        source.setConnectTimeout((int) CONNECT.toSeconds());
        source.setLoginTimeout((int) CONNECT.toSeconds());
        source.setSocketTimeout((int) SOCKET.toSeconds());
        source.setTcpKeepAlive(true);
        source.setApplicationName("sluice");
        // Details repeat the values of rows, and messages end in logs.
        source.setLogServerErrorDetail(false);
        url.properties()
                .forEach((name, value) -> {
                    try {
                        source.setProperty(name, value);
                    } catch (SQLException invalid) {
                        throw new IllegalArgumentException(
                                "the database URL's parameter '" + name + "' is not valid",
                                invalid);
                    }
                });
        return source;
    }

    /** {@return a connection of its own to the file, for migrations and copies} */
    static SQLiteDataSource sqliteSource(Path file) {
        return sqlite(file, SQLiteConfig.TransactionMode.IMMEDIATE);
    }

    /** Makes the file, readable by its owner alone, and its folder. */
    static void createPrivately(Path file) {
        try {
            if (file.getParent() != null) {
                Files.createDirectories(file.getParent());
            }
            if (!Files.exists(file)) {
                PrivateFiles.create(file);
            }
        } catch (IOException failed) {
            throw new UncheckedIOException("cannot make the database file " + file, failed);
        }
    }

    private static HikariConfig settings(String name, int size, DataSource source) {
        HikariConfig config = new HikariConfig();
        config.setPoolName(name);
        config.setDataSource(source);
        config.setMaximumPoolSize(size);
        config.setMinimumIdle(Math.min(size, 1));
        config.setConnectionTimeout(CONNECT.toMillis());
        config.setValidationTimeout(Duration.ofSeconds(2).toMillis());
        config.setInitializationFailTimeout(-1);
        return config;
    }
}
