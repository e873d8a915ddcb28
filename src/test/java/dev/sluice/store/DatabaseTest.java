package dev.sluice.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass
@EnumSource(Vendor.class)
class DatabaseTest {
    private final Database database;

    DatabaseTest(Vendor vendor) {
        database = TestDatabase.migrated(vendor);
        String types =
                vendor == Vendor.SQLITE
                        ? "id text, at bigint, price text"
                        : "id uuid, at bigint, price numeric";
        database.update(handle -> handle.execute("create table things (" + types + ")"));
        database.update(handle ->
                handle.execute("create table counters (id integer primary key, n bigint)"));
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void idsInstantsAndDecimalsComeBackAsTheyWent() {
        UUID id = UUID.randomUUID();
        Instant at = Instant.parse("1969-12-31T23:59:59.999999Z");
        BigDecimal price = new BigDecimal("0.000000000123456789");
        database.update(handle ->
                handle.createUpdate("insert into things (id, at, price) values (:id, :at, :price)")
                        .bind("id", id)
                        .bind("at", at)
                        .bind("price", price)
                        .execute());
        assertThat(column("id", UUID.class)).isEqualTo(id);
        assertThat(column("at", Instant.class)).isEqualTo(at);
        assertThat(column("price", BigDecimal.class)).isEqualByComparingTo(price);
    }

    private <T> T column(String name, Class<T> type) {
        return database.read(
                handle -> handle.createQuery("select " + name + " from things").mapTo(type).one());
    }

    @Test
    void aWriteThatFailsLeavesNothingBehind() {
        assertThatThrownBy(() ->
                        database.update(handle -> {
                            handle.execute("insert into counters values (1, 1)");
                            throw new IllegalArgumentException("halfway");
                        }))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(counters()).isZero();
    }

    @Test
    void aTakenValueIsToldApartFromOtherFailures() {
        database.update(handle -> handle.execute("insert into counters values (1, 1)"));
        assertThatThrownBy(() ->
                        database.update(
                                handle -> handle.execute("insert into counters values (1, 2)")))
                .isInstanceOf(DuplicateRow.class);
        assertThatThrownBy(() -> database.update(handle -> handle.execute("no such statement")))
                .isNotInstanceOf(DuplicateRow.class)
                .isNotInstanceOf(DatabaseUnavailable.class);
    }

    @Test
    void aFailureDoesNotRepeatWhatWasBound() {
        String canary = "canary-7d1f";
        Throwable failure =
                catchThrowable(() ->
                        database.update(handle -> {
                            try (PreparedBatch batch =
                                    handle.prepareBatch(
                                            "insert into counters (id, n, nope)"
                                                    + " values (1, 1, :value)")) {
                                batch.bind("value", canary).add().execute();
                            }
                        }));
        StringWriter printed = new StringWriter();
        failure.printStackTrace(new PrintWriter(printed));
        assertThat(printed.toString()).contains("nope").doesNotContain(canary);
    }

    @Test
    void aReadCannotWrite() {
        assertThatThrownBy(() ->
                        database.read(
                                handle -> handle.execute("insert into counters values (9, 9)")))
                .isInstanceOf(DatabaseUnavailable.class);
        assertThat(counters()).isZero();
    }

    @Test
    void concurrentWritersLoseNoUpdate() throws Exception {
        database.update(handle -> handle.execute("insert into counters values (1, 0)"));
        Callable<Integer> increment =
                () ->
                        database.write(handle ->
                                handle.execute("update counters set n = n + 1 where id = 1"));
        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Integer>> results =
                    IntStream.range(0, 200).mapToObj(_ -> executor.submit(increment)).toList();
            for (Future<Integer> result : results) {
                assertThat(result.get()).isOne();
            }
        }
        assertThat(
                        database.<Long>read(handle ->
                                handle.createQuery("select n from counters")
                                        .mapTo(Long.class)
                                        .one()))
                .isEqualTo(200);
    }

    @Test
    void aReadSeesOneStateThroughout() {
        database.update(handle -> handle.execute("insert into counters values (1, 0)"));
        List<Integer> seen =
                database.read(handle -> {
                    int before = count(handle);
                    Thread writer =
                            Thread.startVirtualThread(() ->
                                    database.update(other ->
                                            other.execute("insert into counters values (2, 0)")));
                    join(writer);
                    return List.of(before, count(handle));
                });
        assertThat(seen).containsExactly(1, 1);
        assertThat(counters()).isEqualTo(2);
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException(interrupted);
        }
    }

    private int counters() {
        return database.read(DatabaseTest::count);
    }

    private static int count(org.jdbi.v3.core.Handle handle) {
        return handle.createQuery("select count(*) from counters").mapTo(Integer.class).one();
    }
}
