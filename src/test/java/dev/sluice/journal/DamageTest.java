package dev.sluice.journal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.proxy.account.RequestRecordJson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DamageTest {
    private static final UUID FIRST = new UUID(1, 1);
    private static final UUID SECOND = new UUID(2, 2);
    private static final UUID THIRD = new UUID(3, 3);

    @TempDir Path folder;
    private JournalOnDisk disk;

    @BeforeEach
    void holdThree() throws Exception {
        disk = new JournalOnDisk(folder.resolve("journal"));
        disk.hold(FIRST, SECOND, THIRD);
    }

    @Test
    void aFileCutAtAnyByteOfItsLastEntryKeepsAllBeforeAndInventsNothing() throws Exception {
        byte[] whole = Files.readAllBytes(segment());
        for (int cut = endOf(2); cut < endOf(3); cut++) {
            List<UUID> found = read(Arrays.copyOf(whole, cut));

            assertThat(found).as("cut at %d", cut).startsWith(FIRST, SECOND);
            assertThat(List.of(FIRST, SECOND, THIRD)).as("cut at %d", cut).startsWith(ids(found));
        }
    }

    @Test
    void anEntryOfWhichOnlyTheBeginningWasWrittenIsNone() throws Exception {
        byte[] whole = Files.readAllBytes(segment());
        // The length is written last: what a kill leaves has none.
        byte[] torn = whole.clone();
        Arrays.fill(torn, endOf(2), endOf(2) + 4, (byte) 0);
        for (int written = endOf(2); written < endOf(3); written++) {
            byte[] bytes = torn.clone();
            Arrays.fill(bytes, written, endOf(3), (byte) 0);
            assertThat(read(bytes)).as("torn at %d", written).containsExactly(FIRST, SECOND);
        }
    }

    @Test
    void anyByteOfTheLastEntryThatIsWrongCostsThatEntryAlone() throws Exception {
        byte[] whole = Files.readAllBytes(segment());
        for (int at = endOf(2); at < endOf(2) + Frame.HEADER + payload(THIRD); at++) {
            byte[] bytes = whole.clone();
            bytes[at] ^= (byte) (1 << at % 8);
            assertThat(read(bytes)).as("flipped at %d", at).containsExactly(FIRST, SECOND);
        }
    }

    @Test
    void aTornTailEndsItsSegmentWithoutAWord() throws Exception {
        JournalOnDisk.overwrite(segment(), endOf(2), new byte[4]);

        assertThat(disk.imported()).containsExactly(FIRST, SECOND);
        assertThat(disk.setAside()).isEmpty();
    }

    @Test
    void aJournalGoesOnBehindATornTail() throws Exception {
        JournalOnDisk.overwrite(segment(), endOf(2), new byte[4]);
        UUID later = UUID.randomUUID();
        disk.hold(later);

        assertThat(disk.imported()).containsExactly(FIRST, SECOND, later);
    }

    @Test
    void aDamagedEntryInTheMiddleIsSetAsideByItsPlaceAndTheRestIsRead() throws Exception {
        JournalOnDisk.flip(segment(), endOf(1) + Frame.HEADER + 20);

        try (Journal journal = disk.open()) {
            assertThat(journal.setAside()).isOne();
        }
        assertThat(disk.imported()).containsExactly(FIRST, THIRD);
        assertThat(disk.setAside())
                .containsExactly(segment().getFileName() + "-" + endOf(1) + "-" + endOf(2));
    }

    @Test
    void entriesBehindAPageThatNeverReachedTheDiskAreRead() throws Exception {
        JournalOnDisk.overwrite(segment(), endOf(1), new byte[endOf(2) - endOf(1)]);

        assertThat(disk.imported()).containsExactly(FIRST, THIRD);
        assertThat(disk.setAside()).hasSize(1);
    }

    @Test
    void aDamagedLastEntryThatHadBeenWrittenWholeIsSetAside() throws Exception {
        JournalOnDisk.flip(segment(), endOf(2) + Frame.HEADER + 20);

        assertThat(disk.imported()).containsExactly(FIRST, SECOND);
        assertThat(disk.setAside()).hasSize(1);
    }

    @Test
    void aDamagedHeaderSetsTheWholeFileAsideAndTheOthersAreRead() throws Exception {
        Path damaged = segment();
        JournalOnDisk.overwrite(segment(), endOf(2), new byte[4]);
        UUID later = UUID.randomUUID();
        disk.hold(later);
        JournalOnDisk.flip(damaged, 20);

        assertThat(disk.imported()).containsExactly(later);
        assertThat(disk.setAside()).containsExactly(damaged.getFileName().toString());
    }

    @Test
    void anEmptyAndAShortFileAreSetAside() throws Exception {
        Files.write(disk.folder().resolve(Segment.fileName(900)), new byte[0]);
        Files.write(disk.folder().resolve(Segment.fileName(901)), new byte[17]);

        assertThat(disk.imported()).containsExactly(FIRST, SECOND, THIRD);
        assertThat(disk.setAside()).hasSize(2);
    }

    @Test
    void aSegmentOfAnotherNodeIsSetAsideAndNotMixedIn() throws Exception {
        Segment foreign =
                Segment.create(
                        disk.folder(),
                        new SegmentHeader(901, 1, UUID.randomUUID()),
                        JournalOnDisk.SEGMENT);
        byte[] payload = RequestRecordJson.write(Records.completed(UUID.randomUUID()));
        foreign.append(new Frame(Frame.Kind.CLOSED, UUID.randomUUID(), 0, 1, payload));
        foreign.close();

        assertThat(disk.imported()).containsExactly(FIRST, SECOND, THIRD);
        assertThat(disk.setAside()).containsExactly(Segment.fileName(901));
    }

    @Test
    void aLostOrDamagedNodeFileIsMadeFromTheSegments() throws Exception {
        Path file = disk.folder().resolve("node");
        String node = Files.readString(file);
        Files.delete(file);
        disk.open().close();
        assertThat(Files.readString(file)).isEqualTo(node);

        Files.writeString(file, "\0\0\0\0");
        disk.open().close();
        assertThat(Files.readString(file)).isEqualTo(node);
    }

    @Test
    void recordsAreNotTakenForOldOnesWhenTheNumbersOfAJournalWereLost() throws Exception {
        TransactionalTable table = new TransactionalTable();
        String node;
        try (Journal journal = disk.open()) {
            node = journal.node();
        }
        table.position(node, 1L << 40);

        assertThat(disk.importInto(table)).containsExactly(FIRST, SECOND, THIRD);
        UUID later = UUID.randomUUID();
        disk.hold(later);
        assertThat(disk.importInto(table)).containsExactly(FIRST, SECOND, THIRD, later);
        assertThat(disk.setAside()).isEmpty();
    }

    @Test
    void randomBytesAreNeverTakenForRecordsAndNeverStopAStart() throws Exception {
        byte[] whole = Files.readAllBytes(segment());
        for (long seed = 1; seed <= 200; seed++) {
            Random random = new Random(seed);
            byte[] bytes = whole.clone();
            for (int strike = random.nextInt(5); strike >= 0; strike--) {
                byte[] noise = new byte[1 + random.nextInt(2000)];
                random.nextBytes(noise);
                int at = SegmentHeader.SIZE + random.nextInt(endOf(3));
                System.arraycopy(noise, 0, bytes, at, noise.length);
            }
            assertThat(List.of(FIRST, SECOND, THIRD)).as("seed %d", seed).containsAll(read(bytes));
        }
    }

    @Test
    void aSegmentFullOfNoiseIsReadInNoTime() throws Exception {
        byte[] noise = new byte[8 << 20];
        new Random(7).nextBytes(noise);
        byte[] head = Files.readAllBytes(segment());
        System.arraycopy(head, 0, noise, 0, SegmentHeader.SIZE);
        long began = System.nanoTime();

        assertThat(read(noise)).isEmpty();
        assertThat(System.nanoTime() - began).isLessThan(20_000_000_000L);
    }

    private Path segment() throws IOException {
        return disk.segments().getFirst();
    }

    private static int payload(UUID id) {
        return RequestRecordJson.write(Records.completed(id)).length;
    }

    /** {@return the offset behind that entry, counted from one} */
    private static int endOf(int entry) {
        return Segment.FIRST_FRAME + entry * Frame.sizeOf(payload(FIRST));
    }

    private static UUID[] ids(List<UUID> ids) {
        return ids.toArray(UUID[]::new);
    }

    /** {@return the ids of the entries in a file of those bytes} */
    private List<UUID> read(byte[] bytes) throws IOException {
        Path file = folder.resolve(segment().getFileName());
        Files.write(file, bytes);
        List<UUID> ids = new ArrayList<>();
        try (Segment segment = Segment.open(file)) {
            SegmentReader reader = new SegmentReader(segment, (_, _, _) -> {});
            for (Frame frame = reader.next(); frame != null; frame = reader.next()) {
                ids.add(RequestRecordJson.record(frame.payload()).id());
            }
        }
        Files.delete(file);
        return ids;
    }
}
