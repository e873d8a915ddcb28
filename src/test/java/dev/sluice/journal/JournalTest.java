package dev.sluice.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.RunningGateway;
import dev.sluice.proxy.account.Ending;
import dev.sluice.proxy.account.Opening;
import dev.sluice.proxy.account.RequestRecord;
import dev.sluice.proxy.account.RequestRecordJson;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalTest {
    private static final int SEGMENT = 64 * 1024;

    @TempDir Path folder;

    @Test
    void aRecordReadsAsItWasWritten() {
        RequestRecord record = Records.completed(UUID.randomUUID());
        Opening opening = Records.opening(UUID.randomUUID());

        assertThat(RequestRecordJson.record(RequestRecordJson.write(record))).isEqualTo(record);
        assertThat(RequestRecordJson.opening(RequestRecordJson.write(opening))).isEqualTo(opening);
    }

    @Test
    void whatFourThreadsAppendIsImportedOnceAndWholeAcrossManySegments() throws Exception {
        Table table = new Table();
        ConcurrentLinkedQueue<UUID> appended = new ConcurrentLinkedQueue<>();
        try (Journal journal = Journal.open(settings(SEGMENT * 64L), Clock.systemUTC());
                Importer importer = new Importer(journal, table, Clock.systemUTC())) {
            importer.start();
            List<Thread> threads = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                threads.add(
                        Thread.startVirtualThread(() -> {
                            for (int n = 0; n < 1000; n++) {
                                UUID id = UUID.randomUUID();
                                journal.closed(Records.completed(id))
                                        .toCompletionStage()
                                        .toCompletableFuture()
                                        .join();
                                appended.add(id);
                            }
                        }));
            }
            for (Thread thread : threads) {
                thread.join();
            }
            assertThat(importer.drain(Duration.ofSeconds(30))).isTrue();
        }
        assertThat(table.ids()).containsExactlyInAnyOrderElementsOf(appended);
    }

    @Test
    void aRestartGoesOnWhereTheImportStoodEvenWhenAllSegmentsHadBeenReleased() throws Exception {
        Table table = new Table();
        List<UUID> all = new ArrayList<>();
        for (int start = 0; start < 4; start++) {
            try (Journal journal = Journal.open(settings(SEGMENT * 64L), Clock.systemUTC());
                    Importer importer = new Importer(journal, table, Clock.systemUTC())) {
                importer.start();
                if (start != 2) {
                    for (int n = 0; n < 100; n++) {
                        UUID id = UUID.randomUUID();
                        all.add(id);
                        journal.closed(Records.completed(id));
                    }
                }
                assertThat(importer.drain(Duration.ofSeconds(30))).isTrue();
            }
        }
        assertThat(table.ids()).containsExactlyElementsOf(all);
    }

    @Test
    void aTornTailCutAtAnyByteCostsNothingBeforeIt() throws Exception {
        UUID kept = UUID.randomUUID();
        UUID torn = UUID.randomUUID();
        int firstEnd = Segment.FIRST_FRAME + Frame.sizeOf(json(kept).length);
        int secondEnd = firstEnd + Frame.sizeOf(json(torn).length);
        for (int cut = firstEnd; cut < secondEnd; cut += 3) {
            Path here = Files.createDirectory(folder.resolve("cut-" + cut));
            appendTwo(here, kept, torn);
            zero(segmentIn(here), cut, secondEnd);

            assertThat(importedFrom(here)).as("cut at %d", cut).startsWith(kept).hasSizeLessThan(3);
        }
    }

    @Test
    void aFlippedBitInTheMiddleIsSetAsideAndTheRestIsRead() throws Exception {
        UUID first = UUID.randomUUID();
        UUID second = UUID.randomUUID();
        appendTwo(folder, first, second);
        try (RandomAccessFile file = new RandomAccessFile(segmentIn(folder).toFile(), "rw")) {
            file.seek(Segment.FIRST_FRAME + Frame.HEADER + 20);
            int before = file.read();
            file.seek(Segment.FIRST_FRAME + Frame.HEADER + 20);
            file.write(before ^ 1);
        }

        assertThat(importedFrom(folder)).containsExactly(second);
        assertThat(folder.resolve("corrupt")).isDirectoryContaining(file -> true);
    }

    @Test
    void randomBytesAreNeverTakenForRecordsAndNeverStopAStart() throws Exception {
        for (long seed = 1; seed <= 20; seed++) {
            Path here = Files.createDirectory(folder.resolve("seed-" + seed));
            UUID first = UUID.randomUUID();
            appendTwo(here, first, UUID.randomUUID());
            byte[] noise = new byte[5000];
            new Random(seed).nextBytes(noise);
            try (RandomAccessFile file = new RandomAccessFile(segmentIn(here).toFile(), "rw")) {
                file.seek(Segment.FIRST_FRAME + Frame.sizeOf(json(first).length));
                file.write(noise);
            }

            assertThat(importedFrom(here)).as("seed %d", seed).containsExactly(first);
        }
    }

    @Test
    void aCallThatWasOpenedAndNeverClosedIsInterruptedOnceAndForAll() throws Exception {
        UUID finished = UUID.randomUUID();
        UUID cut = UUID.randomUUID();
        try (Journal journal = Journal.open(settings(SEGMENT * 8L), Clock.systemUTC())) {
            journal.opened(Records.opening(finished));
            journal.opened(Records.opening(cut));
            journal.closed(Records.completed(finished));
        }
        Table table = new Table();
        for (int start = 0; start < 2; start++) {
            try (Journal journal = Journal.open(settings(SEGMENT * 8L), Clock.systemUTC());
                    Importer importer = new Importer(journal, table, Clock.systemUTC())) {
                importer.start();
                assertThat(journal.interrupted()).hasSize(start == 0 ? 1 : 0);
                assertThat(importer.drain(Duration.ofSeconds(30))).isTrue();
            }
        }
        assertThat(table.row(cut).outcome().ending()).isEqualTo(Ending.INTERRUPTED);
        assertThat(table.row(finished).outcome().ending()).isEqualTo(Ending.COMPLETED);
    }

    @Test
    void anOpeningOutlivesTheSegmentItWasWrittenIn() throws Exception {
        UUID longRunning = UUID.randomUUID();
        Table table = new Table();
        try (Journal journal = Journal.open(settings(SEGMENT * 8L), Clock.systemUTC());
                Importer importer = new Importer(journal, table, Clock.systemUTC())) {
            importer.start();
            journal.opened(Records.opening(longRunning));
            for (int n = 0; n < 500; n++) {
                journal.closed(Records.completed(UUID.randomUUID()))
                        .toCompletionStage()
                        .toCompletableFuture()
                        .join();
            }
            assertThat(importer.drain(Duration.ofSeconds(30))).isTrue();
        }
        try (Journal journal = Journal.open(settings(SEGMENT * 8L), Clock.systemUTC())) {
            assertThat(journal.interrupted())
                    .extracting(opening -> opening.record().id())
                    .containsExactly(longRunning);
        }
    }

    @Test
    void aDatabaseThatFailsAtAnyMomentLosesAndDoublesNothing() throws Exception {
        Table table = new Table();
        table.failures = new Random(42);
        List<UUID> all = new ArrayList<>();
        try (Journal journal = Journal.open(settings(SEGMENT * 64L), Clock.systemUTC());
                Importer importer = new Importer(journal, table, Clock.systemUTC())) {
            importer.start();
            for (int n = 0; n < 300; n++) {
                UUID id = UUID.randomUUID();
                all.add(id);
                journal.closed(Records.completed(id))
                        .toCompletionStage()
                        .toCompletableFuture()
                        .join();
            }
            assertThat(importer.drain(Duration.ofSeconds(60))).isTrue();
        }
        assertThat(table.ids()).containsExactlyElementsOf(all);
        assertThat(table.doubled).isZero();
    }

    @Test
    void aFullJournalRefusesNewCallsButStillTakesThoseThatRun() throws Exception {
        try (Journal journal = Journal.open(settings(SEGMENT * 2L), Clock.systemUTC())) {
            for (int n = 0; n < 150; n++) {
                journal.closed(Records.completed(UUID.randomUUID()));
            }
            RunningGateway.await("refusals", () -> !journal.acceptsCalls());
            for (int n = 0; n < 10; n++) {
                journal.closed(Records.completed(UUID.randomUUID()))
                        .toCompletionStage()
                        .toCompletableFuture()
                        .get(20, TimeUnit.SECONDS);
            }
            RunningGateway.await("refusals again", () -> !journal.acceptsCalls());
        }
    }

    @Test
    void aSecondProcessMayNotUseTheSameFolder() throws Exception {
        try (Journal journal = Journal.open(settings(SEGMENT * 8L), Clock.systemUTC())) {
            assertThat(journal.acceptsCalls()).isTrue();
            assertThatThrownBy(() -> Journal.open(settings(SEGMENT * 8L), Clock.systemUTC()))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("data folder of its own");
        }
    }

    @Test
    void everythingAcknowledgedBeforeAKillIsThereAfterIt() throws Exception {
        Process child =
                new ProcessBuilder(
                                ProcessHandle.current().info().command().orElseThrow(),
                                "-cp",
                                System.getProperty("java.class.path"),
                                JournalVictim.class.getName(),
                                folder.toString())
                        .redirectError(ProcessBuilder.Redirect.DISCARD)
                        .start();
        List<UUID> acknowledged = new ArrayList<>();
        try (var lines = child.inputReader()) {
            while (acknowledged.size() < 2000) {
                acknowledged.add(UUID.fromString(lines.readLine()));
            }
            child.destroyForcibly().waitFor();
        }
        assertThat(importedFrom(folder)).containsAll(acknowledged);
    }

    private JournalSettings settings(long maxBytes) {
        return new JournalSettings(folder, SEGMENT, maxBytes, Duration.ofMillis(20));
    }

    private static JournalSettings settingsIn(Path folder) {
        return new JournalSettings(folder, SEGMENT, SEGMENT * 512L, Duration.ofMillis(20));
    }

    private static byte[] json(UUID id) {
        return RequestRecordJson.write(Records.completed(id));
    }

    private static void appendTwo(Path folder, UUID first, UUID second) throws IOException {
        try (Journal journal = Journal.open(settingsIn(folder), Clock.systemUTC())) {
            journal.closed(Records.completed(first));
            journal.closed(Records.completed(second));
        }
    }

    private static Path segmentIn(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(Segment::isSegment).sorted().findFirst().orElseThrow();
        }
    }

    private static void zero(Path file, int from, int to) throws IOException {
        try (RandomAccessFile open = new RandomAccessFile(file.toFile(), "rw")) {
            open.seek(from);
            open.write(new byte[to - from]);
        }
    }

    private static List<UUID> importedFrom(Path folder) throws Exception {
        Table table = new Table();
        try (Journal journal = Journal.open(settingsIn(folder), Clock.systemUTC());
                Importer importer = new Importer(journal, table, Clock.systemUTC())) {
            importer.start();
            assertThat(importer.drain(Duration.ofSeconds(30))).isTrue();
        }
        return table.ids();
    }

    /** A table with transactions, which may fail before or after it has committed. */
    private static final class Table implements RecordImport {
        private final Map<UUID, RequestRecord> rows = new LinkedHashMap<>();
        private @Nullable Random failures;
        private long position;
        private int doubled;

        @Override
        public synchronized long importedUpTo(String node) {
            return position;
        }

        @Override
        public synchronized void write(String node, long upTo, List<RequestRecord> records) {
            fail("before");
            for (RequestRecord record : records) {
                doubled += rows.putIfAbsent(record.id(), record) == null ? 0 : 1;
            }
            position = upTo;
            fail("after");
        }

        private void fail(String moment) {
            Random chance = failures;
            if (chance != null && chance.nextInt(4) == 0) {
                throw new IllegalStateException("the database went away " + moment);
            }
        }

        private synchronized RequestRecord row(UUID id) {
            return Objects.requireNonNull(rows.get(id));
        }

        private synchronized List<UUID> ids() {
            return List.copyOf(rows.keySet());
        }
    }
}
