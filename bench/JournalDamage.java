import dev.sluice.journal.Importer;
import dev.sluice.journal.Journal;
import dev.sluice.journal.JournalSettings;
import dev.sluice.journal.RecordImport;
import dev.sluice.proxy.account.RequestRecord;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What a killed gateway's journal still says when its files are damaged: cut at every byte of the last entry, with flipped bits, with
 * a header that is none.
 */
final class JournalDamage {
    private static final int FIRST_ENTRY = 64;
    private static final int ENTRY_HEADER = 40;
    private static final Map<String, String> SMALL = Map.of("SLUICE_JOURNAL_SEGMENT_BYTES", "64KiB");

    private final Path scratch;
    private final Random random;
    private Killed killed;

    JournalDamage(Path scratch, long seed) {
        this.scratch = scratch;
        this.random = new Random(seed);
    }

    /** A data folder whose journal no database has seen, and the calls that had been delivered. */
    private record Killed(Path data, Callers callers, Instant since) {}

    private record Entry(int from, int to) {}

    /** Kills a gateway whose database was locked. */
    private Killed killed(GatewayUnderTest simulator) throws Exception {
        if (killed != null) {
            return killed;
        }
        Path data = Files.createDirectory(scratch.resolve("damage"));
        GatewayUnderTest gateway = GatewayUnderTest.start(data, SMALL);
        String key = gateway.prepare(simulator.url());
        gateway.drain();
        Instant since = Instant.now();
        Callers callers;
        try (LockedDatabase.Lock _ = new LockedDatabase.Lock(data)) {
            callers = new Callers(gateway, key, 0, Duration.ofMillis(20)).start(8);
            Callers load = callers;
            gateway.await("some delivered calls", () -> load.delivered().size() > 200);
            gateway.kill();
        }
        callers.stop();
        killed = new Killed(data, callers, since);
        return killed;
    }

    // ---- cut at every byte of the last entry

    List<Crash.Result> cut(GatewayUnderTest simulator) throws Exception {
        Killed from = killed(simulator);
        Path journal = from.data().resolve("journal");
        Path newest = newestUsed(journal);
        byte[] whole = Files.readAllBytes(newest);
        Entry last = entries(whole).getLast();
        Set<String> all = imported(journal);
        long missing = 0;
        long invented = 0;
        int cuts = 0;
        Crash.Spread recovery = new Crash.Spread();
        for (int at = last.from(); at < last.to(); at++) {
            for (boolean short_ : new boolean[] {true, false}) {
                byte[] cut = short_ ? Arrays.copyOf(whole, at) : whole.clone();
                Arrays.fill(cut, at, cut.length, (byte) 0);
                Path copy = copy(journal, scratch.resolve("cut"));
                Files.write(copy.resolve(newest.getFileName()), cut);
                long began = System.nanoTime();
                Set<String> found = imported(copy);
                recovery.add(Duration.ofNanos(System.nanoTime() - began).toMillis());
                delete(copy);
                cuts++;
                missing += Math.max(0, all.size() - 1 - found.stream().filter(all::contains).count());
                invented += found.stream().filter(id -> !all.contains(id)).count();
            }
        }
        return List.of(new Crash.Result(
                "journal cut at each of the " + (last.to() - last.from()) + " bytes of its last entry (file shortened, and zeroed)",
                all.size(),
                missing,
                invented,
                "opened and read " + recovery,
                cuts + " cuts; each kept the " + (all.size() - 1) + " records before"));
    }

    /** {@return the ids of the records that a journal holds} */
    private Set<String> imported(Path journal) throws Exception {
        Path copy = copy(journal, scratch.resolve("read"));
        Set<String> ids = new HashSet<>();
        RecordImport target = new RecordImport() {
            @Override
            public long importedUpTo(String node) {
                return 0;
            }

            @Override
            public void write(String node, long upTo, List<RequestRecord> records) {
                records.forEach(record -> ids.add(record.id().toString()));
            }
        };
        JournalSettings settings = new JournalSettings(copy, 64 << 10, 1L << 30, Duration.ofSeconds(1));
        try (Journal opened = Journal.open(settings, Clock.systemUTC());
                Importer importer = new Importer(opened, target, Clock.systemUTC())) {
            importer.start();
            if (!importer.drain(Duration.ofSeconds(60))) {
                throw new IllegalStateException("a damaged journal was not read to its end: " + importer.failure());
            }
        }
        delete(copy);
        return ids;
    }

