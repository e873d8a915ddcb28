package dev.sluice.admin.spend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.admin.log.DatabaseRecordImport;
import dev.sluice.catalog.limit.Scope;
import dev.sluice.catalog.limit.Subject;
import dev.sluice.chat.Protocol;
import dev.sluice.chat.Usage;
import dev.sluice.proxy.account.Ending;
import dev.sluice.proxy.account.RequestRecord;
import dev.sluice.proxy.ledger.Amounts;
import dev.sluice.proxy.ledger.SpendHistory.Span;
import dev.sluice.store.Database;
import dev.sluice.store.TestDatabase;
import dev.sluice.store.Vendor;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass
@EnumSource(Vendor.class)
class RecordedSpendTest {
    private static final Instant START = Instant.parse("2026-03-01T00:00:00Z");
    private static final Instant END = START.plus(Duration.ofDays(10));
    private static final List<String> MODELS = List.of("gpt-5", "claude");

    private final Database database;
    private final Random random = new Random();

    RecordedSpendTest(Vendor vendor) {
        this.database = TestDatabase.migrated(vendor);
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void whatIsRecordedIsWhatWasUsedAlsoWhenRecordsHaveBeenDeleted() {
        long seed = System.nanoTime();
        random.setSeed(seed);
        List<RequestRecord> records = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            records.add(record());
        }
        new DatabaseRecordImport(database, Clock.systemUTC()).write("node", 1, records);

        check(records, seed);
        int deleted = 0;
        int step;
        do {
            step =
                    database.write(handle ->
                            SpendArchive.deleteOlderThan(
                                    handle, START.plus(Duration.ofDays(5)), 40));
            deleted += step;
        } while (step > 0);
        assertThat(deleted).isPositive().isLessThan(300);
        check(records, seed);
    }

    private void check(List<RequestRecord> records, long seed) {
        for (Instant from : new Instant[] {null, START.plus(Duration.ofMinutes(15L * 50))}) {
            Map<Scope, Map<UUID, Amounts>> expected = sums(records, from);
            for (Scope scope : Scope.values()) {
                Map<UUID, Amounts> sums = expected.getOrDefault(scope, Map.of());
                assertThat(
                                new RecordedSpend(database)
                                        .spent(new Span(scope, from, END), sums.keySet()))
                        .as("%s from %s, seed %d", scope, from, seed)
                        .isEqualTo(sums);
            }
        }
    }

    @Test
    void aCallThatEndedLaterIsNotAskedFor() {
        RequestRecord record = record();
        new DatabaseRecordImport(database, Clock.systemUTC()).write("node", 1, List.of(record));
        Instant ended = record.startedAt().plusNanos(record.timing().durationMicros() * 1000);
        Set<UUID> everything = Set.of(Subject.global().id());

        RecordedSpend spend = new RecordedSpend(database);

        assertThat(spend.spent(new Span(Scope.GLOBAL, null, ended.minusNanos(1000)), everything))
                .isEmpty();
        assertThat(spend.spent(new Span(Scope.GLOBAL, null, ended), everything)).hasSize(1);
    }

    private static Map<Scope, Map<UUID, Amounts>> sums(
            List<RequestRecord> records, @Nullable Instant from) {
        Map<Scope, Map<UUID, Amounts>> sums = new EnumMap<>(Scope.class);
        for (RequestRecord record : records) {
            if (from != null && record.startedAt().isBefore(from)) {
                continue;
            }
            Long nanos = record.cost().nanos();
            Amounts amounts =
                    new Amounts(
                            record.outcome().ending() == Ending.REFUSED ? 0 : 1,
                            record.usage().total(),
                            nanos == null ? 0 : nanos);
            List<Subject> subjects = new ArrayList<>(List.of(Subject.global()));
            add(subjects, record.asker().keyId(), Scope.KEY);
            add(subjects, record.asker().userId(), Scope.USER);
            add(subjects, record.asker().organizationId(), Scope.ORGANIZATION);
            add(subjects, record.served().upstreamId(), Scope.UPSTREAM);
            if (!record.attempts().isEmpty()) {
                subjects.add(Subject.model(String.valueOf(record.attempts().getLast().model())));
            }
            for (Subject subject : subjects) {
                sums.computeIfAbsent(subject.scope(), _ -> new HashMap<>())
                        .merge(subject.id(), amounts, Amounts::plus);
            }
        }
        return sums;
    }

    private static void add(List<Subject> subjects, @Nullable UUID id, Scope scope) {
        if (id != null) {
            subjects.add(new Subject(scope, id));
        }
    }

    private RequestRecord record() {
        boolean isRefused = random.nextInt(5) == 0;
        String model = MODELS.get(random.nextInt(2));
        UUID upstream = new UUID(3, random.nextInt(2));
        RequestRecord.Served served =
                new RequestRecord.Served(
                        upstream, "up", model + "-2026", Protocol.OPENAI_CHAT, null, null);
        RequestRecord.AttemptRecord attempt =
                new RequestRecord.AttemptRecord(
                        upstream, "up", model, null, 0, 10, 200, "answered", null);
        return new RequestRecord(
                UUID.randomUUID(),
                START.plus(Duration.ofMillis(random.nextLong(Duration.ofDays(9).toMillis()))),
                new RequestRecord.Asker(id(1), "sk", null, id(2), id(4), null, "127.0.0.1", null),
                new RequestRecord.Asked("POST", "/v1/chat/completions", null, model, false),
                isRefused ? RequestRecord.Served.NOBODY : served,
                new RequestRecord.Outcome(
                        isRefused ? Ending.REFUSED : Ending.COMPLETED, 200, null, null, null),
                new RequestRecord.Timing(null, random.nextLong(1, 1_000_000)),
                isRefused ? Usage.NONE : Usage.provider(random.nextInt(1000), random.nextInt(99)),
                isRefused || random.nextInt(4) == 0
                        ? RequestRecord.Cost.UNPRICED
                        : RequestRecord.Cost.UNPRICED.withNanos(random.nextInt(1_000_000)),
                new RequestRecord.Traffic(1, 1, 0),
                isRefused ? List.of() : List.of(attempt),
                List.of());
    }

    private @Nullable UUID id(int kind) {
        int number = random.nextInt(4);
        return number == 0 ? null : new UUID(kind, number);
    }
}
