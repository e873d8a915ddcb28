package dev.sluice.admin.log;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.proxy.account.Ending;
import dev.sluice.proxy.account.RequestRecord;
import dev.sluice.store.Database;
import dev.sluice.store.TestDatabase;
import dev.sluice.store.Vendor;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.SqlLogger;
import org.jdbi.v3.core.statement.StatementContext;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** By which index the databases themselves say that they search. */
@ParameterizedClass
@EnumSource(Vendor.class)
class LogIndexesTest {
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
    private static final UUID KEY = new UUID(2, 1);
    private static final LogCursor CURSOR = new LogCursor(NOW.plusSeconds(20), KEY);

    private final Vendor vendor;
    private final Database database;

    LogIndexesTest(Vendor vendor) {
        this.vendor = vendor;
        this.database = TestDatabase.migrated(vendor);
    }

    @BeforeEach
    void fill() {
        List<RequestRecord> records = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            UUID id = new UUID(9, i);
            Instant at = NOW.plusSeconds(i);
            boolean failed = i % 10 == 0;
            records.add(
                    TestRecords.record(
                            id,
                            at,
                            failed ? KEY : new UUID(1, i),
                            failed ? "rare" : "usual",
                            failed ? Ending.FAILED : Ending.COMPLETED,
                            failed ? 500 : 200));
        }
        new DatabaseRecordImport(database, Clock.systemUTC()).write("a", 50, records);
    }

    @AfterEach
    void close() {
        database.close();
    }

    static Stream<Arguments> filters() {
        return Stream.of(
                Arguments.of(LogFilter.ALL, "by_time", 50),
                Arguments.of(filter(KEY, null, null, null), "by_key", 5),
                Arguments.of(filter(null, 500, null, null), "by_status", 5),
                Arguments.of(filter(null, 200, null, null), "by_time", 45),
                Arguments.of(filter(null, null, "rare", null), "by_model", 5),
                Arguments.of(filter(null, null, null, "failed"), "by_ending", 5),
                Arguments.of(filter(null, null, null, "completed"), "by_time", 45),
                Arguments.of(
                        new LogFilter(null, TestRecords.UPSTREAM, null, null, null, null, null),
                        "by_upstream",
                        50),
                Arguments.of(
                        new LogFilter(null, null, null, null, null, NOW, NOW.plusSeconds(9)),
                        "by_time",
                        10));
    }

    private static LogFilter filter(
            @Nullable UUID key,
            @Nullable Integer status,
            @Nullable String model,
            @Nullable String ending) {
        return new LogFilter(key, null, status, model, ending, null, null);
    }

    @ParameterizedTest
    @MethodSource("filters")
    void eachFilterOfTheLogsGoesAlongAnIndex(LogFilter filter, String index, int found) {
        assertThat(rows(filter, null)).isEqualTo(found);
        assertThat(plan(filter, null)).anySatisfy(step -> assertThat(step).contains(index));
        assertThat(plan(filter, CURSOR)).anySatisfy(step -> assertThat(step).contains(index));
        assertThat(plan(filter, null)).noneSatisfy(LogIndexesTest::sortsEverything);
    }

    /** Rows of one microsecond are sorted among themselves, no more. */
    private static void sortsEverything(String step) {
        assertThat(step).containsAnyOf("TEMP B-TREE FOR ORDER BY", " Sort  (");
        assertThat(step).doesNotContain("Incremental");
    }

    private int rows(LogFilter filter, @Nullable LogCursor after) {
        return database.read(handle -> new LogSearch(filter).rows(handle, after, 0, 100).size());
    }

    private List<String> plan(LogFilter filter, @Nullable LogCursor after) {
        return database.read(handle -> {
            Statements sent = new Statements();
            handle.setSqlLogger(sent);
            new LogSearch(filter).rows(handle, after, 0, 100);
            return explain(handle, literal(sent.last, filter, after));
        });
    }

    private List<String> explain(Handle handle, String sql) {
        return switch (vendor) {
            case SQLITE ->
                    handle.createQuery("explain query plan " + sql)
                            .map((row, _) -> row.getString("detail"))
                            .list();
            case POSTGRESQL -> {
                // So few rows are read faster without any index.
                handle.execute("set local enable_seqscan = off");
                handle.execute("set local enable_bitmapscan = off");
                yield handle.createQuery("explain " + sql).mapTo(String.class).list();
            }
        };
    }

    private static String literal(String sql, LogFilter filter, @Nullable LogCursor after) {
        List<Object> values = List.copyOf(filter.conditions().values());
        String literal = sql;
        for (int i = 0; i < values.size(); i++) {
            literal = literal.replace(":value" + i, quoted(values.get(i)));
        }
        if (after != null) {
            literal =
                    literal.replace(":cursorAt", quoted(after.startedAt()))
                            .replace(":cursorId", quoted(after.id()));
        }
        return literal.replace(":limit", "100").replace(":offset", "0");
    }

    private static String quoted(Object value) {
        return switch (value) {
            case Integer number -> number.toString();
            case Instant time -> Long.toString(ChronoUnit.MICROS.between(Instant.EPOCH, time));
            default -> "'" + value + "'";
        };
    }

    /** Remembers what was sent last. */
    private static final class Statements implements SqlLogger {
        private String last = "";

        @Override
        public void logBeforeExecution(StatementContext context) {
            last = context.getRenderedSql();
        }
    }
}
