import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.LoggerFactory;

/**
 * Counts what crashes cost: real gateway processes under load are killed, stopped, and deprived of their disk and their database, and
 * their journals are damaged. Prints a table in Markdown; the exit code is 1 if a delivered call has no record, or two. Options:
 * {@code --kills N} (50), {@code --callers N} (64), {@code --streams N} (200), {@code --seed N}, {@code --only
 * kill|stop|disk|database|cut|damage}.
 */
public final class Crash {
    private final Map<String, String> options;
    private final Path scratch;
    private final long seed;
    private final List<Result> results = new ArrayList<>();

    /**
     * What a scenario came to.
     *
     * @param lost delivered calls without a record
     * @param twice calls with more records than one, and records of calls that nobody made
     */
    record Result(String scenario, long delivered, long lost, long twice, String recovery, String remarks) {}

    private Crash(Path scratch, Map<String, String> options) {
        this.scratch = scratch;
        this.options = options;
        this.seed = Long.parseLong(options.getOrDefault("seed", Long.toString(System.nanoTime() % 1_000_000)));
    }

    public static void main(String[] args) throws Exception {
        Map<String, String> options = new LinkedHashMap<>();
        for (int i = 0; i + 1 < args.length; i += 2) {
            options.put(args[i].substring(2), args[i + 1]);
        }
        // The journals that are read in this process find damage by the thousand.
        ((Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME)).setLevel(Level.OFF);
        Path scratch = Files.createTempDirectory("sluice-crash");
        boolean sound = new Crash(scratch, options).run();
        if (sound) {
            JournalDamage.delete(scratch);
        } else {
            System.out.println("what was left is kept in " + scratch);
        }
        System.exit(sound ? 0 : 1);
    }

    private int option(String name, int otherwise) {
        return Integer.parseInt(options.getOrDefault(name, Integer.toString(otherwise)));
    }

    private boolean run() throws Exception {
        System.out.printf("seed %d, %d processors%n", seed, Runtime.getRuntime().availableProcessors());
        try (GatewayUnderTest simulator = GatewayUnderTest.simulator(scratch)) {
            Map<String, Scenario> scenarios = new LinkedHashMap<>();
            scenarios.put("kill", this::kill);
            scenarios.put("stop", this::stop);
            scenarios.put("disk", new FullDisk(scratch, option("callers", 64))::run);
            scenarios.put("database", new LockedDatabase(scratch, option("callers", 64))::run);
            JournalDamage damage = new JournalDamage(scratch, seed);
            scenarios.put("cut", damage::cut);
            scenarios.put("damage", damage::flipped);
            for (Map.Entry<String, Scenario> scenario : scenarios.entrySet()) {
                if (options.getOrDefault("only", scenario.getKey()).equals(scenario.getKey())) {
                    results.addAll(scenario.getValue().run(simulator));
                }
            }
        }
        System.out.println();
        System.out.println("| | delivered calls | without a record | twice | recovery | |");
        System.out.println("|---|---|---|---|---|---|");
        results.forEach(result -> System.out.printf(
                "| %s | %d | %d | %d | %s | %s |%n",
                result.scenario(), result.delivered(), result.lost(), result.twice(), result.recovery(), result.remarks()));
        return results.stream().allMatch(result -> result.lost() == 0 && result.twice() == 0);
    }

    @FunctionalInterface
    private interface Scenario {
        List<Result> run(GatewayUnderTest simulator) throws Exception;
    }

    /** Delivered calls against the rows that the database has of them. */
    static final class Tally {
        long delivered;
        long lost;
        long twice;
        long otherEnding;
        long rows;

        void add(Callers callers, Map<String, GatewayUnderTest.Row> found) {
            delivered += callers.delivered().size();
            rows += found.size();
            for (String id : callers.delivered()) {
                GatewayUnderTest.Row row = found.get(id);
                lost += row == null ? 1 : 0;
                otherEnding += row != null && !row.ending().equals("completed") ? 1 : 0;
            }
            twice += found.values().stream().mapToLong(row -> row.times() - 1).sum();
            twice += Math.max(0, found.size() - callers.sent.get());
        }

        Result result(String scenario, String recovery, String remarks) {
            String endings = otherEnding == 0 ? "" : ", " + otherEnding + " RECORDED AS NOT COMPLETED";
            return new Result(scenario, delivered, lost, twice, recovery, remarks + endings);
        }
    }

    // ---- kill -9

