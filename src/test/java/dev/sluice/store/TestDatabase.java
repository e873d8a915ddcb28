package dev.sluice.store;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Real databases for tests: a fresh SQLite file, or a fresh database of one PostgreSQL server that
 * all tests of this JVM share.
 */
public final class TestDatabase {
    private static final AtomicInteger SEQUENCE = new AtomicInteger();

    private TestDatabase() {}

    /** Starts with the first test that needs it and ends with the JVM. */
    private static final class Server {
        static final EmbeddedPostgres POSTGRES = start();

        private static EmbeddedPostgres start() {
            try {
                return EmbeddedPostgres.builder().setServerConfig("fsync", "off").start();
            } catch (IOException failed) {
                throw new UncheckedIOException(failed);
            }
        }
    }

    /** {@return an empty database, migrated} */
    public static Database migrated(Vendor vendor) {
        Database database = Database.open(freshUrl(vendor), Clock.systemUTC());
        database.migrations().migrate();
        return database;
    }

    /** {@return the URL of an empty database} */
    public static String freshUrl(Vendor vendor) {
        return switch (vendor) {
            case SQLITE -> "sqlite://";
            case POSTGRESQL -> "postgresql://postgres@localhost:" + port() + "/" + freshName();
        };
    }

    /** {@return the settings of a gateway that keeps everything in an empty database} */
    public static Map<String, String> environment(Vendor vendor) {
        return switch (vendor) {
            case SQLITE -> Map.of();
            case POSTGRESQL ->
                    Map.of(
                            "DATABASE_URL",
                            freshUrl(vendor),
                            "ENCRYPTION_KEY",
                            Encryption.generateKey(new SecureRandom()));
        };
    }

    /** {@return the port of the PostgreSQL server} */
    public static int port() {
        return Server.POSTGRES.getPort();
    }

    private static String freshName() {
        String name = "test_" + SEQUENCE.incrementAndGet();
        try (Connection connection = Server.POSTGRES.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("create database " + name);
            return name;
        } catch (SQLException failed) {
            throw new IllegalStateException(failed);
        }
    }
}
