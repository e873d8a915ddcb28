import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Measures what a call costs: the same load on the upstream itself, nginx {@code proxy_pass}, a bare relay on the same engine, and
 * Sluice with everything on, alternating. CPU comes from {@code /proc}, so that it can be compared on a noisy machine. Prints tables
 * in Markdown. Options: {@code --rounds N} (3), {@code --seconds N} (6), {@code --warmup N} (20), {@code --rate N} (calls a second of
 * the part {@code paced}, 500), {@code --only plain|paced|streams|start}, {@code --connections 64,8,1}, {@code --sluice COMMAND} (./sluice),
 * {@code --against COMMAND}: another build of Sluice, in turns with the first.
 */
public final class Bench {
    private static final int UPSTREAM = 18_001;
    private static final int NGINX = 18_002;
    private static final int BARE = 18_003;
    private static final int SLUICE = 18_004;
    private static final int OTHER_SLUICE = 18_006;
    private static final int WARM_CALLS = 40_000;
    private static final String ADMIN_TOKEN = "bench-only-Ux7pQ2mN9vKs4wZa";
    private static final String CLASSES = System.getProperty("java.class.path");
    private static final String QUIET = "-Dslf4j.provider=org.slf4j.helpers.NOP_FallbackServiceProvider";
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private final Map<String, Target> targets = new LinkedHashMap<>();
    private final List<Process> processes = new ArrayList<>();
    private final Path scratch;
    private final String java = ProcessHandle.current().info().command().orElse("java");
    private final Map<String, String> options;

    /**
     * @param key what its callers present; empty where nobody looks
     */
    record Target(String name, int port, List<Long> pids, String key) {
        Target(String name, int port, List<Long> pids) {
            this(name, port, pids, "");
        }

        boolean isJava() {
            return !name.equals("nginx") && !name.equals("direct");
        }
    }

    /**
     * @param threads CPU µs a call by group of threads
     */
    record Load(double perSecond, double cpuMicros, double p50, double p99, long errors, Map<String, Double> threads) {}

    record Streamed(double cpuMicros, long complete, long failed, long rssMib) {}

    private Bench(Path scratch, Map<String, String> options) {
        this.scratch = scratch;
        this.options = options;
    }

    public static void main(String[] args) throws Exception {
        Map<String, String> options = new LinkedHashMap<>();
        for (int i = 0; i + 1 < args.length; i += 2) {
            options.put(args[i].substring(2), args[i + 1]);
        }
        Bench bench = new Bench(Files.createTempDirectory("sluice-bench"), options);
        Runtime.getRuntime().addShutdownHook(new Thread(bench::stop));
        bench.start();
        bench.measure();
        System.exit(0);
    }

    private int option(String name, int otherwise) {
        return Integer.parseInt(options.getOrDefault(name, Integer.toString(otherwise)));
    }

    private boolean wants(String part) {
        return options.getOrDefault("only", part).equals(part);
    }

    // ---- the four targets

    private void start() throws Exception {
        Process upstream = java("FixedUpstream", "" + UPSTREAM);
        await(UPSTREAM);
        targets.put("direct", new Target("direct", UPSTREAM, List.of(upstream.pid())));
        Path conf = scratch.resolve("nginx.conf");
        Files.writeString(conf, nginx());
        Process nginx = run("nginx", List.of("nginx", "-c", conf.toString(), "-g", "daemon off;"));
        await(NGINX);
        Thread.sleep(500);
        targets.put("nginx", new Target("nginx", NGINX, family(nginx.pid())));
        Process bare =
                java("BareRelay", "" + BARE, "" + UPSTREAM);
        await(BARE);
        targets.put("bare relay", new Target("bare relay", BARE, List.of(bare.pid())));
        startSluice("Sluice", options.getOrDefault("sluice", "./sluice"), SLUICE);
        if (options.containsKey("against")) {
            startSluice("Sluice, the other build", options.get("against"), OTHER_SLUICE);
        }
    }

