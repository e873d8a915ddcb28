package dev.sluice.admin.log;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.proxy.account.Ending;
import dev.sluice.proxy.account.RequestRecord;
import dev.sluice.store.Database;
import dev.sluice.store.TestDatabase;
import dev.sluice.store.Vendor;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass
@EnumSource(Vendor.class)
class RequestLogStoreTest {
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00.123456Z");
    private static final UUID KEY = UUID.fromString("00000000-0000-7000-8000-000000000001");
    private static final UUID OTHER = UUID.fromString("00000000-0000-7000-8000-000000000002");

    private final Database database;
    private final DatabaseRecordImport records;

    RequestLogStoreTest(Vendor vendor) {
        this.database = TestDatabase.migrated(vendor);
        this.records = new DatabaseRecordImport(database, Clock.fixed(NOW, ZoneOffset.UTC));
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void everyFieldOfARecordComesBack() {
        RequestRecord record =
                TestRecords.record(UUID.randomUUID(), NOW, KEY, "gpt", Ending.UPSTREAM_BROKE, 502);
        records.write("a", 1, List.of(record));
        assertThat(find(record.id()))
                .usingRecursiveComparison()
                .withComparatorForType(java.math.BigDecimal::compareTo, java.math.BigDecimal.class)
                .isEqualTo(LogRow.of(record));
    }

    @Test
    void aRecordThatIsImportedTwiceIsThereOnce() {
        RequestRecord first = TestRecords.completed(NOW, KEY, "gpt");
        RequestRecord again = TestRecords.record(first.id(), NOW, KEY, "other", Ending.FAILED, 500);
        records.write("a", 1, List.of(first));
        records.write("b", 1, List.of(again, TestRecords.completed(NOW, KEY, "gpt")));
        assertThat(search(LogFilter.ALL)).hasSize(2);
        assertThat(find(first.id()).ending()).isEqualTo("completed");
    }

    @Test
    void thePositionIsEachNodesOwnAndNeverGoesBack() {
        assertThat(records.importedUpTo("a")).isZero();
        records.write("a", 41, List.of());
        records.write("b", 7, List.of());
        records.write("a", 40, List.of());
        assertThat(records.importedUpTo("a")).isEqualTo(41);
        assertThat(records.importedUpTo("b")).isEqualTo(7);
    }

    @Test
    void recordsAndPositionAreWrittenTogetherOrNotAtAll() {
        RequestRecord good = TestRecords.completed(NOW, KEY, "gpt");
        database.update(handle -> handle.execute("drop table import_positions"));
        assertThat(
                        org.assertj.core.api.Assertions.catchThrowable(
                                () -> records.write("a", 1, List.of(good))))
                .isNotNull();
        assertThat(search(LogFilter.ALL)).isEmpty();
    }

    @Test
    void textsThatADatabaseWouldRefuseAreMended() {
        String model = "m\0".repeat(10_000);
        RequestRecord record = TestRecords.completed(NOW, KEY, model);
        records.write("a", 1, List.of(record));
        assertThat(find(record.id()).model()).startsWith("m\ufffdm").hasSize(255);
    }

    @Test
    void eachFilterNarrowsTheSearch() {
        RequestRecord hit =
                TestRecords.record(UUID.randomUUID(), NOW, KEY, "gpt", Ending.TIMED_OUT, 504);
        records.write(
                "a", 1, List.of(hit, TestRecords.completed(NOW.minusSeconds(60), OTHER, "claude")));
        List<LogFilter> filters =
                List.of(
                        new LogFilter(KEY, null, null, null, null, null, null),
                        new LogFilter(null, TestRecords.UPSTREAM, 504, null, null, null, null),
                        new LogFilter(null, null, null, "gpt", null, null, null),
                        new LogFilter(null, null, null, null, "timed_out", null, null),
                        new LogFilter(null, null, null, null, null, NOW, null),
                        new LogFilter(null, null, null, null, null, NOW, NOW));
        for (LogFilter filter : filters) {
            assertThat(search(filter)).as("%s", filter).containsExactly(hit.id());
        }
        assertThat(search(new LogFilter(null, null, null, null, null, null, NOW.minusSeconds(1))))
                .hasSize(1)
                .doesNotContain(hit.id());
    }

    @Test
    void cursorsWalkAllRowsOnceAlsoWhereTimesAreEqual() {
        List<RequestRecord> written =
                IntStream.range(0, 25)
                        .mapToObj(i -> TestRecords.completed(NOW.plusSeconds(i / 10), KEY, "gpt"))
                        .toList();
        records.write("a", 25, written);
        List<UUID> seen = new ArrayList<>();
        LogCursor cursor = null;
        while (true) {
            LogCursor after = cursor;
            List<LogRow> page =
                    database.read(handle -> new LogSearch(LogFilter.ALL).rows(handle, after, 0, 4));
            if (page.isEmpty()) {
                break;
            }
            page.forEach(row -> seen.add(row.id()));
            LogRow last = page.getLast();
            cursor =
                    LogCursor.parse(new LogCursor(last.startedAt(), last.id()).text())
                            .orElseThrow();
        }
        assertThat(seen)
                .doesNotHaveDuplicates()
                .containsExactlyInAnyOrderElementsOf(
                        written.stream().map(RequestRecord::id).toList());
    }

    @Test
    void retentionDeletesWhatIsTooOldAndNothingElse() {
        List<RequestRecord> old =
                IntStream.range(0, 2_500)
                        .mapToObj(_ ->
                                TestRecords.completed(NOW.minus(Duration.ofDays(91)), KEY, "gpt"))
                        .toList();
        RequestRecord young =
                TestRecords.completed(NOW.minus(Duration.ofDays(90)).plusSeconds(1), KEY, "gpt");
        records.write("a", 1, old);
        records.write("a", 2, List.of(young));
        Clock clock = Clock.fixed(NOW, ZoneOffset.UTC);
        try (Retention forever = new Retention(database, clock, 0)) {
            assertThat(forever.deleteOld()).isZero();
        }
        try (Retention retention = new Retention(database, clock, 90)) {
            assertThat(retention.deleteOld()).isEqualTo(2_500);
        }
        assertThat(search(LogFilter.ALL)).containsExactly(young.id());
    }

    @Test
    void retentionIsDueAtTwoInUtc() {
        assertThat(Retention.nextAfter(Instant.parse("2026-03-01T01:59:59Z")))
                .isEqualTo("2026-03-01T02:00:00Z");
        assertThat(Retention.nextAfter(Instant.parse("2026-03-01T02:00:00Z")))
                .isEqualTo("2026-03-02T02:00:00Z");
    }

    private LogRow find(UUID id) {
        return database.read(handle -> handle.attach(RequestLogStore.class).find(id).orElseThrow());
    }

    private List<UUID> search(LogFilter filter) {
        return database.read(handle ->
                new LogSearch(filter).rows(handle, null, 0, 100).stream().map(LogRow::id).toList());
    }
}
