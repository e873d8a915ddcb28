import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Keeps a real gateway process under modest load and looks at it each minute, with the load stopped for a moment: what a process at
 * rest holds must not grow. Prints a table in Markdown and a verdict; the exit code is 1 if something grew. Options: {@code --minutes N}
 * (20), {@code --callers N} (24), {@code --pause N} milliseconds of each caller after each call (50).
 */
public final class Soak {
    /** The first looks are those of a process that is still warming up. */
    private static final int WARM_UP = 2;

    private static final Pattern HEAP = Pattern.compile("used (\\d+)K");

    private final Map<String, String> options;
    private final List<Look> looks = new ArrayList<>();
    private long calls;
    private long left;
    private long failed;
    private long records;

    /**
     * What the process holds at rest.
     *
     * @param heap MiB after a collection
     * @param resident MiB
     * @param connections of clients
     */
    record Look(double heap, double resident, double threads, double descriptors, double connections, double upstream) {}

    private Soak(Map<String, String> options) {
        this.options = options;
    }

    public static void main(String[] args) throws Exception {
        Map<String, String> options = new LinkedHashMap<>();
        for (int i = 0; i + 1 < args.length; i += 2) {
            options.put(args[i].substring(2), args[i + 1]);
        }
        Path scratch = Files.createTempDirectory("sluice-soak");
        boolean flat = new Soak(options).run(scratch);
        JournalDamage.delete(scratch);
        System.exit(flat ? 0 : 1);
    }

    private int option(String name, int otherwise) {
        return Integer.parseInt(options.getOrDefault(name, Integer.toString(otherwise)));
    }

    private boolean run(Path scratch) throws Exception {
        int minutes = option("minutes", 20);
        try (GatewayUnderTest simulator = GatewayUnderTest.simulator(scratch);
                GatewayUnderTest gateway =
                        GatewayUnderTest.start(Files.createDirectory(scratch.resolve("data")), Map.of())) {
            String key = gateway.prepare(simulator.url());
            System.out.println("| minute | calls | left by clients | failed | heap MiB | resident MiB | threads | descriptors |"
                    + " connections | upstream connections |");
            System.out.println("|---|---|---|---|---|---|---|---|---|---|");
            for (int minute = 1; minute <= minutes; minute++) {
                load(gateway, key);
                Look look = look(gateway);
                looks.add(look);
                System.out.printf(
                        "| %d | %d | %d | %d | %.1f | %.0f | %.0f | %.0f | %.0f | %.0f |%n",
                        minute, calls, left, failed, look.heap(), look.resident(), look.threads(), look.descriptors(),
                        look.connections(), look.upstream());
            }
            return verdict();
        }
    }

    private void load(GatewayUnderTest gateway, String key) throws Exception {
        Instant began = Instant.now();
        Callers callers = new Callers(gateway, key, 5, Duration.ofMillis(option("pause", 50))).start(option("callers", 24));
        Thread.sleep(55_000);
        callers.stop();
        calls += callers.sent.get();
        left += callers.left.get();
        failed += callers.failed.get() + callers.refused.get() + callers.cut.get();
        gateway.await("no call to run", () -> gateway.metric("sluice_calls_running") == 0);
        gateway.drain();
        records += gateway.totalSince(began);
    }

    // ---- what the process holds

    private static Look look(GatewayUnderTest gateway) throws Exception {
        jcmd(gateway, "GC.run");
        jcmd(gateway, "GC.run");
        Matcher used = HEAP.matcher(jcmd(gateway, "GC.heap_info"));
        if (!used.find()) {
            throw new IllegalStateException("jcmd does not tell the heap");
        }
        String status = Files.readString(Path.of("/proc/" + gateway.pid() + "/status"));
        return new Look(
                Double.parseDouble(used.group(1)) / 1024,
                number(status, "VmRSS") / 1024,
                number(status, "Threads"),
                descriptors(gateway.pid()),
                gateway.metric("sluice_http_connections"),
                gateway.metric("sluice_upstream_connections"));
    }

    private static String jcmd(GatewayUnderTest gateway, String command) throws Exception {
        String jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
        Process process = new ProcessBuilder(jcmd, Long.toString(gateway.pid()), command).redirectErrorStream(true).start();
        String told = new String(process.getInputStream().readAllBytes());
        process.waitFor();
        return told;
    }

    private static double number(String status, String name) {
        return status.lines()
                .filter(line -> line.startsWith(name + ":"))
                .mapToDouble(line -> Double.parseDouble(line.replaceAll("\\D", "")))
                .findFirst()
                .orElseThrow();
    }

    private static double descriptors(long pid) throws IOException {
        try (Stream<Path> open = Files.list(Path.of("/proc/" + pid + "/fd"))) {
            return open.count();
        }
    }

    // ---- what it comes to

    private boolean verdict() {
        boolean flat = true;
        flat &= judge("heap after collection", Look::heap, 4, 0.10);
        flat &= judge("threads", Look::threads, 4, 0);
        flat &= judge("descriptors", Look::descriptors, 8, 0.10);
        flat &= judge("connections", Look::connections, 8, 0.10);
        flat &= judge("upstream connections", Look::upstream, 8, 0.10);
        System.out.printf("%ncalls %d, records %d, failed %d%n", calls, records, failed);
        flat &= failed == 0 && records == calls;
        System.out.println(looks.size() <= WARM_UP ? "verdict: too short for one" : "verdict: " + (flat ? "flat" : "NOT FLAT"));
        return flat;
    }

    /** Compares the later half with the one before it, the warm-up left out. */
    private boolean judge(String name, ToDoubleFunction<Look> value, double slack, double share) {
        List<Look> warm = looks.subList(Math.min(WARM_UP, looks.size() - 1), looks.size());
        double before = middle(warm.subList(0, (warm.size() + 1) / 2), value);
        double after = middle(warm.subList(warm.size() / 2, warm.size()), value);
        boolean flat = after <= before + Math.max(slack, before * share);
        System.out.printf("%n%s: %.1f, then %.1f%s", name, before, after, flat ? "" : ": GREW");
        return flat;
    }

    private static double middle(List<Look> some, ToDoubleFunction<Look> value) {
        return some.stream().mapToDouble(value).sorted().skip(some.size() / 2).findFirst().orElseThrow();
    }
}
