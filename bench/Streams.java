import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Thousands of slow streams at once through a real gateway process: do all complete, what memory does one take, what CPU an event, and how
 * long is the wait for the first one. The same streams straight from the upstream and through a bare relay on the same engine stand beside
 * it. Prints a table in Markdown; the exit code is 1 if a stream was not completed, or if the gateway holds anything afterwards. Options:
 * {@code --streams 2000,9000} (as many as the limit of open files allows: two a stream), {@code --rate N} (opened a second, 400), {@code
 * --apart N} (milliseconds between events, 1000), {@code --plateau N} (seconds with all of them open, 20), {@code --warmup N} (short
 * streams before, 6000).
 */
public final class Streams {
    private static final String CLASSES = System.getProperty("java.class.path");
    private static final String JAVA = ProcessHandle.current().info().command().orElse("java");
    private static final Pattern HEAP = Pattern.compile("used (\\d+)K");

    private final Map<String, String> options;
    private final List<Process> processes = new ArrayList<>();
    private final Path scratch;
    private boolean sound = true;

    /** Whom the streams are asked of. */
    record Target(String name, int port, long pid, String key) {}

    /** What a process holds: MiB resident, MiB of heap after a collection. */
    record Memory(double resident, double heap) {}

    private Streams(Path scratch, Map<String, String> options) {
        this.scratch = scratch;
        this.options = options;
    }