    private void startSluice(String name, String command, int port) throws Exception {
        Path data = Files.createDirectories(scratch.resolve("data-" + port));
        ProcessBuilder builder =
                new ProcessBuilder(line(command, "serve", "--port", "" + port, "--data", data.toString()));
        builder.environment().put("ADMIN_TOKEN", ADMIN_TOKEN);
        builder.environment().putIfAbsent("SLUICE_JAVA_OPTS", "-Xms256m -Xmx512m");
        builder.environment().put("LOG_LEVEL", "WARN");
        Process sluice = start("sluice-" + port, builder);
        await(port);
        admin(
                port,
                "/admin/upstreams",
                "{\"name\":\"bench\",\"provider\":\"openai-compatible\",\"base_url\":\"http://127.0.0.1:"
                        + UPSTREAM
                        + "\",\"api_key\":\"sk-upstream-bench\",\"is_default\":true}");
        String created = admin(port, "/admin/keys", "{\"name\":\"bench\"}");
        Matcher value = Pattern.compile("\"key_value\":\"([^\"]+)\"").matcher(created);
        if (!value.find()) {
            throw new IllegalStateException("no key was made: " + created);
        }
        targets.put(name, new Target(name, port, List.of(sluice.pid()), value.group(1)));
    }

    private static List<String> line(String command, String... arguments) {
        List<String> line = new ArrayList<>(List.of(command.split(" ")));
        line.addAll(List.of(arguments));
        return line;
    }

    private static String admin(int port, String path, String body) throws Exception {
        HttpResponse<String> answer =
                HTTP.send(
                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                                .header("authorization", "Bearer " + ADMIN_TOKEN)
                                .header("content-type", "application/json")
                                .POST(HttpRequest.BodyPublishers.ofString(body))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() != 201) {
            throw new IllegalStateException(path + ": " + answer.statusCode() + answer.body());
        }
        return answer.body();
    }

    private String nginx() {
        return """
        worker_processes 2;
        pid %1$s/nginx.pid;
        error_log %1$s/error.log;
        events { worker_connections 12000; }
        http {
            access_log off;
            client_body_temp_path %1$s/body;
            proxy_temp_path %1$s/proxy;
            fastcgi_temp_path %1$s/f;
            uwsgi_temp_path %1$s/u;
            scgi_temp_path %1$s/s;
            client_body_buffer_size 64k;
            upstream u { server 127.0.0.1:%2$d; keepalive 4000; }
            server {
                listen 127.0.0.1:%3$d backlog=4096;
                location / {
                    proxy_pass http://u;
                    proxy_http_version 1.1;
                    proxy_set_header Connection "";
                    proxy_buffering off;
                }
            }
        }
        """
                .formatted(scratch, UPSTREAM, NGINX);
    }

    // ---- measuring

    private void measure() throws Exception {
        System.out.println("Machine: " + machine());
        if (wants("plain")) {
            plain();
        }
        if (wants("paced")) {
            if (!wants("plain")) {
                warmUp();
            }
            paced();
        }
        if (wants("streams")) {
            streams();
        }
        if (wants("start")) {
            starts();
        }
    }

    private void plain() throws Exception {
        warmUp();
        for (String load : options.getOrDefault("connections", "64,8,1").split(",")) {
            int connections = Integer.parseInt(load);
            Map<String, List<Load>> loads = new LinkedHashMap<>();
            long[] steal = steal();
            for (int round = 0; round < option("rounds", 3); round++) {
                for (Target target : targets.values()) {
                    loads.computeIfAbsent(target.name(), _ -> new ArrayList<>())
                            .add(wrk(target, connections, option("seconds", 6)));
                }
            }
            System.out.printf(
                    "%n### Plain calls, %d connections (steal %s)%n%n", connections, stolen(steal));
            table(loads);
            threads(loads);
        }
    }

    private void warmUp() {
        targets.values().forEach(target -> quietly(() -> warmUp(target)));
    }

    /** A compiler that gets little time needs calls rather than seconds: on until there were enough, five times as long at most. */
    private void warmUp(Target target) throws Exception {
        int seconds = option("warmup", 20);
        double calls = 0;
        for (int i = 0; i < 5 && calls < WARM_CALLS; i++) {
            calls += wrk(target, 16, seconds).perSecond() * seconds;
        }
        System.out.printf("%s is warm after %.0f calls%n", target.name(), calls);
    }

