import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * A data folder on a small file system of its own, which is filled to the last byte under load and emptied again: neither the journal
 * nor the database can grow meanwhile.
 */
final class FullDisk {
    private final Path scratch;
    private final int callers;

    FullDisk(Path scratch, int callers) {
        this.scratch = scratch;
        this.callers = callers;
    }

    List<Crash.Result> run(GatewayUnderTest simulator) throws Exception {
        Path mount = Files.createDirectory(scratch.resolve("disk"));
        if (!command("mount", "-t", "tmpfs", "-o", "size=96m", "tmpfs", mount.toString())) {
            System.out.println("full disk: left out, a file system cannot be mounted here; see the scenario 'database'");
            return List.of();
        }
        try {
            return fill(simulator, Files.createDirectory(mount.resolve("data")));
        } finally {
            command("umount", "-l", mount.toString());
        }
    }

    private List<Crash.Result> fill(GatewayUnderTest simulator, Path data) throws Exception {
        Map<String, String> environment = Map.of("SLUICE_JOURNAL_SEGMENT_BYTES", "1MiB");
        try (GatewayUnderTest gateway = GatewayUnderTest.start(data, environment)) {
            String key = gateway.prepare(simulator.url());
            Instant since = Instant.now();
            Callers load = new Callers(gateway, key, 0, Duration.ZERO).start(callers);
            gateway.await("some delivered calls", () -> load.delivered().size() > 200);
            Path ballast = data.resolveSibling("ballast");
            long bytes = fill(ballast);
            gateway.await("refused calls", () -> load.refused.get() > 100);
            Thread.sleep(5_000);
            fill(ballast);
            long before = load.delivered().size();
            Files.delete(ballast);
            long began = System.nanoTime();
            gateway.await("delivered calls again", () -> load.delivered().size() > before + 100);
            long again = Duration.ofNanos(System.nanoTime() - began).toMillis();
            Thread.sleep(1_000);
            load.stop();
            gateway.drain();
            Crash.Tally tally = new Crash.Tally();
            tally.add(load, gateway.rowsSince(since));
            return List.of(tally.result(
                    "full disk (tmpfs, " + (bytes >> 20) + " MiB of ballast)",
                    "calls again after " + again + " ms",
                    "%d calls refused (503), %d failed otherwise, %d cut".formatted(
                            load.refused.get(), load.failed.get(), load.cut.get())));
        }
    }

    /** Writes until nothing more fits. {@return bytes that did} */
    private static long fill(Path ballast) throws IOException {
        byte[] block = new byte[4096];
        long bytes = 0;
        try (OutputStream out = Files.newOutputStream(
                ballast, java.nio.file.StandardOpenOption.CREATE, java.nio.file.StandardOpenOption.APPEND)) {
            while (true) {
                out.write(block);
                bytes += block.length;
            }
        } catch (IOException full) {
            return bytes;
        }
    }

    private static boolean command(String... line) throws Exception {
        return new ProcessBuilder(line).redirectErrorStream(true).start().waitFor() == 0;
    }
}
