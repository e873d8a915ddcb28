import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** A database that takes nothing until the journal is at its limit, under load: then it takes all. */
final class LockedDatabase {
    private final Path scratch;
    private final int callers;

    LockedDatabase(Path scratch, int callers) {
        this.scratch = scratch;
        this.callers = callers;
    }

    List<Crash.Result> run(GatewayUnderTest simulator) throws Exception {
        Path data = Files.createDirectory(scratch.resolve("database"));
        Map<String, String> environment =
                Map.of("SLUICE_JOURNAL_SEGMENT_BYTES", "256KiB", "SLUICE_JOURNAL_MAX_BYTES", "4MiB");
        try (GatewayUnderTest gateway = GatewayUnderTest.start(data, environment)) {
            String key = gateway.prepare(simulator.url());
            gateway.drain();
            Instant since = Instant.now();
            Callers load;
            long before;
            try (Lock _ = new Lock(data)) {
                load = new Callers(gateway, key, 0, Duration.ZERO).start(callers);
                Callers running = load;
                gateway.await("refused calls", () -> running.refused.get() > 200);
                before = load.delivered().size();
            }
            long began = System.nanoTime();
            Callers running = load;
            long delivered = before;
            gateway.await("delivered calls again", () -> running.delivered().size() > delivered + 100);
            long again = Duration.ofNanos(System.nanoTime() - began).toMillis();
            load.stop();
            gateway.drain();
            Crash.Tally tally = new Crash.Tally();
            tally.add(load, gateway.rowsSince(since));
            return List.of(tally.result(
                    "database locked until the journal is full (4 MiB)",
                    "calls again after " + again + " ms",
                    "%d delivered meanwhile, %d calls refused (503), %d failed otherwise".formatted(
                            before, load.refused.get(), load.failed.get())));
        }
    }

    /** Holds the writer's lock of an embedded database. */
    static final class Lock implements AutoCloseable {
        private final Connection connection;

        Lock(Path data) throws Exception {
            connection = DriverManager.getConnection("jdbc:sqlite:" + data.resolve("sluice.db") + "?busy_timeout=20000");
            try (Statement statement = connection.createStatement()) {
                statement.execute("BEGIN IMMEDIATE");
            }
        }

        @Override
        public void close() throws Exception {
            try (Statement statement = connection.createStatement()) {
                statement.execute("ROLLBACK");
            }
            connection.close();
        }
    }
}