    public static void main(String[] args) throws Exception {
        Map<String, String> options = new LinkedHashMap<>();
        for (int i = 0; i + 1 < args.length; i += 2) {
            options.put(args[i].substring(2), args[i + 1]);
        }
        Path scratch = Files.createTempDirectory("sluice-streams");
        Streams streams = new Streams(scratch, options);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> streams.processes.forEach(Process::destroyForcibly)));
        streams.run();
        JournalDamage.delete(scratch);
        System.exit(streams.sound ? 0 : 1);
    }

    private int option(String name, int otherwise) {
        return Integer.parseInt(options.getOrDefault(name, Integer.toString(otherwise)));
    }

    private void run() throws Exception {
        int upstreamPort = GatewayUnderTest.freePort();
        Target direct = beside("FixedUpstream", "direct", upstreamPort);
        try (GatewayUnderTest gateway = GatewayUnderTest.start(Files.createDirectory(scratch.resolve("data")), Map.of())) {
            String key = gateway.prepare("http://127.0.0.1:" + upstreamPort);
            Target sluice = new Target("Sluice", gateway.port(), gateway.pid(), key);
            System.out.println("| streams | | complete | failed | to first event p50 ms | p99 ms | CPU µs an event | resident MiB |"
                    + " KiB a stream | heap KiB a stream |");
            System.out.println("|---|---|---|---|---|---|---|---|---|---|");
            for (String count : options.getOrDefault("streams", "2000,9000").split(",")) {
                int streams = Math.min(Integer.parseInt(count), mostStreams());
                Target bare = beside("BareRelay", "bare relay", GatewayUnderTest.freePort(), "" + upstreamPort);
                for (Target target : List.of(direct, bare, sluice)) {
                    measure(target, streams);
                }
                settled(gateway);
            }
            records(gateway);
        }
    }

    /** Every stream takes two descriptors of a relay, and a relay has others. */
    private static int mostStreams() throws IOException {
        String limits = Files.readString(Path.of("/proc/self/limits"));
        Matcher files = Pattern.compile("Max open files\\s+\\S+\\s+(\\d+)").matcher(limits);
        return files.find() ? Math.max(100, (Integer.parseInt(files.group(1)) - 1_000) / 2) : 9_000;
    }

    private Target beside(String program, String name, int port, String... arguments) throws Exception {
        List<String> line = new ArrayList<>(List.of(
                JAVA, "-Xmx512m", "-cp", CLASSES, "-Dslf4j.provider=org.slf4j.helpers.NOP_FallbackServiceProvider",
                "bench/" + program + ".java", "" + port));
        line.addAll(List.of(arguments));
        Path log = scratch.resolve(program + ".log");
        Process process = new ProcessBuilder(line).redirectErrorStream(true).redirectOutput(log.toFile()).start();
        processes.add(process);
        for (int i = 0; i < 600 && process.isAlive(); i++) {
            try (Socket socket = new Socket()) {
                socket.connect(new InetSocketAddress("127.0.0.1", port), 500);
                return new Target(name, port, process.pid(), "none");
            } catch (IOException notYet) {
                Thread.sleep(100);
            }
        }
        throw new IllegalStateException(program + " does not listen: " + Files.readString(log));
    }

    // ---- one target

    private void measure(Target target, int streams) throws Exception {
        int rate = option("rate", 400);
        int apart = option("apart", 1_000);
        int plateau = option("plateau", 20);
        new SlowStreams(target.port(), target.key(), "paced-5x5").open(option("warmup", 6_000), 500).await();
        Memory rest = memory(target);
        int seconds = (streams + rate - 1) / rate + plateau;
        SlowStreams load = new SlowStreams(target.port(), target.key(), "paced-" + seconds * 1_000 / apart + "x" + apart);
        load.open(streams, rate).awaitBegun();
        long events = load.events();
        double cpu = cpuSeconds(target.pid());
        Thread.sleep(plateau * 500L);
        double spent = cpuSeconds(target.pid()) - cpu;
        double micros = spent * 1e6 / Math.max(1, load.events() - events);
        boolean full = load.running() == streams;
        Memory open = memory(target);
        load.await();
        sound &= load.complete() == streams || !target.name().equals("Sluice");
        System.out.printf(
                "| %,d | %s | %,d | %,d | %.1f | %.1f | %.1f | %.0f | %.0f | %.1f |%s%n",
                streams,
                target.name(),
                load.complete(),
                load.failed(),
                load.millisToFirst(0.5),
                load.millisToFirst(0.99),
                micros,
                open.resident(),
                (open.resident() - rest.resident()) * 1024 / streams,
                (open.heap() - rest.heap()) * 1024 / streams,
                full ? "" : " never all open at once");
    }

    /** Resident first: a collection may give memory back. */
    private static Memory memory(Target target) throws Exception {
        String status = Files.readString(Path.of("/proc/" + target.pid() + "/status"));
        Matcher resident = Pattern.compile("VmRSS:\\s+(\\d+)").matcher(status);
        jcmd(target, "GC.run");
        Matcher heap = HEAP.matcher(jcmd(target, "GC.heap_info"));
        if (!resident.find() || !heap.find()) {
            throw new IllegalStateException(target.name() + " does not tell its memory");
        }
        return new Memory(Double.parseDouble(resident.group(1)) / 1024, Double.parseDouble(heap.group(1)) / 1024);
    }

    private static String jcmd(Target target, String command) throws Exception {
        String jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
        Process process = new ProcessBuilder(jcmd, Long.toString(target.pid()), command).redirectErrorStream(true).start();
        String told = new String(process.getInputStream().readAllBytes());
        process.waitFor();
        return told;
    }

    /** User and system time, in the kernel's hundredths. */
    private static double cpuSeconds(long pid) throws IOException {
        String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) / 100.0;
    }

    // ---- what is left of it

    private void settled(GatewayUnderTest gateway) throws Exception {
        for (String gauge : List.of("sluice_calls_running", "sluice_streams_open", "sluice_leases", "sluice_upstream_calls")) {
            gateway.await(gauge + " to be 0", () -> gateway.metric(gauge) == 0);
        }
        gateway.await("no request to be open but the one that asks", () -> gateway.metric("sluice_http_exchanges") <= 1);
    }

    private void records(GatewayUnderTest gateway) throws Exception {
        gateway.drain();
        long records = gateway.total();
        long asked = SlowStreams.asked(gateway.port());
        sound &= records == asked;
        System.out.printf("%n%,d streams were asked of the gateway, %,d are recorded; nothing runs or is held any more%n", asked, records);
    }
}
