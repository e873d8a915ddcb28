package dev.sluice.journal;

import static dev.sluice.journal.JournalOnDisk.PATIENCE;
import static dev.sluice.journal.JournalOnDisk.append;
import static dev.sluice.journal.JournalOnDisk.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.proxy.account.Ending;
import dev.sluice.proxy.account.Fault;
import dev.sluice.proxy.account.Opening;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InterruptionTest {
    @TempDir Path folder;
    private JournalOnDisk disk;

    @BeforeEach
    void useFolder() {
        disk = new JournalOnDisk(folder);
    }

    @Test
    void aCallThatWasOpenedAndNeverClosedIsInterruptedOnceAndForAll() throws Exception {
        Opening cut = Records.opening(UUID.randomUUID());
        UUID finished = UUID.randomUUID();
        try (Journal journal = disk.open()) {
            await(journal.opened(Records.opening(finished)));
            await(journal.opened(cut));
            append(journal, finished);
        }
        TransactionalTable table = new TransactionalTable();
        for (int start = 0; start < 3; start++) {
            try (Journal journal = disk.open()) {
                if (start == 0) {
                    assertThat(journal.interrupted())
                            .singleElement()
                            .satisfies(opening ->
                                    assertThat(opening.reservations())
                                            .isEqualTo(cut.reservations()));
                } else {
                    assertThat(journal.interrupted()).isEmpty();
                }
                assertThat(journal.openCalls()).isZero();
            }
            disk.importInto(table);
        }
        assertThat(table.ids()).containsExactly(finished, cut.record().id());
        assertThat(table.row(cut.record().id()).outcome().ending()).isEqualTo(Ending.INTERRUPTED);
        assertThat(table.row(cut.record().id()).outcome().fault()).isEqualTo(Fault.GATEWAY);
        assertThat(table.writtenTwice()).isZero();
    }

    @Test
    void moreInterruptedCallsThanASegmentHoldsAreAllRecorded() throws Exception {
        List<UUID> cut = new ArrayList<>();
        try (Journal journal = disk.open()) {
            for (int n = 0; n < 200; n++) {
                cut.add(UUID.randomUUID());
                await(journal.opened(Records.opening(cut.getLast())));
            }
        }
        assertThat(disk.imported()).containsExactlyInAnyOrderElementsOf(cut);
    }

    @Test
    void anOpeningOutlivesTheSegmentItWasWrittenIn() throws Exception {
        UUID longRunning = UUID.randomUUID();
        TransactionalTable table = new TransactionalTable();
        try (Journal journal = disk.open();
                Importer importer = JournalOnDisk.importer(journal, table)) {
            await(journal.opened(Records.opening(longRunning)));
            for (int n = 0; n < 500; n++) {
                append(journal, UUID.randomUUID());
            }
            assertThat(importer.drain(PATIENCE)).isTrue();
            assertThat(journal.openCalls()).isOne();
        }
        assertThat(disk.segments().getFirst().getFileName().toString())
                .isNotEqualTo(Segment.fileName(1));
        assertThat(disk.importInto(table)).contains(longRunning);
        assertThat(table.row(longRunning).outcome().ending()).isEqualTo(Ending.INTERRUPTED);
    }

    @Test
    void everythingAcknowledgedBeforeAKillIsThereAfterItAndNoOtherProcessGetsIn() throws Exception {
        List<UUID> acknowledged = new ArrayList<>();
        Process child = victim("records");
        try (BufferedReader lines = child.inputReader()) {
            while (acknowledged.size() < 2000) {
                acknowledged.add(UUID.fromString(lines.readLine()));
            }
            assertThatThrownBy(() -> disk.open())
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("data folder of its own");
            child.destroyForcibly().waitFor();
        }
        assertThat(disk.imported()).containsAll(acknowledged).doesNotHaveDuplicates();
    }

    @Test
    void aRecoveryThatIsKilledAgainAndAgainInterruptsEachCallOnce() throws Exception {
        List<UUID> opened = new ArrayList<>();
        Process child = victim("openings");
        try (BufferedReader lines = child.inputReader()) {
            while (opened.size() < 1000) {
                opened.add(UUID.fromString(lines.readLine()));
            }
            child.destroyForcibly().waitFor();
        }
        for (int round = 0; round < 3; round++) {
            Process recovering = victim("recover");
            try (BufferedReader lines = recovering.inputReader()) {
                assertThat(lines.readLine()).isEqualTo("recovering");
                recovering.destroyForcibly().waitFor();
            }
        }
        TransactionalTable table = new TransactionalTable();
        assertThat(disk.importInto(table)).containsAll(opened).doesNotHaveDuplicates();
        assertThat(table.writtenTwice()).isZero();
        assertThat(table.row(opened.getFirst()).outcome().ending()).isEqualTo(Ending.INTERRUPTED);
    }

    private Process victim(String task) throws IOException {
        return new ProcessBuilder(
                        ProcessHandle.current().info().command().orElseThrow(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        JournalVictim.class.getName(),
                        folder.toString(),
                        task)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
    }
}
