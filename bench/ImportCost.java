import dev.sluice.admin.log.DatabaseRecordImport;
import dev.sluice.chat.Protocol;
import dev.sluice.chat.Usage;
import dev.sluice.proxy.account.Ending;
import dev.sluice.proxy.account.RequestRecord;
import dev.sluice.proxy.account.RequestRecordJson;
import dev.sluice.store.Database;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.UUID;

/**
 * What it costs to bring records of plain calls from the journal's JSON into a database that holds many already: CPU time of the
 * threads that do it, and the size of the file. Arguments: how many records (400,000), of how many keys (1), and the URL of a
 * database (a new SQLite file). Run it with {@code java -cp 'target/classes:target/lib/*' bench/ImportCost.java}.
 */
public final class ImportCost {
    private static final int BATCH = 1_000;
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private final Random random = new Random(7);
    private final List<UUID> keys = new ArrayList<>();
    private Instant now = Instant.parse("2026-03-01T12:00:00Z");

    private ImportCost(int keys) {
        for (int i = 0; i < keys; i++) {
            this.keys.add(new UUID(0x019A_0000_0000_7000L, random.nextLong()));
        }
    }

    public static void main(String[] args) throws Exception {
        int records = args.length > 0 ? Integer.parseInt(args[0]) : 400_000;
        int keys = args.length > 1 ? Integer.parseInt(args[1]) : 1;
        Path folder = Files.createTempDirectory("sluice-import-cost");
        Path file = folder.resolve("sluice.db");
        String url = args.length > 2 ? args[2] : "sqlite:///" + file;
        try (Database database = Database.open(url, Clock.systemUTC())) {
            database.migrations().migrate();
            new ImportCost(keys).measure(database, records);
        }
        if (Files.exists(file)) {
            System.out.printf("file: %d bytes a record%n", Files.size(file) / records);
        }
        for (Path left : Files.list(folder).toList()) {
            Files.delete(left);
        }
        Files.delete(folder);
    }

    private void measure(Database database, int records) {
        DatabaseRecordImport target = new DatabaseRecordImport(database, Clock.systemUTC());
        int rounds = 8;
        long position = 0;
        System.out.println("| records before | reading µs | writing µs (this thread) | writing µs (the writer) |");
        System.out.println("|---|---|---|---|");
        for (int round = 0; round < rounds; round++) {
            long reading = 0;
            long own = 0;
            long writer = -writerNanos();
            int batches = records / rounds / BATCH;
            for (int i = 0; i < batches; i++) {
                List<byte[]> lines = lines();
                long began = THREADS.getCurrentThreadCpuTime();
                List<RequestRecord> batch = new ArrayList<>(BATCH);
                for (byte[] line : lines) {
                    batch.add(RequestRecordJson.record(line));
                }
                long read = THREADS.getCurrentThreadCpuTime();
                position += BATCH;
                target.write("bench", position, batch);
                reading += read - began;
                own += THREADS.getCurrentThreadCpuTime() - read;
            }
            writer += writerNanos();
            double count = batches * BATCH * 1_000.0;
            System.out.printf(
                    "| %,d | %.1f | %.1f | %.1f |%n",
                    position - batches * BATCH, reading / count, own / count, writer / count);
        }
    }

    /** {@return CPU time of SQLite's own thread; PostgreSQL's work is done on the caller's} */
    private static long writerNanos() {
        return Arrays.stream(THREADS.getThreadInfo(THREADS.getAllThreadIds()))
                .filter(thread -> thread != null && thread.getThreadName().equals("sqlite-writer"))
                .mapToLong(ThreadInfo::getThreadId)
                .map(THREADS::getThreadCpuTime)
                .sum();
    }

    private List<byte[]> lines() {
        List<byte[]> lines = new ArrayList<>(BATCH);
        for (int i = 0; i < BATCH; i++) {
            lines.add(RequestRecordJson.write(record()));
        }
        return lines;
    }

    private static final UUID UPSTREAM = new UUID(0x019A_0000_0000_7000L, 0x8000_0000_0000_0001L);

    /** As calls end that ran beside each other: their ids and starts are not quite in order. */
    private RequestRecord record() {
        now = now.plusNanos(80_000);
        Instant started = now.minusNanos(random.nextInt(1_000_000) / 1_000 * 1_000);
        UUID id = new UUID(started.toEpochMilli() << 16 | 0x7000 | random.nextInt(4096), random.nextLong() >>> 2 | 1L << 63);
        return new RequestRecord(
                id,
                started,
                new RequestRecord.Asker(
                        keys.get(random.nextInt(keys.size())), "sk-auto-abcd", "bench", null, null, null, "127.0.0.1", null),
                new RequestRecord.Asked("POST", "/v1/chat/completions", Protocol.OPENAI_CHAT, "gpt-4o-mini", false),
                new RequestRecord.Served(
                        UPSTREAM,
                        "bench",
                        "gpt-4o-mini",
                        Protocol.OPENAI_CHAT,
                        "http://127.0.0.1:18001/v1/chat/completions",
                        "bench=default"),
                new RequestRecord.Outcome(Ending.COMPLETED, 200, null, null, null),
                new RequestRecord.Timing((long) random.nextInt(900), random.nextInt(1_000)),
                new Usage(Usage.Origin.PROVIDER, 400 + random.nextInt(99), 0, 0, 0, 12, 0, 0),
                new RequestRecord.Cost(null, null, null, null, null, null, null),
                new RequestRecord.Traffic(2_048, 480, 1),
                List.of(
                        new RequestRecord.AttemptRecord(
                                UPSTREAM, "bench", "gpt-4o-mini", "1", random.nextInt(200), random.nextInt(900), 200, "answered", null)),
                List.of());
    }
}
