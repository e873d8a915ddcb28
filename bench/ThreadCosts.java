import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** CPU time of a Java process by what its threads are for, from {@code /proc}: on a shared machine the compiler alone may be half of it. */
final class ThreadCosts {
    /** Beginnings of names, as the system cuts them, and what such threads do. */
    private static final Map<String, String> GROUPS = new LinkedHashMap<>();

    static {
        GROUPS.put("vert.x-eventloo", "event loops");
        GROUPS.put("sqlite-writer", "SQLite's writer");
        GROUPS.put("journal-import", "import of records");
        GROUPS.put("journal", "journal");
        GROUPS.put("C1 Compiler", "compiler");
        GROUPS.put("C2 Compiler", "compiler");
        GROUPS.put("G1", "collector");
        GROUPS.put("GC Thread", "collector");
        GROUPS.put("VM Thread", "collector");
    }

    static final List<String> COLUMNS =
            List.of("event loops", "SQLite's writer", "import of records", "journal", "collector", "compiler", "others");

    private ThreadCosts() {}

    /** {@return nanoseconds so far, by group} */
    static Map<String, Long> of(long pid) throws IOException {
        Map<String, Long> nanos = new TreeMap<>();
        try (Stream<Path> tasks = Files.list(Path.of("/proc/" + pid + "/task"))) {
            for (Path task : tasks.toList()) {
                try {
                    String name = Files.readString(task.resolve("comm")).strip();
                    long ran = Long.parseLong(Files.readString(task.resolve("schedstat")).split(" ")[0]);
                    nanos.merge(group(name), ran, Long::sum);
                } catch (NoSuchFileException ended) {
                    // A thread that ends while it is looked at is none of the busy ones.
                }
            }
        }
        return nanos;
    }

    private static String group(String name) {
        return GROUPS.entrySet().stream()
                .filter(group -> name.startsWith(group.getKey()))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElse("others");
    }
}
