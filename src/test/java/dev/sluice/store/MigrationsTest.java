package dev.sluice.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.util.List;
import java.util.stream.Stream;
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

    private static List<String> tables(org.jdbi.v3.core.Handle handle) {
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
