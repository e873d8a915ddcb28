package dev.sluice.dialect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.Seeds;
import dev.sluice.chat.ChatAnswer;
import dev.sluice.chat.ChatEvent;
import dev.sluice.chat.ChatRequest;
import dev.sluice.chat.Protocol;
import dev.sluice.dialect.anthropic.AnthropicDialect;
import dev.sluice.dialect.gemini.GeminiDialect;
import dev.sluice.dialect.openai.chat.OpenAiChatDialect;
import dev.sluice.dialect.openai.responses.OpenAiResponsesDialect;
import dev.sluice.dialect.sse.SseEvent;
import dev.sluice.dialect.sse.SseReader;
import dev.sluice.dialect.sse.SseSink;
import dev.sluice.dialect.trait.UpstreamTraits;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Answers of upstreams, their bytes damaged, their events dropped, doubled and out of order: they
 * are read whatever they are, by the rules, and written for every client.
 */
class AnswerFuzzTest {
    private static final Path GOLDEN = Path.of("src/test/resources/golden/answers");
    private static final List<Dialect> DIALECTS =
            List.of(
                    new OpenAiChatDialect(),
                    new OpenAiResponsesDialect(),
                    new AnthropicDialect(),
                    new GeminiDialect());

    static Stream<Arguments> answersAndSeeds() throws IOException {
        List<Arguments> cases = new ArrayList<>();
        for (Seeds seeds : Seeds.rounds(60).toList()) {
            for (Dialect dialect : DIALECTS) {
                try (Stream<Path> files =
                        Files.list(GOLDEN.resolve(dialect.protocol().wireName()))) {
                    files.map(file -> file.getFileName().toString())
                            .filter(name -> !name.contains(".to-"))
                            .sorted()
                            .forEach(name ->
                                    cases.add(Arguments.of(dialect.protocol(), name, seeds)));
                }
            }
        }
        return cases.stream();
    }

    @ParameterizedTest
    @MethodSource("answersAndSeeds")
    void aDamagedAnswerIsReadByTheRulesAndWrittenForEveryClient(
            Protocol protocol, String name, Seeds seeds) throws IOException {
        Dialect dialect = dialect(protocol);
        byte[] answer = Files.readAllBytes(GOLDEN.resolve(protocol.wireName()).resolve(name));
        Memory memory = Memory.of(UpstreamTraits.standard("openai", "sim-1"));
        seeds.check(random -> {
            if (name.endsWith(".json")) {
                byte[] damaged = new GeneratedJson(random).damaged(answer);
                checkWhole(dialect, damaged, memory);
            } else {
                checkStream(dialect, damagedEvents(random, answer), memory);
            }
        });
    }

    private static void checkWhole(Dialect dialect, byte[] damaged, Memory memory) {
        assertThat(dialect.peekAnswer(damaged)).isNotNull();
        assertThat(dialect.readError(500, damaged)).isNotNull();
        ChatAnswer read = dialect.readAnswer(damaged, memory);
        if (read.failure() == null) {
            for (Dialect client : DIALECTS) {
                assertThat(client.writeAnswer(read, view(client))).isNotEmpty();
            }
        }
    }

    private static void checkStream(Dialect dialect, List<SseEvent> events, Memory memory) {
        EventReader reader = dialect.newEventReader(memory);
        EventRules rules = new EventRules();
        for (SseEvent event : events) {
            assertThat(dialect.peekEvent(event)).isNotNull();
            reader.read(event, rules::take);
        }
        reader.end(rules::take);
        for (Dialect client : DIALECTS) {
            EventWriter writer = client.newEventWriter(view(client));
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            for (ChatEvent event : rules.ended()) {
                writer.write(event, out);
            }
            if (!(rules.ended().getLast() instanceof ChatEvent.Failed)) {
                writer.end(out);
            }
            assertThat(out.size()).isPositive();
        }
    }

    private static List<SseEvent> damagedEvents(Random random, byte[] stream) {
        List<SseEvent> events = events(stream);
        for (int strike = random.nextInt(4); strike >= 0 && !events.isEmpty(); strike--) {
            int at = random.nextInt(events.size());
            switch (random.nextInt(4)) {
                case 0 -> events.remove(at);
                case 1 -> events.add(at, events.get(random.nextInt(events.size())));
                case 2 -> Collections.swap(events, at, random.nextInt(events.size()));
                default -> {
                    SseEvent struck = events.get(at);
                    byte[] data = new GeneratedJson(random).damaged(struck.data());
                    events.set(at, new SseEvent(struck.raw(), struck.type(), data, true));
                }
            }
        }
        return events;
    }

    private static List<SseEvent> events(byte[] stream) {
        List<SseEvent> events = new ArrayList<>();
        SseSink sink =
                new SseSink() {
                    @Override
                    public void event(SseEvent event) {
                        events.add(event);
                    }

                    @Override
                    public void fragment(byte[] bytes) {
                        throw new AssertionError("no golden answer is that large");
                    }
                };
        SseReader reader = new SseReader(1 << 22);
        reader.read(stream, sink);
        reader.end(sink);
        return events;
    }

    private static ClientView view(Dialect client) {
        ChatRequest request =
                ChatRequest.builder(client.protocol()).model("m").stream(true, true).build();
        return new ClientView(request, "1", "shown", Instant.EPOCH, 7, true);
    }

    private static Dialect dialect(Protocol protocol) {
        return DIALECTS.stream()
                .filter(dialect -> dialect.protocol() == protocol)
                .findFirst()
                .orElseThrow();
    }
}
