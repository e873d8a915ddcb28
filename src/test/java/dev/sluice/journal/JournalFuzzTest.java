package dev.sluice.journal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.Seeds;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A journal whose files were struck anywhere, in any way: it opens, invents nothing, keeps what
 * stands before the damage and in the other files, and goes on.
 */
class JournalFuzzTest {
    private static final int RECORDS = 130;

    @TempDir Path folder;

    /** Where a file was struck first, and the struck bytes. */
    private record Struck(int from, byte[] bytes) {}

    static Stream<Seeds> seeds() {
        return Seeds.rounds(60);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void whatPrecedesDamageSurvivesAndNothingIsInvented(Seeds seeds) throws Exception {
        JournalOnDisk whole = new JournalOnDisk(folder.resolve("whole"));
        List<UUID> all = new ArrayList<>();
        for (int n = 0; n < RECORDS; n++) {
            all.add(new UUID(7, n));
        }
        whole.hold(all.toArray(UUID[]::new));
        List<Integer> ends = ends(whole);

        seeds.check(random -> {
            JournalOnDisk disk = copy(whole);
            int file = random.nextInt(disk.segments().size());
            Path struckFile = disk.segments().get(file);
            Struck struck = strike(random, Files.readAllBytes(struckFile));
            Files.write(struckFile, struck.bytes());
            if (random.nextInt(10) == 0) {
                Files.write(disk.folder().resolve("node"), noise(random, 40));
            }

            List<UUID> found = disk.imported();
            List<UUID> safe = safe(all, ends, file, struck.from());
            assertThat(found).doesNotHaveDuplicates().containsAll(safe);
            assertThat(all).containsAll(found);
            assertThat(found).isSorted();

            UUID later = UUID.randomUUID();
            disk.hold(later);
            assertThat(disk.imported()).endsWith(later);
        });
    }

    /** {@return of each record, 1,000,000 times its file's place, and the offset behind it} */
    private static List<Integer> ends(JournalOnDisk disk) throws IOException {
        List<Integer> ends = new ArrayList<>();
        for (int file = 0; file < disk.segments().size(); file++) {
            try (Segment segment = Segment.open(disk.segments().get(file))) {
                SegmentReader reader = new SegmentReader(segment, (_, _, _) -> {});
                while (reader.next() != null) {
                    ends.add(file * 1_000_000 + reader.offset());
                }
            }
        }
        assertThat(ends).hasSize(RECORDS);
        return ends;
    }

    /** {@return the records that stand in other files, or before the damage in that one} */
    private static List<UUID> safe(List<UUID> all, List<Integer> ends, int file, int struckFrom) {
        List<UUID> safe = new ArrayList<>();
        for (int n = 0; n < all.size(); n++) {
            int inFile = ends.get(n) / 1_000_000;
            boolean before =
                    struckFrom >= SegmentHeader.SIZE && ends.get(n) % 1_000_000 <= struckFrom;
            if (inFile != file || before) {
                safe.add(all.get(n));
            }
        }
        return safe;
    }

    private static Struck strike(Random random, byte[] whole) {
        byte[] bytes = whole.clone();
        int at = random.nextInt(10) == 0 ? random.nextInt(64) : random.nextInt(bytes.length);
        int length = Math.min(bytes.length - at, 1 + random.nextInt(6000));
        switch (random.nextInt(7)) {
            case 0 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
            case 1 -> bytes = Arrays.copyOf(bytes, at);
            case 2 -> Arrays.fill(bytes, at, at + length, (byte) 0);
            case 3 -> Arrays.fill(bytes, at, bytes.length, (byte) 0xff);
            case 4 -> System.arraycopy(noise(random, length), 0, bytes, at, length);
            case 5 ->
                    System.arraycopy(
                            whole, random.nextInt(whole.length - length + 1), bytes, at, length);
            default -> bytes = Arrays.copyOf(bytes, bytes.length + length);
        }
        return new Struck(Math.min(at, bytes.length), bytes);
    }

    private static byte[] noise(Random random, int length) {
        byte[] noise = new byte[length];
        random.nextBytes(noise);
        return noise;
    }

    private JournalOnDisk copy(JournalOnDisk from) throws IOException {
        Path to = Files.createTempDirectory(folder, "struck");
        for (Path segment : from.segments()) {
            Files.copy(segment, to.resolve(segment.getFileName()));
        }
        Files.copy(from.folder().resolve("node"), to.resolve("node"));
        return new JournalOnDisk(to);
    }
}
