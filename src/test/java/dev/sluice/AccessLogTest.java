package dev.sluice;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

class AccessLogTest {
    private static final String HELLO =
            "{\"model\":\"%s\",\"messages\":[{\"role\":\"user\",\"content\":\"private words\"}]}";

    private final Logger logger = (Logger) LoggerFactory.getLogger("dev.sluice.access");
    private final ListAppender<ILoggingEvent> lines = new ListAppender<>();
    private @Nullable Level before;

    @BeforeEach
    void listen() {
        before = logger.getLevel();
        logger.setLevel(Level.INFO);
        lines.start();
        logger.addAppender(lines);
    }

    @AfterEach
    void leave() {
        logger.detachAppender(lines);
        logger.setLevel(before);
    }

    @Test
    void eachCallOfAKnownKeyIsOneLineWithoutASecret(@TempDir Path folder) throws Exception {
        try (RunningGateway gateway = RunningGateway.in(folder, Map.of())) {
            String id =
                    gateway.chat(HELLO.formatted("sim-1"))
                            .headers()
                            .firstValue("x-request-id")
                            .orElseThrow();
            gateway.chat(HELLO.formatted("no-such\\nmodel"));
            gateway.chat(HELLO.formatted("sim-1"), "authorization", "Bearer sk-auto-nobody");
            RunningGateway.await("two lines", () -> lines.list.size() >= 2);

            assertThat(lines.list).hasSize(2);
            assertThat(lines.list.getFirst().getFormattedMessage())
                    .isEqualTo("POST /v1/chat/completions");
            assertThat(fields(0))
                    .containsEntry("request_id", id)
                    .containsEntry("status", "200")
                    .containsEntry("ending", "completed")
                    .containsEntry("model", "sim-1")
                    .containsEntry("upstream", "simulator")
                    .containsEntry("attempts", "1")
                    .containsKeys("key", "duration_ms", "input_tokens", "output_tokens");
            assertThat(fields(1))
                    .containsEntry("status", "404")
                    .containsEntry("ending", "refused")
                    .containsEntry("fault", "client")
                    .containsEntry("error", "model_not_found");
            assertThat(List.of(fields(0), fields(1)).toString())
                    .doesNotContain(gateway.apiKey())
                    .doesNotContain(RunningGateway.UPSTREAM_KEY)
                    .doesNotContain("private words");
        }
    }

    @Test
    void itCanBeTurnedOff(@TempDir Path folder) throws Exception {
        try (RunningGateway gateway = RunningGateway.in(folder, Map.of("LOG_ACCESS", "false"))) {
            gateway.chat(HELLO.formatted("sim-1"));
            gateway.records(1);

            assertThat(lines.list).isEmpty();
        }
    }

    private Map<String, String> fields(int line) {
        return lines.list.get(line).getKeyValuePairs().stream()
                .collect(Collectors.toMap(pair -> pair.key, pair -> String.valueOf(pair.value)));
    }
}
