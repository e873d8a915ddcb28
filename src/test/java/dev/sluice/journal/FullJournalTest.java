package dev.sluice.journal;

import static dev.sluice.journal.JournalOnDisk.PATIENCE;
import static dev.sluice.journal.JournalOnDisk.append;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sluice.RunningGateway;
import io.vertx.core.Future;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FullJournalTest {
    @TempDir Path folder;
    private final AtomicBoolean diskFull = new AtomicBoolean();
    private JournalOnDisk disk;

    @BeforeEach
    void useFolder() {
        disk = new JournalOnDisk(folder);
    }

    @Test
    void aFullJournalRefusesNewCallsTakesThoseThatRunAndOpensAgainAfterAnImport() throws Exception {
        TransactionalTable table = new TransactionalTable();
        List<UUID> all = new ArrayList<>();
        try (Journal journal = disk.open(2)) {
            all.addAll(fill(journal));
            assertThat(journal.failure()).contains("wait for the database");
            for (int running = 0; running < 100; running++) {
                all.add(UUID.randomUUID());
                append(journal, all.getLast());
            }
            assertThat(journal.acceptsCalls()).isFalse();

            try (Importer importer = JournalOnDisk.importer(journal, table)) {
                assertThat(importer.drain(PATIENCE)).isTrue();
                RunningGateway.await("room", journal::acceptsCalls);
                assertThat(journal.failure()).isNull();
            }
        }
        assertThat(table.ids()).containsExactlyElementsOf(all);
    }

    @Test
    void pastAllHeadRoomEntriesWaitInBoundsUntilThereIsRoom() throws Exception {
        TransactionalTable table = new TransactionalTable();
        UUID running = UUID.randomUUID();
        List<Future<Void>> appended = new ArrayList<>();
        try (Journal journal = disk.open(2)) {
            JournalOnDisk.await(journal.opened(Records.opening(running)));
            Future<Void> last = Future.succeededFuture();
            while (!last.failed()) {
                last = journal.closed(Records.completed(UUID.randomUUID()));
                appended.add(last);
            }
            assertThat(last.cause()).hasMessageContaining("full");
            appended.removeLast();

            try (Importer importer = JournalOnDisk.importer(journal, table)) {
                for (Future<Void> future : appended) {
                    JournalOnDisk.await(future);
                }
                assertThat(importer.drain(PATIENCE)).isTrue();
                RunningGateway.await("room", journal::acceptsCalls);
            }
            assertThat(journal.openCalls()).isOne();
        }
        assertThat(table.ids()).hasSize(appended.size());
        try (Journal journal = disk.open()) {
            assertThat(journal.interrupted())
                    .singleElement()
                    .satisfies(opening -> assertThat(opening.record().id()).isEqualTo(running));
        }
    }

    @Test
    void aFullDiskRefusesNewCallsAndLosesNoneThatRun() throws Exception {
        TransactionalTable table = new TransactionalTable();
        List<UUID> all = new ArrayList<>();
        try (Journal journal = open(64);
                Importer importer = JournalOnDisk.importer(journal, table)) {
            RunningGateway.await("a prepared segment", () -> journal.preparedSegments() == 1);
            diskFull.set(true);
            all.addAll(fill(journal));
            assertThat(journal.failure()).contains("No space left");
            List<Future<Void>> running = new ArrayList<>();
            for (int n = 0; n < 40; n++) {
                all.add(UUID.randomUUID());
                running.add(journal.closed(Records.completed(all.getLast())));
            }
            assertThat(journal.acceptsCalls()).isFalse();
            diskFull.set(false);
            for (Future<Void> record : running) {
                JournalOnDisk.await(record);
            }
            RunningGateway.await("room", journal::acceptsCalls);
            assertThat(journal.failure()).isNull();
            assertThat(importer.drain(PATIENCE)).isTrue();
        }
        assertThat(table.ids()).containsExactlyElementsOf(all);
    }

    @Test
    void onAFullDiskAStartImportsWhatIsHeldAndTakesNoNewCalls() throws Exception {
        disk.hold(new UUID(1, 1), new UUID(2, 2));
        tearTheTail();
        diskFull.set(true);
        TransactionalTable table = new TransactionalTable();
        try (Journal journal = open(64);
                Importer importer = JournalOnDisk.importer(journal, table)) {
            assertThat(importer.drain(PATIENCE)).isTrue();
            assertThat(table.ids()).containsExactly(new UUID(1, 1), new UUID(2, 2));
            assertThat(journal.acceptsCalls()).isFalse();

            diskFull.set(false);
            RunningGateway.await("room", journal::acceptsCalls);
            append(journal, new UUID(3, 3));
            assertThat(importer.drain(PATIENCE)).isTrue();
        }
        assertThat(table.ids()).hasSize(3);
    }

    @Test
    void aFullDiskWithNothingToImportRefusesTheStart() {
        diskFull.set(true);
        assertThatThrownBy(() -> open(64))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("No space left");
    }

    @Test
    void aDiskThatIsReallyFullShowsWhenASegmentIsMadeAndNeverLater() throws Exception {
        Path mount = Files.createDirectory(folder.resolve("small"));
        assumeTrue(
                run("mount", "-t", "tmpfs", "-o", "size=400k", "tmpfs", mount.toString()),
                "a small file system cannot be mounted here");
        try {
            fillASmallDisk(new JournalOnDisk(mount.resolve("journal")));
        } finally {
            assertThat(run("umount", "-l", mount.toString())).isTrue();
        }
    }

    private static void fillASmallDisk(JournalOnDisk small) throws Exception {
        TransactionalTable table = new TransactionalTable();
        List<UUID> all = new ArrayList<>();
        try (Journal journal = small.open()) {
            all.addAll(fill(journal));
            try (Importer importer = JournalOnDisk.importer(journal, table)) {
                assertThat(importer.drain(PATIENCE)).isTrue();
                RunningGateway.await("room", journal::acceptsCalls);
                all.add(UUID.randomUUID());
                append(journal, all.getLast());
                assertThat(importer.drain(PATIENCE)).isTrue();
            }
        }
        assertThat(table.ids()).containsExactlyElementsOf(all);
    }

    /** Takes calls, each of a record, as long as the journal does. */
    private static List<UUID> fill(Journal journal) throws Exception {
        List<UUID> ids = new ArrayList<>();
        List<Future<Void>> written = new ArrayList<>();
        while (journal.failure() == null) {
            if (journal.acceptsCalls()) {
                ids.add(UUID.randomUUID());
                written.add(journal.closed(Records.completed(ids.getLast())));
            }
        }
        for (Future<Void> record : written) {
            JournalOnDisk.await(record);
        }
        return ids;
    }

    private Journal open(int segments) throws IOException {
        return Journal.open(
                disk.settings(segments),
                Clock.systemUTC(),
                (path, header, size) -> {
                    if (diskFull.get()) {
                        throw new IOException("No space left on device");
                    }
                    return Segment.create(path, header, size);
                });
    }

    /** Leaves what a kill amid an append leaves, so that the segment cannot be gone on in. */
    private void tearTheTail() throws IOException {
        for (Path spare : disk.segments().reversed()) {
            if (disk.segments().size() > 1) {
                Files.delete(spare);
            }
        }
        JournalOnDisk.overwrite(
                disk.segments().getFirst(), JournalOnDisk.SEGMENT - 16, new byte[] {1});
    }

    private static boolean run(String... command) throws Exception {
        try {
            return new ProcessBuilder(command).redirectErrorStream(true).start().waitFor() == 0;
        } catch (IOException unknown) {
            return false;
        }
    }
}