    private static void table(Map<String, List<Load>> loads) {
        System.out.println(
                "| | calls/s | CPU µs a call | × nginx | × bare relay | p50 ms | p99 ms | added p50 | added p99 | errors |");
        System.out.println("|---|---|---|---|---|---|---|---|---|---|");
        double nginx = median(loads.get("nginx"), Load::cpuMicros);
        double bare = median(loads.get("bare relay"), Load::cpuMicros);
        double p50 = median(loads.get("direct"), Load::p50);
        double p99 = median(loads.get("direct"), Load::p99);
        loads.forEach(
                (name, all) -> {
                    double cpu = median(all, Load::cpuMicros);
                    System.out.printf(
                            "| %s | %.0f | %.1f (%.1f–%.1f) | %.1f | %.2f | %.2f | %.2f | %.2f | %.2f | %d |%n",
                            name,
                            median(all, Load::perSecond),
                            cpu,
                            all.stream().mapToDouble(Load::cpuMicros).min().orElse(0),
                            all.stream().mapToDouble(Load::cpuMicros).max().orElse(0),
                            cpu / nginx,
                            cpu / bare,
                            median(all, Load::p50),
                            median(all, Load::p99),
                            median(all, Load::p50) - p50,
                            median(all, Load::p99) - p99,
                            all.stream().mapToLong(Load::errors).sum());
                });
    }

    /** Medians of what each group of threads of the Java processes took. */
    private static void threads(Map<String, List<Load>> loads) {
        System.out.println("\n| CPU µs a call | " + String.join(" | ", ThreadCosts.COLUMNS) + " |");
        System.out.println("|---" + "|---".repeat(ThreadCosts.COLUMNS.size()) + "|");
        loads.forEach(
                (name, all) -> {
                    if (all.getFirst().threads().isEmpty()) {
                        return;
                    }
                    StringBuilder row = new StringBuilder("| " + name);
                    for (String group : ThreadCosts.COLUMNS) {
                        double micros = median(all, load -> load.threads().getOrDefault(group, 0.0));
                        row.append(" | ").append("%.1f".formatted(micros));
                    }
                    System.out.println(row + " |");
                });
    }

    private static <T> double median(List<T> all, ToDoubleFunction<T> figure) {
        double[] sorted = all.stream().mapToDouble(figure).sorted().toArray();
        return sorted[sorted.length / 2];
    }

    /** What 8 connections wait for at a rate that leaves the machine time to breathe. */
    private void paced() throws Exception {
        int rate = option("rate", 500);
        Map<String, List<Load>> loads = new LinkedHashMap<>();
        long[] steal = steal();
        for (int round = 0; round < option("rounds", 3); round++) {
            for (Target target : targets.values()) {
                loads.computeIfAbsent(target.name(), _ -> new ArrayList<>())
                        .add(paced(target, rate));
            }
        }
        System.out.printf(
                "%n### Plain calls, %d a second over 8 connections (steal %s)%n%n",
                rate, stolen(steal));
        table(loads);
    }

    private Load paced(Target target, int rate) throws Exception {
        int seconds = option("seconds", 6);
        double before = cpuSeconds(target);
        String out =
                output(
                        java,
                        "-cp",
                        CLASSES,
                        "PacedLoad",
                        "" + target.port(),
                        target.key(),
                        "8",
                        "" + rate,
                        "" + seconds);
        double cpu = cpuSeconds(target) - before;
        long calls = Long.parseLong(find(out, "calls=(\\d+)", "0"));
        return new Load(
                calls / (double) seconds,
                calls == 0 ? 0 : cpu * 1e6 / calls,
                Double.parseDouble(find(out, "p50=([\\d.]+)", "0")) / 1000,
                Double.parseDouble(find(out, "p99=([\\d.]+)", "0")) / 1000,
                Long.parseLong(find(out, "failed=(\\d+)", "0")),
                Map.of());
    }