    private List<Result> kill(GatewayUnderTest simulator) throws Exception {
        int kills = option("kills", 50);
        Random random = new Random(seed);
        Path data = Files.createDirectory(scratch.resolve("kill"));
        Tally tally = new Tally();
        Spread start = new Spread();
        Spread imported = new Spread();
        long broken = 0;
        long amid = 0;
        Callers callers = null;
        Instant since = Instant.now();
        String key = "";
        for (int round = 0; round <= kills; round++) {
            GatewayUnderTest gateway = GatewayUnderTest.start(data, Map.of());
            long drained = gateway.drain();
            if (callers == null) {
                key = gateway.prepare(simulator.url());
            } else {
                start.add(gateway.millisToFirstAnswer());
                imported.add(gateway.millisToFirstAnswer() + drained);
                tally.add(callers, gateway.rowsSince(since));
            }
            if (round == kills) {
                gateway.close();
                break;
            }
            since = Instant.now();
            callers = new Callers(gateway, key, 0, Duration.ZERO).start(option("callers", 64));
            Callers load = callers;
            gateway.await("some delivered calls", () -> load.delivered().size() > 200);
            Thread.sleep(random.nextInt(2500));
            broken += callers.cut.get() + callers.failed.get();
            amid += callers.sent.get() - callers.delivered().size();
            gateway.kill();
            callers.stop();
            System.out.printf("kill %d of %d: %d delivered%n", round + 1, kills, callers.delivered().size());
        }
        String remarks = "%d calls amid, %d failed before a kill, %d records in all".formatted(amid, broken, tally.rows);
        return List.of(tally.result(
                kills + " × kill -9 under " + option("callers", 64) + " callers",
                "first answer " + start + ", all imported " + imported,
                remarks));
    }

    // ---- SIGTERM

    private List<Result> stop(GatewayUnderTest simulator) throws Exception {
        int streams = option("streams", 200);
        Path data = Files.createDirectory(scratch.resolve("stop"));
        GatewayUnderTest gateway = GatewayUnderTest.start(data, Map.of("SLUICE_SHUTDOWN_DEADLINE", "8s"));
        String key = gateway.prepare(simulator.url());
        Instant since = Instant.now();
        AtomicInteger finished = new AtomicInteger();
        AtomicInteger told = new AtomicInteger();
        AtomicInteger neither = new AtomicInteger();
        List<Thread> callers = new ArrayList<>();
        for (int i = 0; i < streams; i++) {
            String chunks = i % 2 == 0 ? "chunks=40" : "chunks=1200";
            String body = Callers.FAST.replace("chunks=20", chunks + ",pace=100ms");
            callers.add(Thread.startVirtualThread(() -> {
                String answer = bodyOf(gateway, body, key);
                (answer.contains("[DONE]") ? finished : answer.contains("shutting_down") ? told : neither).incrementAndGet();
            }));
        }
        gateway.await("the streams", () -> gateway.metric("sluice_calls_running") == streams);
        long began = System.nanoTime();
        int code = gateway.terminate(Duration.ofSeconds(40));
        long took = Duration.ofNanos(System.nanoTime() - began).toMillis();
        for (Thread caller : callers) {
            caller.join();
        }
        try (GatewayUnderTest again = GatewayUnderTest.start(data, Map.of())) {
            again.drain();
            Map<String, GatewayUnderTest.Row> rows = again.rowsSince(since);
            long twice = rows.values().stream().mapToLong(row -> row.times() - 1).sum();
            return List.of(new Result(
                    "SIGTERM under " + streams + " streams",
                    finished.get(),
                    Math.max(0, streams - rows.size()),
                    twice + Math.max(0, rows.size() - streams),
                    "stopped in " + took + " ms, exit code " + code,
                    "%d finished, %d were told, %d neither; %d records".formatted(
                            finished.get(), told.get(), neither.get(), rows.size())));
        }
    }

    private static String bodyOf(GatewayUnderTest gateway, String body, String key) {
        try {
            return gateway.send("POST", "/v1/chat/completions", body, key).body();
        } catch (IOException cut) {
            return "cut";
        } catch (InterruptedException interruption) {
            return "interrupted";
        }
    }

    /** The least, the middle and the most of some milliseconds. */
    static final class Spread {
        private final List<Long> values = new ArrayList<>();

        void add(long millis) {
            values.add(millis);
        }

        @Override
        public String toString() {
            if (values.isEmpty()) {
                return "-";
            }
            List<Long> sorted = values.stream().sorted().toList();
            return "%d/%d/%d ms".formatted(sorted.getFirst(), sorted.get(sorted.size() / 2), sorted.getLast());
        }
    }
}
