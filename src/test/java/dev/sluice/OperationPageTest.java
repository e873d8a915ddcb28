package dev.sluice;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** The metrics, and the page that explains them. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OperationPageTest {
    private static final Pattern ROW =
            Pattern.compile("^\\| `(sluice_[a-z_]+)` *\\| ([a-z]+) *\\|");
    private static final Pattern TYPE = Pattern.compile("^# TYPE (sluice_[a-z_]+) ([a-z]+)$");
    private static final String HELLO =
            "{\"model\":\"%s\",\"messages\":[{\"role\":\"user\",\"content\":\"Hello\"}]}";

    private RunningGateway gateway;

    @BeforeAll
    void start(@TempDir Path folder) throws Exception {
        gateway = RunningGateway.in(folder, Map.of());
        assertThat(gateway.chat(HELLO.formatted("sim-1")).statusCode()).isEqualTo(200);
    }

    @AfterAll
    void stop() {
        gateway.close();
    }

    @Test
    void everyMetricIsExplainedAndEveryExplainedOneIsExposed() throws Exception {
        Set<String> explained =
                Files.readAllLines(Path.of("docs/operation.md")).stream()
                        .map(ROW::matcher)
                        .filter(Matcher::find)
                        .map(row -> row.group(1) + " " + row.group(2))
                        .collect(Collectors.toCollection(TreeSet::new));
        Set<String> exposed =
                metrics()
                        .lines()
                        .map(TYPE::matcher)
                        .filter(Matcher::matches)
                        .map(type -> type.group(1) + " " + type.group(2))
                        .collect(Collectors.toCollection(TreeSet::new));

        assertThat(explained).isEqualTo(exposed);
    }

    @Test
    void everyMetricSaysWhatItIs() throws Exception {
        assertThat(metrics().lines().filter(line -> line.startsWith("# HELP sluice_")))
                .allSatisfy(line -> assertThat(line.split(" ", 4)).hasSize(4));
    }

    @Test
    void whatClientsSendMakesNoNewLabels() throws Exception {
        long refused = 0;
        for (int i = 0; i < 3; i++) {
            refused = callStrangely(i);
        }
        long lines = series();
        for (int i = 3; i < 40; i++) {
            refused += callStrangely(i);
        }

        assertThat(refused).isGreaterThan(30);
        assertThat(series()).isEqualTo(lines);
        assertThat(metrics()).doesNotContain("stranger");
    }

    private long callStrangely(int i) throws Exception {
        int unknown = gateway.chat(HELLO.formatted("stranger-" + i)).statusCode();
        int pinned = gateway.chat(HELLO.formatted("simulator/stranger-" + i)).statusCode();
        gateway.send("POST", "/v1/stranger-" + i, "{}", Map.of());
        assertThat(pinned).isEqualTo(200);
        return unknown == 404 ? 1 : 0;
    }

    private long series() throws Exception {
        return metrics().lines().filter(line -> line.startsWith("sluice_")).count();
    }

    private String metrics() throws Exception {
        return gateway.send("GET", "/metrics", null, Map.of()).body();
    }
}
