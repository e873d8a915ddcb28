package dev.sluice.journal;

import static dev.sluice.journal.JournalOnDisk.PATIENCE;
import static dev.sluice.journal.JournalOnDisk.append;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.RunningGateway;
import dev.sluice.proxy.account.RequestRecord;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ImporterTest {
    @TempDir Path folder;
    private JournalOnDisk disk;

    @BeforeEach
    void useFolder() {
        disk = new JournalOnDisk(folder);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 42})
    void aDatabaseThatFailsAtAnyMomentLosesDoublesAndSetsAsideNothing(long seed) throws Exception {
        Random chance = new Random(seed);
        TransactionalTable table =
                new TransactionalTable().failing(() -> maybeFail(chance), () -> maybeFail(chance));
        List<UUID> all = new ArrayList<>();
        for (int start = 0; start < 3; start++) {
            try (Journal journal = disk.open();
                    Importer importer = JournalOnDisk.importer(journal, table)) {
                for (int n = 0; n < 150; n++) {
                    all.add(UUID.randomUUID());
                    append(journal, all.getLast());
                }
                if (start == 2) {
                    assertThat(importer.drain(PATIENCE)).as("seed %d", seed).isTrue();
                }
            }
        }
        assertThat(table.ids()).as("seed %d", seed).containsExactlyElementsOf(all);
        assertThat(table.writtenTwice()).as("seed %d", seed).isZero();
        assertThat(disk.setAside()).as("seed %d", seed).isEmpty();
    }

    @Test
    void whileTheDatabaseIsAwayRecordsWaitAndThatIsSeen() throws Exception {
        AtomicBoolean away = new AtomicBoolean(true);
        TransactionalTable table =
                new TransactionalTable()
                        .failing(
                                () -> {
                                    if (away.get()) {
                                        throw new IllegalStateException("no connection");
                                    }
                                },
                                () -> {});
        disk.hold(new UUID(1, 1));
        Clock later = Clock.fixed(Instant.now().plusSeconds(600), ZoneOffset.UTC);
        try (Journal journal = disk.open();
                Importer importer = new Importer(journal, table, later)) {
            importer.start();
            append(journal, new UUID(2, 2));
            RunningGateway.await("a failure", () -> "no connection".equals(importer.failure()));

            assertThat(importer.lag()).isEqualTo(2);
            assertThat(importer.oldestWaiting()).isGreaterThan(Duration.ofSeconds(550));
            assertThat(importer.drain(Duration.ofMillis(50))).isFalse();

            away.set(false);
            assertThat(importer.drain(PATIENCE)).isTrue();
            RunningGateway.await("recovery", () -> importer.failure() == null);
            assertThat(importer.oldestWaiting()).isZero();
        }
        assertThat(table.ids()).containsExactly(new UUID(1, 1), new UUID(2, 2));
        assertThat(disk.setAside()).isEmpty();
    }

    @Test
    void theLagCountsWhatIsHeldAfterARestartAndNoMore() throws Exception {
        TransactionalTable table = new TransactionalTable();
        disk.hold(new UUID(1, 1), new UUID(1, 2));
        assertThat(disk.importInto(table)).hasSize(2);
        disk.hold(new UUID(1, 3));

        try (Journal journal = disk.open();
                Importer importer = JournalOnDisk.importer(journal, table)) {
            assertThat(importer.drain(PATIENCE)).isTrue();
            assertThat(importer.lag()).isZero();
            append(journal, new UUID(1, 4));
            assertThat(importer.drain(PATIENCE)).isTrue();
        }
        assertThat(table.ids()).hasSize(4);
        assertThat(table.writtenTwice()).isZero();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 7, 19})
    void aRecordThatTheDatabaseRefusesIsSetAsideAndTheOthersAreWritten(int place) throws Exception {
        List<UUID> all = hold(20);
        UUID refused = all.remove(place);
        TransactionalTable table = new TransactionalTable().refusing(is(refused));

        assertThat(disk.importInto(table)).containsExactlyElementsOf(all);
        assertThat(disk.setAside()).singleElement().asString().contains(refused.toString());
        assertThat(Files.readString(folder.resolve("corrupt").resolve(disk.setAside().getFirst())))
                .contains(refused.toString());
    }

    @Test
    void aRefusedRecordWaitsUntilAnotherShowsThatItAloneIsAtFault() throws Exception {
        UUID refused = hold(1).getFirst();
        TransactionalTable table = new TransactionalTable().refusing(is(refused));
        try (Journal journal = disk.open();
                Importer importer = JournalOnDisk.importer(journal, table)) {
            assertThat(importer.drain(Duration.ofSeconds(3))).isFalse();
            assertThat(importer.failure()).isEqualTo("a value is out of range");
            assertThat(disk.setAside()).isEmpty();

            append(journal, new UUID(1, 1));
            assertThat(importer.drain(PATIENCE)).isTrue();
        }
        assertThat(table.ids()).containsExactly(new UUID(1, 1));
        assertThat(disk.setAside()).hasSize(1);
    }

    @Test
    void nothingIsSetAsideWhileTheDatabaseTakesNoRecordAtAll() throws Exception {
        List<UUID> all = hold(5);
        AtomicBoolean locked = new AtomicBoolean(true);
        TransactionalTable table = new TransactionalTable().refusing(_ -> locked.get());
        try (Journal journal = disk.open();
                Importer importer = JournalOnDisk.importer(journal, table)) {
            assertThat(importer.drain(Duration.ofSeconds(3))).isFalse();
            locked.set(false);
            assertThat(importer.drain(PATIENCE)).isTrue();
        }
        assertThat(table.ids()).containsExactlyElementsOf(all);
        assertThat(disk.setAside()).isEmpty();
    }

    @Test
    void severalRefusedRecordsAreEachSetAside() throws Exception {
        List<UUID> all = hold(12);
        Set<UUID> refused = Set.of(all.get(2), all.get(3), all.get(9), all.get(10), all.get(11));
        TransactionalTable table =
                new TransactionalTable().refusing(record -> refused.contains(record.id()));
        all.removeAll(refused);

        assertThat(disk.importInto(table)).containsExactlyElementsOf(all);
        assertThat(disk.setAside()).hasSize(5);
    }

    @Test
    void aRecordThatCannotBeReadIsSetAsideOnce() throws Exception {
        AtomicBoolean first = new AtomicBoolean(true);
        TransactionalTable table =
                new TransactionalTable()
                        .failing(
                                () -> {},
                                () -> {
                                    if (first.getAndSet(false)) {
                                        throw new IllegalStateException("lost the connection");
                                    }
                                });
        UUID sound = new UUID(1, 1);
        try (Journal journal = disk.open();
                Importer importer = JournalOnDisk.importer(journal, table)) {
            JournalOnDisk.await(
                    journal.log()
                            .append(
                                    new SegmentedLog.Entry(
                                            Frame.Kind.CLOSED,
                                            new UUID(9, 9),
                                            new byte[] {'{', '}'})));
            append(journal, sound);
            assertThat(importer.drain(PATIENCE)).isTrue();
            assertThat(journal.setAside()).isOne();
        }
        assertThat(table.ids()).containsExactly(sound);
    }

    @Test
    void anImporterThatWasNeverStartedCloses() throws Exception {
        try (Journal journal = disk.open();
                Importer importer =
                        new Importer(journal, new TransactionalTable(), Clock.systemUTC())) {
            append(journal, UUID.randomUUID());
            assertThat(importer.drain(Duration.ofMillis(10))).isFalse();
        }
    }

    private List<UUID> hold(int count) throws Exception {
        List<UUID> ids = new ArrayList<>();
        for (int n = 0; n < count; n++) {
            ids.add(UUID.randomUUID());
        }
        disk.hold(ids.toArray(UUID[]::new));
        return ids;
    }

    private static Predicate<RequestRecord> is(UUID id) {
        return record -> record.id().equals(id);
    }

    private static void maybeFail(Random chance) {
        if (chance.nextInt(4) == 0) {
            throw new IllegalStateException("the database went away");
        }
    }
}
