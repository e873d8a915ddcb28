package dev.sluice.store;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.MigrationInfo;
import org.flywaydb.core.api.MigrationInfoService;
import org.jspecify.annotations.Nullable;

/**
 * The schema's versions. Each is a file {@code db/common/V<timestamp>__what.sql} in portable SQL
 * with placeholders for the types that differ; {@code db/<vendor>/} is for what cannot be shared.
 * They may arrive out of order. Before a SQLite file that holds something is changed, it is copied.
 */
public final class Migrations {
    private static final DateTimeFormatter STAMP =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

    private static final ClassLoader LOADER = Migrations.class.getClassLoader();

    private final Vendor vendor;
    private final Sources sources;
    private final @Nullable Path file;
    private final Clock clock;

    /**
     * @param asking connections that find out what is to be done, and give up on a slow server
     * @param changing connections that wait as long as it takes to go through a large table
     */
    record Sources(DataSource asking, DataSource changing) {}

    Migrations(Vendor vendor, Sources sources, @Nullable Path file, Clock clock) {
        this.vendor = vendor;
        this.sources = sources;
        this.file = file;
        this.clock = clock;
    }

    /** One version of the schema. */
    public record Step(String version, String description, boolean applied) {}

    /**
     * What a migration did.
     *
     * @param copy the file as it was before, or null where there was nothing to copy
     */
    public record Outcome(int applied, @Nullable Path copy) {}

    /** {@return all known versions, oldest first} */
    public List<Step> status() {
        return translating(() ->
                Arrays.stream(flyway(sources.asking()).info().all())
                        .map(Migrations::step)
                        .toList());
    }

    /**
     * {@return what was done, which may be nothing}
     *
     * @throws DatabaseUnavailable when the database is away
     * @throws IllegalStateException when the database holds tables that are not ours, or a step
     *     failed
     */
    public Outcome migrate() {
        return translating(() -> {
            if (hasAllSteps()) {
                return new Outcome(0, null);
            }
            MigrationInfoService info = flyway(sources.asking()).info();
            if (info.pending().length == 0) {
                return new Outcome(0, null);
            }
            Path copy = copy(info.current()).orElse(null);
            return new Outcome(flyway(sources.changing()).migrate().migrationsExecuted, copy);
        });
    }

    /**
     * {@return whether the history holds every step that is shipped} Most starts find that it does,
     * and are spared Flyway, which takes longer to start than all else.
     */
    private boolean hasAllSteps() {
        Set<String> missing = new TreeSet<>();
        for (String folder : folders()) {
            missing.addAll(ShippedSteps.versions(LOADER, folder));
        }
        try (Connection connection = sources.asking().getConnection();
                Statement statement = connection.createStatement();
                ResultSet applied =
                        statement.executeQuery(
                                "select version from schema_history where success")) {
            while (applied.next()) {
                missing.remove(String.valueOf(applied.getString(1)));
            }
            return missing.isEmpty();
        } catch (SQLException unknown) {
            if (SqlFailures.translated(new IllegalStateException(unknown))
                    instanceof DatabaseUnavailable away) {
                throw away;
            }
            // There is no history yet, or it is not ours: Flyway tells.
            return false;
        }
    }

    private static Step step(MigrationInfo info) {
        String version = info.getVersion() == null ? "" : info.getVersion().getVersion();
        return new Step(version, info.getDescription(), info.getState().isApplied());
    }

    private Flyway flyway(DataSource source) {
        return Flyway.configure(LOADER)
                .dataSource(source)
                .locations(
                        Arrays.stream(folders()).map("classpath:"::concat).toArray(String[]::new))
                .placeholders(vendor.types())
                .outOfOrder(true)
                .table("schema_history")
                .loggers("slf4j")
                .load();
    }

    private String[] folders() {
        String own = "db/" + vendor.folder();
        boolean hasOwn = LOADER.getResource(own) != null;
        return hasOwn ? new String[] {"db/common", own} : new String[] {"db/common"};
    }

    private Optional<Path> copy(@Nullable MigrationInfo current) {
        if (file == null || current == null || current.getVersion() == null) {
            return Optional.empty();
        }
        Path copy =
                file.resolveSibling(
                        "%s.%s.%s.bak"
                                .formatted(
                                        file.getFileName(),
                                        current.getVersion(),
                                        STAMP.format(clock.instant())));
        try (Connection connection = sources.changing().getConnection();
                Statement statement = connection.createStatement()) {
            Files.deleteIfExists(copy);
            PrivateFiles.create(copy);
            // Into an empty file, which keeps the permissions it was made with.
            statement.execute("vacuum into '" + copy.toString().replace("'", "''") + "'");
            return Optional.of(copy);
        } catch (SQLException failed) {
            throw new IllegalStateException(
                    "the database was not migrated, because it could not be copied first to "
                            + copy,
                    failed);
        } catch (IOException failed) {
            throw new UncheckedIOException("cannot make the copy " + copy, failed);
        }
    }

    private static <T> T translating(Supplier<T> work) {
        try {
            return work.get();
        } catch (FlywayException failure) {
            if (SqlFailures.translated(failure) instanceof DatabaseUnavailable away) {
                throw away;
            }
            throw new IllegalStateException(
                    "the database could not be migrated: " + failure.getMessage(), failure);
        }
    }
}