    private Load wrk(Target target, int connections, int seconds) throws Exception {
        Path script = scratch.resolve("post-" + target.port() + ".lua");
        Files.writeString(script, lua(target.key()));
        double before = cpuSeconds(target);
        Map<String, Long> threads = target.isJava() ? ThreadCosts.of(target.pids().getFirst()) : Map.of();
        String out =
                output(
                        "wrk",
                        "-t2",
                        "-c" + Math.max(2, connections),
                        "-d" + seconds + "s",
                        "--latency",
                        "-s",
                        script.toString(),
                        "http://127.0.0.1:" + target.port() + "/v1/chat/completions");
        double cpu = cpuSeconds(target) - before;
        long calls = Long.parseLong(find(out, "(\\d+) requests in", "0"));
        return new Load(
                Double.parseDouble(find(out, "Requests/sec:\\s+([\\d.]+)", "0")),
                calls == 0 ? 0 : cpu * 1e6 / calls,
                millis(find(out, "50%\\s+(\\S+)", "0us")),
                millis(find(out, "99%\\s+(\\S+)", "0us")),
                Long.parseLong(find(out, "Non-2xx or 3xx responses: (\\d+)", "0"))
                        + Long.parseLong(find(out, "Socket errors: .*read (\\d+)", "0")),
                calls == 0 || threads.isEmpty() ? Map.of() : since(threads, target, calls));
    }

    private static Map<String, Double> since(Map<String, Long> before, Target target, long calls) throws IOException {
        Map<String, Double> micros = new LinkedHashMap<>();
        ThreadCosts.of(target.pids().getFirst())
                .forEach((group, nanos) -> micros.put(group, (nanos - before.getOrDefault(group, 0L)) / 1_000.0 / calls));
        return micros;
    }

    private static double millis(String text) {
        double number = Double.parseDouble(find(text, "([\\d.]+)", "0"));
        return text.endsWith("us") ? number / 1000 : text.endsWith("ms") ? number : number * 1000;
    }

    private void streams() throws Exception {
        targets.values().forEach(target -> quietly(() -> load(target, "burst", 16, 1500)));
        stream("back to back", "burst", 16, 500);
        stream("20 ms apart", "paced-50x20", 200, 3);
    }

    private void stream(String title, String model, int connections, int each) throws Exception {
        Map<String, List<Streamed>> all = new LinkedHashMap<>();
        long[] steal = steal();
        for (int round = 0; round < option("rounds", 3); round++) {
            for (Target target : targets.values()) {
                all.computeIfAbsent(target.name(), _ -> new ArrayList<>())
                        .add(streamed(target, model, connections, each));
            }
        }
        System.out.printf(
                "%n### Events %s, %d connections (steal %s)%n%n", title, connections, stolen(steal));
        System.out.println("| | CPU µs an event | × nginx | complete | failed | RSS peak MiB |");
        System.out.println("|---|---|---|---|---|---|");
        double nginx = median(all.get("nginx"), Streamed::cpuMicros);
        all.forEach(
                (name, runs) ->
                        System.out.printf(
                                "| %s | %.2f | %.1f | %d | %d | %d |%n",
                                name,
                                median(runs, Streamed::cpuMicros),
                                median(runs, Streamed::cpuMicros) / nginx,
                                runs.stream().mapToLong(Streamed::complete).sum(),
                                runs.stream().mapToLong(Streamed::failed).sum(),
                                runs.getLast().rssMib()));
    }

    private Streamed streamed(Target target, String model, int connections, int each)
            throws Exception {
        double before = cpuSeconds(target);
        String out = load(target, model, connections, each);
        double cpu = cpuSeconds(target) - before;
        long events = Math.max(1, Long.parseLong(find(out, "events=(\\d+)", "1")));
        return new Streamed(
                cpu * 1e6 / events,
                Long.parseLong(find(out, "complete=(\\d+)", "0")),
                Long.parseLong(find(out, "failed=(\\d+)", "0")),
                rssMib(target));
    }

    private String load(Target target, String model, int connections, int each) throws Exception {
        return output(
                java,
                "-cp",
                CLASSES,
                "StreamLoad",
                "" + target.port(),
                target.key(),
                model,
                "" + connections,
                "" + each);
    }

    private void starts() throws Exception {
        List<Long> millis = new ArrayList<>();
        for (int i = 0; i < option("rounds", 3); i++) {
            Path data = Files.createDirectories(scratch.resolve("start"));
            ProcessBuilder builder =
                    new ProcessBuilder(line(options.getOrDefault("sluice", "./sluice"), "serve", "--port", "18005", "--data", data.toString()));
            builder.environment().put("ADMIN_TOKEN", ADMIN_TOKEN);
            long began = System.nanoTime();
            Process process = start("sluice-start", builder);
            while (!answers("http://127.0.0.1:18005/health")) {
                Thread.sleep(5);
            }
            millis.add((System.nanoTime() - began) / 1_000_000);
            process.destroy();
            process.waitFor();
        }
        millis.sort(null);
        System.out.println("\nStart to first answer: " + millis + " ms");
    }

