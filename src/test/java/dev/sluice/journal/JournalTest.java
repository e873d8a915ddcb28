package dev.sluice.journal;

import static dev.sluice.journal.JournalOnDisk.PATIENCE;
import static dev.sluice.journal.JournalOnDisk.append;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.RunningGateway;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalTest {
    @TempDir Path folder;
    private JournalOnDisk disk;

    @BeforeEach
    void useFolder() {
        disk = new JournalOnDisk(folder);
    }

    @Test
    void whatFourThreadsAppendIsFoundWholeAndInOrderAfterAReopening() throws Exception {
        Map<Integer, List<UUID>> appended = new ConcurrentHashMap<>();
        try (Journal journal = disk.open()) {
            appendFromFourThreads(journal, 500, appended);
        }
        List<UUID> found = disk.imported();

        assertThat(found).hasSize(2000).doesNotHaveDuplicates();
        appended.values()
                .forEach(ofOneThread -> assertThat(found).containsSubsequence(ofOneThread));
    }

    @Test
    void whatFourThreadsAppendIsImportedOnceWhileTheyDo() throws Exception {
        TransactionalTable table = new TransactionalTable();
        Map<Integer, List<UUID>> appended = new ConcurrentHashMap<>();
        try (Journal journal = disk.open();
                Importer importer = JournalOnDisk.importer(journal, table)) {
            appendFromFourThreads(journal, 1000, appended);
            assertThat(importer.drain(PATIENCE)).isTrue();
        }
        assertThat(table.ids())
                .containsExactlyInAnyOrderElementsOf(
                        appended.values().stream().flatMap(List::stream).toList());
        assertThat(table.writtenTwice()).isZero();
    }

    @Test
    void anAppendIsDoneAtOnceWhereASegmentHasRoom() throws Exception {
        try (Journal journal = disk.open()) {
            var first = journal.closed(Records.completed(UUID.randomUUID()));
            var second = journal.opened(Records.opening(UUID.randomUUID()));

            assertThat(first.succeeded()).isTrue();
            assertThat(second).isSameAs(first);
        }
    }

    @Test
    void aRestartGoesOnWhereTheImportStood() throws Exception {
        TransactionalTable table = new TransactionalTable();
        List<UUID> all = new ArrayList<>();
        for (int start = 0; start < 4; start++) {
            try (Journal journal = disk.open();
                    Importer importer = JournalOnDisk.importer(journal, table)) {
                for (int n = 0; start != 2 && n < 100; n++) {
                    all.add(UUID.randomUUID());
                    append(journal, all.getLast());
                }
                assertThat(importer.drain(PATIENCE)).isTrue();
            }
        }
        assertThat(table.ids()).containsExactlyElementsOf(all);
        assertThat(table.writtenTwice()).isZero();
    }

    @Test
    void startsWithoutTrafficTakeNoMoreDisk() throws Exception {
        disk.hold(UUID.randomUUID());
        int before = disk.segments().size();
        for (int start = 0; start < 3; start++) {
            disk.open().close();
        }
        assertThat(disk.segments()).hasSizeLessThanOrEqualTo(Math.max(2, before));
    }

    @Test
    void whatIsImportedIsReleased() throws Exception {
        TransactionalTable table = new TransactionalTable();
        try (Journal journal = disk.open();
                Importer importer = JournalOnDisk.importer(journal, table)) {
            for (int n = 0; n < 500; n++) {
                append(journal, UUID.randomUUID());
            }
            assertThat(importer.drain(PATIENCE)).isTrue();
            RunningGateway.await("the release", () -> journal.bytes() <= 2 * JournalOnDisk.SEGMENT);
        }
        assertThat(disk.segments()).hasSizeLessThanOrEqualTo(3);
    }

    @Test
    void aSecondUserOfTheFolderIsRefusedAndToldWhatToDo() throws Exception {
        try (Journal journal = disk.open()) {
            assertThat(journal.acceptsCalls()).isTrue();
            assertThatThrownBy(() -> disk.open())
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("data folder of its own");
        }
        disk.open().close();
    }

    @Test
    void aClosedJournalTakesNothing() throws Exception {
        Journal journal = disk.open();
        journal.close();

        assertThat(journal.acceptsCalls()).isFalse();
        assertThat(journal.closed(Records.completed(UUID.randomUUID())).failed()).isTrue();
    }

    @Test
    void anEntryLargerThanASegmentIsRefusedAndHoldsUpNoOther() throws Exception {
        try (Journal journal = disk.open()) {
            var tooLarge =
                    journal.log()
                            .append(
                                    new SegmentedLog.Entry(
                                            Frame.Kind.CLOSED,
                                            UUID.randomUUID(),
                                            new byte[JournalOnDisk.SEGMENT]));
            assertThat(tooLarge.failed()).isTrue();
            append(journal, UUID.randomUUID());
        }
    }

    @Test
    void settingsThatCannotWorkAreRefused() {
        assertThatThrownBy(() -> new JournalSettings(folder, 1024, 1 << 20, Duration.ofSeconds(1)))
                .hasMessageContaining("journal.segment_bytes");
        assertThatThrownBy(
                        () -> new JournalSettings(folder, 1 << 20, 1 << 20, Duration.ofSeconds(1)))
                .hasMessageContaining("journal.max_bytes");
        assertThatThrownBy(() -> new JournalSettings(folder, 1 << 20, 1 << 30, Duration.ZERO))
                .hasMessageContaining("journal.fsync_interval");
    }

    private static void appendFromFourThreads(
            Journal journal, int each, Map<Integer, List<UUID>> appended) throws Exception {
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            int number = i;
            threads.add(
                    Thread.ofPlatform()
                            .start(() -> appended.put(number, appendMany(journal, each))));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(appended).hasSize(4);
    }

    private static List<UUID> appendMany(Journal journal, int count) {
        List<UUID> ids = new ArrayList<>();
        for (int n = 0; n < count; n++) {
            UUID id = UUID.randomUUID();
            journal.closed(Records.completed(id)).toCompletionStage().toCompletableFuture().join();
            ids.add(id);
        }
        return ids;
    }
}
