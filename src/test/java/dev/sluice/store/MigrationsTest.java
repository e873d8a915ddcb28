package dev.sluice.store;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class MigrationsTest {
    @TempDir Path folder;

    @ParameterizedTest
    @EnumSource(Vendor.class)
    void allStepsAreAppliedOnce(Vendor vendor) {
        try (Database database = Database.open(TestDatabase.freshUrl(vendor), Clock.systemUTC())) {
            Migrations migrations = database.migrations();
            assertThat(migrations.status()).isNotEmpty().noneMatch(Migrations.Step::applied);
            int steps = migrations.status().size();
            assertThat(migrations.migrate().applied()).isEqualTo(steps);
            assertThat(migrations.status()).hasSize(steps).allMatch(Migrations.Step::applied);
            assertThat(migrations.migrate().applied()).isZero();
        }
    }

    @ParameterizedTest
    @EnumSource(Vendor.class)
    void recordsThatWereWrittenUnderWideIndexesAreFoundByTheNarrowOnes(Vendor vendor) {
        String url =
                TestDatabase.freshUrl(vendor)
                        .replace("sqlite://", "sqlite:///" + folder + "/old.db");
        try (Database database = Database.open(url, Clock.systemUTC())) {
            migrateTo("20261121103500", vendor, url);
            database.update(MigrationsTest::insertOldRecords);
            assertThat(indexes(database)).contains("request_logs_newest");

            assertThat(database.migrations().migrate().applied()).isPositive();

            assertThat(indexes(database))
                    .doesNotContain("request_logs_newest")
                    .contains("request_logs_by_time", "request_logs_by_ending");
            assertThat(count(database, "started_at >= 50")).isEqualTo(50);
            assertThat(count(database, "model = 'm3' and started_at < 50")).isEqualTo(5);
            assertThat(count(database, "status_code = 502 and status_code <> 200")).isEqualTo(10);
            assertThat(count(database, "ending = 'failed' and ending <> 'completed'"))
                    .isEqualTo(10);
        }
    }

    private static void migrateTo(String version, Vendor vendor, String url) {
        DataSource source =
                switch (DatabaseUrl.parse(url)) {
                    case DatabaseUrl.Sqlite sqlite ->
                            Connections.sqliteSource(requireNonNull(sqlite.file()));
                    case DatabaseUrl.Postgresql postgresql ->
                            Connections.postgresqlSource(postgresql);
                };
        Flyway.configure()
                .dataSource(source)
                .locations("classpath:db/common")
                .placeholders(vendor.types())
                .table("schema_history")
                .target(version)
                .load()
                .migrate();
    }

    /** A hundred, a microsecond apart, of ten models; each tenth failed. */
    private static void insertOldRecords(Handle handle) {
        for (int i = 0; i < 100; i++) {
            handle.createUpdate(
                            """
                            insert into request_logs (id, started_at, client_address, method, path,
                                stream, model, ending, status_code, duration_micros, usage_origin,
                                input_tokens, cache_read_tokens, cache_write_tokens,
                                cache_write_long_tokens, output_tokens, reasoning_tokens,
                                audio_tokens, request_bytes, response_bytes, chunks, attempts,
                                warnings)
                            values (:id, :at, '::1', 'POST', '/', false, :model, :ending, :status,
                                1, 'none', 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, '[]', '[]')
                            """)
                    .bind("id", new UUID(7, i))
                    .bind("at", i)
                    .bind("model", "m" + i % 10)
                    .bind("ending", i % 10 == 0 ? "failed" : "completed")
                    .bind("status", i % 10 == 0 ? 502 : 200)
                    .execute();
        }
    }

    private static List<String> indexes(Database database) {
        String sql =
                switch (database.vendor()) {
                    case SQLITE -> "select name from sqlite_master where type = 'index'";
                    case POSTGRESQL -> "select indexname from pg_indexes";
                };
        return database.read(handle -> handle.createQuery(sql).mapTo(String.class).list());
    }

    private static int count(Database database, String condition) {
        return database.read(handle ->
                handle.createQuery("select count(*) from request_logs where " + condition)
                        .mapTo(Integer.class)
                        .one());
    }

    @Test
    void aFileIsPrivateAndCopiedBeforeItIsChanged() throws IOException {
        Path file = folder.resolve("data.db");
        try (Database database = Database.open("sqlite:///" + file, Clock.systemUTC())) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                    .isEqualTo("rw-------");
            assertThat(database.migrations().migrate().copy()).isNull();
            // As if the newest step had not been there yet.
            database.update(handle -> {
                handle.execute("delete from schema_history where installed_rank > 1");
                handle.execute(
                        "update schema_history set version = '20200101000000',"
                                + " script = 'V20200101000000__core.sql'");
                for (String table : tables(handle)) {
                    handle.execute("drop table " + table);
                }
            });
            assertThatThrownBy(() -> database.migrations().migrate())
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("20200101000000");
            Path copy;
            try (Stream<Path> files = Files.list(folder)) {
                copy =
                        files.filter(path -> path.toString().endsWith(".bak"))
                                .findFirst()
                                .orElseThrow();
            }
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(copy)))
                    .isEqualTo("rw-------");
            assertThat(copy).isNotEmptyFile();
        }
    }

    private static List<String> tables(Handle handle) {
        handle.execute("pragma defer_foreign_keys = on");
        return List.of(
                "api_key_upstreams",
                "upstream_keys",
                "upstream_models",
                "api_keys",
                "upstreams",
                "secrets",
                "request_logs",
                "import_positions");
    }

    @Test
    void aDatabaseOfSomethingElseIsLeftAlone() {
        Path file = folder.resolve("theirs.db");
        try (Database database = Database.open("sqlite:///" + file, Clock.systemUTC())) {
            database.update(handle -> handle.execute("create table api_keys (id integer)"));
            assertThatThrownBy(() -> database.migrations().migrate())
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("non-empty");
        }
    }
}