    // ---- flipped bits, a header that is none

    List<Crash.Result> flipped(GatewayUnderTest simulator) throws Exception {
        Killed from = killed(simulator);
        List<Crash.Result> results = new ArrayList<>();
        results.add(restarted("flip", from, (path, bytes) -> {
            List<Entry> entries = entries(bytes);
            Entry struck = entries.get(entries.size() / 2);
            bytes[struck.from() + ENTRY_HEADER + random.nextInt(200)] ^= 1;
            return 1;
        }));
        results.add(restarted("garbage", from, (path, bytes) -> {
            List<Entry> entries = entries(bytes);
            Entry first = entries.get(entries.size() / 3);
            Entry last = entries.get(2 * entries.size() / 3);
            byte[] noise = new byte[last.from() - first.from()];
            random.nextBytes(noise);
            System.arraycopy(noise, 0, bytes, first.from(), noise.length);
            return 2 * entries.size() / 3 - entries.size() / 3;
        }));
        results.add(restarted("header", from, (path, bytes) -> {
            Arrays.fill(bytes, 0, FIRST_ENTRY, (byte) 0x5a);
            return entries(bytes).size();
        }));
        return results;
    }

    @FunctionalInterface
    private interface Strike {
        /** {@return how many entries it destroyed} */
        int on(Path file, byte[] bytes);
    }

    /** Starts a gateway on a copy in which the oldest segment is damaged. */
    private Crash.Result restarted(String name, Killed from, Strike strike) throws Exception {
        Path data = copy(from.data(), scratch.resolve("damage-" + name));
        Path oldest = segments(data.resolve("journal")).getFirst();
        byte[] bytes = Files.readAllBytes(oldest);
        int destroyed = strike.on(oldest, bytes);
        Files.write(oldest, bytes);
        try (GatewayUnderTest gateway = GatewayUnderTest.start(data, SMALL)) {
            long drained = gateway.drain();
            Crash.Tally tally = new Crash.Tally();
            tally.add(from.callers(), gateway.rowsSince(from.since()));
            return new Crash.Result(
                    "corrupt segment: " + name,
                    tally.delivered,
                    Math.max(0, tally.lost - destroyed),
                    tally.twice,
                    "first answer " + gateway.millisToFirstAnswer() + ", all imported "
                            + (gateway.millisToFirstAnswer() + drained) + " ms",
                    "%d entries destroyed, %d records gone with them, %.0f finding(s) set aside; counted is what is lost beyond"
                            .formatted(destroyed, tally.lost, gateway.metric("sluice_journal_set_aside")));
        }
    }

    // ---- files

    private static List<Entry> entries(byte[] segment) {
        ByteBuffer bytes = ByteBuffer.wrap(segment).order(ByteOrder.LITTLE_ENDIAN);
        List<Entry> entries = new ArrayList<>();
        int at = FIRST_ENTRY;
        while (at + ENTRY_HEADER < segment.length && bytes.getInt(at) > 0) {
            int end = at + ENTRY_HEADER + bytes.getInt(at);
            entries.add(new Entry(at, end));
            at = (end + 7) & -8;
        }
        return entries;
    }

    private static List<Path> segments(Path journal) throws IOException {
        try (Stream<Path> files = Files.list(journal)) {
            return files.filter(file -> file.toString().endsWith(".seg")).sorted().toList();
        }
    }

    private static Path newestUsed(Path journal) throws IOException {
        for (Path segment : segments(journal).reversed()) {
            if (!entries(Files.readAllBytes(segment)).isEmpty()) {
                return segment;
            }
        }
        throw new IllegalStateException("the journal holds nothing");
    }

    private static Path copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : (Iterable<Path>) files::iterator) {
                Path target = to.resolve(from.relativize(file).toString());
                if (Files.isDirectory(file)) {
                    Files.createDirectories(target);
                } else {
                    Files.copy(file, target);
                }
            }
        }
        return to;
    }

    /** Deletes a folder and all that is in it. */
    static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.toList().reversed()) {
                Files.delete(file);
            }
        }
    }
}