    private static String lua(String key) {
        return """
        wrk.method = "POST"
        wrk.headers["Content-Type"] = "application/json"
        wrk.headers["Authorization"] = "Bearer %s"
        wrk.body = '{"model":"plain","messages":[{"role":"user","content":"%s"}]}'
        """
                .formatted(key, "say something ".repeat(140));
    }

    // ---- the machine

    private static double cpuSeconds(Target target) {
        return target.pids().stream().mapToDouble(Bench::cpuSeconds).sum();
    }

    private static double cpuSeconds(long pid) {
        try {
            String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
            return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) / 100.0;
        } catch (IOException gone) {
            throw new UncheckedIOException(gone);
        }
    }

    private static long rssMib(Target target) throws IOException {
        long kib = 0;
        for (long pid : target.pids()) {
            String status = Files.readString(Path.of("/proc/" + pid + "/status"));
            kib += Long.parseLong(find(status, "VmHWM:\\s+(\\d+)", "0"));
        }
        return kib / 1024;
    }

    private static List<Long> family(long parent) {
        List<Long> pids = new ArrayList<>(List.of(parent));
        ProcessHandle.of(parent)
                .ifPresent(handle -> handle.descendants().forEach(child -> pids.add(child.pid())));
        return pids;
    }

    private static long[] steal() throws IOException {
        String[] fields = Files.readAllLines(Path.of("/proc/stat")).getFirst().trim().split("\\s+");
        long all = Arrays.stream(fields).skip(1).limit(8).mapToLong(Long::parseLong).sum();
        return new long[] {Long.parseLong(fields[8]), all};
    }

    private static String stolen(long[] before) throws IOException {
        long[] now = steal();
        return "%.1f %%".formatted(100.0 * (now[0] - before[0]) / Math.max(1, now[1] - before[1]));
    }

    private static String machine() throws IOException {
        String cpu = find(Files.readString(Path.of("/proc/cpuinfo")), "model name\\s*: (.+)", "?");
        return Runtime.getRuntime().availableProcessors()
                + " × "
                + cpu
                + ", Linux "
                + System.getProperty("os.version")
                + ", Java "
                + System.getProperty("java.version");
    }

    // ---- processes

    private Process java(String name, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(java, "-Xms256m", "-Xmx512m", "-cp", CLASSES, QUIET, name));
        command.addAll(List.of(arguments));
        return run(name, command);
    }

    private Process run(String name, List<String> command) throws IOException {
        return start(name, new ProcessBuilder(command));
    }

    private Process start(String name, ProcessBuilder builder) throws IOException {
        Path log = scratch.resolve(name + ".log");
        Process process =
                builder.redirectErrorStream(true).redirectOutput(log.toFile()).start();
        processes.add(process);
        return process;
    }

    private static String output(String... command) throws Exception {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String out = new String(process.getInputStream().readAllBytes());
        process.waitFor();
        return out;
    }

    private static void await(int port) throws Exception {
        for (int i = 0; i < 600; i++) {
            try (Socket socket = new Socket()) {
                socket.connect(new InetSocketAddress("127.0.0.1", port), 500);
                return;
            } catch (IOException notYet) {
                Thread.sleep(100);
            }
        }
        throw new IllegalStateException("nothing listens on " + port);
    }

    private static boolean answers(String url) {
        try {
            return HTTP.send(
                                    HttpRequest.newBuilder(URI.create(url))
                                            .timeout(Duration.ofSeconds(2))
                                            .build(),
                                    HttpResponse.BodyHandlers.discarding())
                            .statusCode()
                    == 200;
        } catch (IOException | InterruptedException notYet) {
            return false;
        }
    }

    private static String find(String text, String pattern, String otherwise) {
        Matcher matcher = Pattern.compile(pattern).matcher(text);
        return matcher.find() ? matcher.group(1) : otherwise;
    }

    private interface Step {
        void run() throws Exception;
    }

    private static void quietly(Step step) {
        try {
            step.run();
        } catch (Exception failure) {
            throw new IllegalStateException(failure);
        }
    }

    private void stop() {
        processes.reversed().forEach(Process::destroy);
    }
}
