package dev.sluice.admin.log;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.admin.Actor;
import dev.sluice.admin.AdminJson;
import dev.sluice.admin.AdminRequest;
import dev.sluice.admin.spend.SpendArchive;
import dev.sluice.store.Database;
import dev.sluice.store.TestDatabase;
import dev.sluice.store.Vendor;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;

@ParameterizedClass
@EnumSource(Vendor.class)
class UsageSumsTest {
    private static final UUID KEY = UUID.fromString("00000000-0000-7000-8000-000000000001");
    private static final Instant START = Instant.parse("2026-03-27T00:00:00Z");
    private static final Duration SPAN = Duration.ofDays(4);

    private final Database database;

    UsageSumsTest(Vendor vendor) {
        this.database = TestDatabase.migrated(vendor);
    }

    @AfterEach
    void close() {
        database.close();
    }

    private long requests(Instant from, Instant until) {
        JsonNode answer =
                AdminJson.tree(
                        new UsageResource(database)
                                .sums(
                                        new AdminRequest(
                                                        Map.of(),
                                                        Map.of(
                                                                "start_time",
                                                                from.toString(),
                                                                "end_time",
                                                                until.minusNanos(1_000).toString()),
                                                        AdminJson.object())
                                                .by(Actor.operator("127.0.0.1")))
                                .body()
                                .toString());
        return answer.at("/total/requests").asLong();
    }

    @Test
    void daysOfEveryTimeZoneStayExactAndOtherTimesCountEachCallOnce() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        List<Instant> times = new ArrayList<>();
        for (int i = 0; i < 400; i++) {
            times.add(START.plusNanos(random.nextLong(SPAN.toNanos() / 1_000) * 1_000));
        }
        new DatabaseRecordImport(database, Clock.systemUTC())
                .write(
                        "node",
                        1,
                        times.stream()
                                .map(time -> TestRecords.completed(time, KEY, "gpt"))
                                .toList());
        Instant cut = START.plus(SPAN.dividedBy(2)).plusSeconds(123);
        int deleted = database.write(handle -> SpendArchive.deleteOlderThan(handle, cut, 1_000));
        assertThat(deleted).as("seed %d", seed).isBetween(1, 399);

        for (String zone : List.of("UTC", "Europe/Berlin", "America/New_York", "Asia/Kathmandu")) {
            ZonedDateTime day =
                    START.atZone(ZoneId.of(zone)).toLocalDate().atStartOfDay(ZoneId.of(zone));
            for (; day.toInstant().isBefore(START.plus(SPAN)); day = day.plusDays(1)) {
                Instant from = day.toInstant();
                Instant until = day.plusDays(1).toInstant();
                long expected =
                        times.stream()
                                .filter(time -> !time.isBefore(from) && time.isBefore(until))
                                .count();
                assertThat(requests(from, until))
                        .as("%s %s, seed %d", zone, day, seed)
                        .isEqualTo(expected);
            }
        }
        long all = 0;
        Instant from = START.minusSeconds(3_600);
        while (from.isBefore(START.plus(SPAN))) {
            Instant until = from.plusSeconds(1 + random.nextInt(40_000));
            all += requests(from, until);
            from = until;
        }
        assertThat(all).as("seed %d", seed).isEqualTo(400);
    }
}
