package dev.sluice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.People.Person;
import dev.sluice.admin.log.Retention;
import dev.sluice.admin.spend.SpendArchive;
import dev.sluice.store.Database;
import dev.sluice.store.Encryption;
import dev.sluice.store.TestDatabase;
import dev.sluice.store.Vendor;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;

/** What calls used stays known when their records are deleted, on every database. */
@ParameterizedClass
@EnumSource(Vendor.class)
class UsageAfterRetentionTest {
    private static final List<String> GROUPINGS =
            List.of("key", "user", "organization", "upstream", "model", "day");
    private final Instant future = Instant.now().plus(Duration.ofDays(2));

    @TempDir Path folder;
    private final Vendor vendor;
    private RunningGateway gateway;
    private Database database;
    private People people;
    private Person ada;
    private Person boss;
    private Person other;

    UsageAfterRetentionTest(Vendor vendor) {
        this.vendor = vendor;
    }

    @BeforeEach
    void start() throws Exception {
        String url =
                vendor == Vendor.SQLITE
                        ? "sqlite:///" + folder.resolve("used.db")
                        : TestDatabase.freshUrl(vendor);
        gateway =
                RunningGateway.in(
                        folder,
                        Map.of(
                                "DATABASE_URL",
                                url,
                                "ENCRYPTION_KEY",
                                Encryption.generateKey(new SecureRandom())));
        database = Database.open(url, Clock.systemUTC());
        people = new People(gateway);
        String red = people.organization("red");
        ada = people.person("ada", "member", red);
        boss = people.person("boss", "admin", red);
        other = people.person("other", "owner", people.organization("blue"));
        gateway.admin(
                "POST", "/admin/prices", "{\"model\":\"sim-*\",\"input\":\"3\",\"output\":\"15\"}");
    }

    @AfterEach
    void close() {
        gateway.close();
        database.close();
    }

    /** Calls that are answered, that fail and that are refused, of keys of three owners. */
    private int calls() throws Exception {
        int made = 0;
        for (Person person : List.of(ada, boss, other)) {
            String key =
                    person.post(
                                    "/admin/keys",
                                    "{\"name\":\"of %s\"%s}"
                                            .formatted(
                                                    person.name,
                                                    person == ada
                                                            ? ""
                                                            : ",\"limits\":[{\"kind\":\"requests\",\"period\":\"day\",\"amount\":3}]"))
                            .text("key");
            assertThat(key).isNotEmpty();
            for (String model :
                    List.of(
                            "sim-1",
                            "sim-reasoning",
                            "simulator/sim-1!status=400",
                            "sim-1",
                            "sim-1")) {
                people.as(
                        key,
                        "POST",
                        "/v1/chat/completions",
                        "{\"model\":\"%s\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}"
                                .formatted(model));
                made++;
            }
        }
        return made;
    }

    /** Everything that usage is asked for by everybody. */
    private Map<String, JsonNode> usage() throws Exception {
        Map<String, JsonNode> answers = new LinkedHashMap<>();
        List<String> queries = new ArrayList<>(List.of("", "?model=sim-1", "?user_id=" + ada.id));
        GROUPINGS.forEach(grouping -> queries.add("?group_by=" + grouping));
        for (String query : queries) {
            answers.put("operator " + query, gateway.admin("GET", "/admin/usage" + query, null));
            for (Person person : List.of(ada, boss, other)) {
                answers.put(person.name + query, person.get("/admin/usage" + query).body());
            }
        }
        return answers;
    }

    private int deleteAll() {
        try (Retention retention =
                new Retention(database, Clock.offset(Clock.systemUTC(), Duration.ofDays(3)), 1)) {
            return retention.deleteOld();
        }
    }

    @Test
    void everySumStaysWhatItWasForEverybody() throws Exception {
        int made = calls();
        gateway.records(made);
        Map<String, JsonNode> before = usage();
        JsonNode total = gateway.admin("GET", "/admin/usage", null).path("total");
        assertThat(total.path("requests").asInt()).isEqualTo(made);
        assertThat(total.path("failures").asInt()).isPositive();
        assertThat(total.path("cost_nanos").asLong()).isPositive();
        assertThat(total.path("currency").asString("")).isEqualTo("USD");

        assertThat(deleteAll()).isEqualTo(made);
        assertThat(gateway.admin("GET", "/admin/logs", null).path("total").asInt()).isZero();
        assertThat(usage()).isEqualTo(before);

        int more = calls();
        gateway.records(more);
        JsonNode doubled = gateway.admin("GET", "/admin/usage", null).path("total");
        for (String field : List.of("requests", "failures", "total_tokens", "cost_nanos")) {
            assertThat(doubled.path(field).asLong())
                    .as(field)
                    .isEqualTo(2 * total.path(field).asLong());
        }
        assertThat(deleteAll()).isEqualTo(more);
        assertThat(gateway.admin("GET", "/admin/usage", null).path("total")).isEqualTo(doubled);
    }

    @Test
    void whatIsBrokenOffAmidDeletingIsCountedOnce() throws Exception {
        gateway.records(calls());
        Map<String, JsonNode> before = usage();
        assertThatThrownBy(() ->
                        database.write(handle -> {
                            SpendArchive.deleteOlderThan(handle, future, 5);
                            throw new IllegalStateException("broken off");
                        }))
                .hasMessage("broken off");
        assertThat(usage()).isEqualTo(before);
        database.write(handle -> SpendArchive.deleteOlderThan(handle, future, 7));
        assertThat(usage()).isEqualTo(before);
        deleteAll();
        assertThat(usage()).isEqualTo(before);
    }

    @Test
    void severalThatDeleteAtOnceCountEachCallOnce() throws Exception {
        int made = calls();
        gateway.records(made);
        Map<String, JsonNode> before = usage();
        try (ExecutorService nodes = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Integer>> deleting = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                deleting.add(nodes.submit(this::deleteInSmallSteps));
            }
            int deleted = 0;
            for (Future<Integer> one : deleting) {
                deleted += one.get();
            }
            assertThat(deleted).isEqualTo(made);
        }
        assertThat(usage()).isEqualTo(before);
    }

    private int deleteInSmallSteps() {
        int deleted = 0;
        while (true) {
            int step = database.write(handle -> SpendArchive.deleteOlderThan(handle, future, 2));
            deleted += step;
            long left =
                    database.read(handle ->
                            handle.createQuery("select count(*) from request_logs")
                                    .mapTo(Long.class)
                                    .one());
            if (step == 0 && left == 0) {
                return deleted;
            }
        }
    }
}
