package dev.sluice.dialect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.sluice.chat.ChatAnswer;
import dev.sluice.chat.ChatEvent;
import dev.sluice.chat.ChatRequest;
import dev.sluice.chat.Message;
import dev.sluice.chat.Protocol;
import dev.sluice.dialect.anthropic.AnthropicDialect;
import dev.sluice.dialect.gemini.GeminiDialect;
import dev.sluice.dialect.json.Json;
import dev.sluice.dialect.openai.chat.OpenAiChatDialect;
import dev.sluice.dialect.openai.responses.OpenAiResponsesDialect;
import dev.sluice.dialect.peek.RequestPeek;
import dev.sluice.dialect.peek.Rewrite;
import dev.sluice.dialect.sse.SseEvent;
import dev.sluice.dialect.sse.SseReader;
import dev.sluice.dialect.sse.SseSink;
import dev.sluice.dialect.trait.Trait;
import dev.sluice.dialect.trait.UpstreamTraits;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Every sample of {@code golden/}: what a client sent and what an upstream is sent, what an
 * upstream answered and what a client gets. {@code -Dgolden.update} writes what is expected anew;
 * the difference is the review. Then the properties that hold for every sample.
 */
class GoldenTest {
    private static final List<Dialect> DIALECTS =
            List.of(
                    new OpenAiChatDialect(),
                    new OpenAiResponsesDialect(),
                    new AnthropicDialect(),
                    new GeminiDialect());
    private static final Path ROOT = Path.of("src/test/resources/golden");
    private static final boolean UPDATE = System.getProperty("golden.update") != null;

    record Pair(Path sample, Dialect from, Dialect to) {
        boolean sameProtocol() {
            return from.protocol() == to.protocol();
        }

        Path expected() {
            String name = sample.getFileName().toString();
            int dot = name.lastIndexOf('.');
            String target =
                    name.substring(0, dot)
                            + ".to-"
                            + to.protocol().wireName()
                            + name.substring(dot);
            return sample.resolveSibling(target);
        }

        @Override
        public String toString() {
            return ROOT.relativize(sample) + " to " + to.protocol().wireName();
        }
    }

    static Stream<Pair> requests() {
        return pairs("requests", ".json");
    }

    static Stream<Pair> answers() {
        return pairs("answers", ".json");
    }

    static Stream<Pair> streams() {
        return pairs("answers", ".sse");
    }

    @ParameterizedTest
    @MethodSource("requests")
    void aRequestIsTold(Pair pair) throws Exception {
        ChatRequest request = pair.from.readRequest(bytes(pair.sample), envelope(pair.sample));
        Written written = pair.to.writeRequest(request, standard(pair.to.protocol()));

        ObjectNode told = Json.mapper().createObjectNode().put("path", written.path());
        written.headers().forEach(told.putObject("headers")::put);
        ArrayNode losses = told.putArray("losses");
        written.losses()
                .forEach(loss ->
                        losses.add(loss.severity() + " " + loss.code() + " " + loss.param()));
        told.set("body", Json.tree(written.body()));

        compare(pair.expected(), told);
    }

    @ParameterizedTest
    @MethodSource("answers")
    void anAnswerIsRelayed(Pair pair) throws Exception {
        ChatAnswer answer =
                pair.from.readAnswer(bytes(pair.sample), Memory.of(standard(pair.from.protocol())));
        assertThat(answer.failure()).isNull();

        compare(pair.expected(), Json.tree(pair.to.writeAnswer(answer, view(pair.to))));
    }

    @ParameterizedTest
    @MethodSource("streams")
    void aStreamIsRelayed(Pair pair) throws Exception {
        byte[] sent = relayed(pair, List.of(bytes(pair.sample)));

        if (UPDATE) {
            Files.write(pair.expected(), sent);
            return;
        }
        requireExpected(pair.expected());
        assertThat(events(List.of(sent))).isEqualTo(events(List.of(bytes(pair.expected()))));
    }

    @ParameterizedTest
    @MethodSource("streams")
    void cuttingAStreamIntoBytesChangesNothing(Pair pair) throws Exception {
        byte[] stream = bytes(pair.sample);
        List<byte[]> single = new ArrayList<>();
        for (byte b : stream) {
            single.add(new byte[] {b});
        }

        assertThat(relayed(pair, single)).isEqualTo(relayed(pair, List.of(stream)));
    }

    @ParameterizedTest
    @MethodSource("requests")
    void readingWhatWasWrittenGivesAnEqualRequest(Pair pair) throws Exception {
        ChatRequest request = pair.from.readRequest(bytes(pair.sample), envelope(pair.sample));
        Written once = pair.to.writeRequest(request, generous(pair.to.protocol()));
        ChatRequest first = pair.to.readRequest(once.body(), envelope(pair.sample));
        Written twice = pair.to.writeRequest(first, generous(pair.to.protocol()));
        ChatRequest second = pair.to.readRequest(twice.body(), envelope(pair.sample));

        assertThat(comparable(second)).isEqualTo(comparable(first));
        if (pair.sameProtocol() && once.memory().toolNames().equals(ToolNames.NONE)) {
            assertThat(comparable(first)).isEqualTo(comparable(request));
        }
    }

    @ParameterizedTest
    @MethodSource("requests")
    void theSameProtocolChangesNothingButTheModel(Pair pair) throws Exception {
        if (!pair.sameProtocol() || pair.from.protocol() == Protocol.GEMINI) {
            return;
        }
        byte[] body = bytes(pair.sample);
        RequestPeek peek = pair.from.peek(body);
        byte[] changed = pair.from.rewrite(body, peek, new Rewrite("other", false, false, null));

        RequestPeek.Span span = Objects.requireNonNull(peek.modelSpan());
        assertThat(Arrays.copyOf(changed, span.start()))
                .isEqualTo(Arrays.copyOf(body, span.start()));
        int rest = body.length - span.end();
        assertThat(Arrays.copyOfRange(changed, changed.length - rest, changed.length))
                .isEqualTo(Arrays.copyOfRange(body, span.end(), body.length));
        assertThat(Json.tree(changed).path("model").stringValue()).isEqualTo("other");
    }

    private static byte[] relayed(Pair pair, List<byte[]> pieces) {
        EventReader reader = pair.from.newEventReader(Memory.of(standard(pair.from.protocol())));
        EventWriter writer = pair.to.newEventWriter(view(pair.to));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        boolean[] failed = new boolean[1];
        Recorder recorder =
                new Recorder(
                        event -> {
                            failed[0] |= event instanceof ChatEvent.Failed;
                            writer.write(event, out);
                        },
                        reader);
        SseReader sse = new SseReader(1 << 20);
        pieces.forEach(piece -> sse.read(piece, recorder));
        sse.end(recorder);
        reader.end(recorder.sink);
        if (!failed[0]) {
            writer.end(out);
        }
        return out.toByteArray();
    }

    private record Recorder(java.util.function.Consumer<ChatEvent> sink, EventReader reader)
            implements SseSink {
        @Override
        public void event(SseEvent event) {
            reader.read(event, sink);
        }

        @Override
        public void fragment(byte[] bytes) {
            fail("no sample is that large");
        }
    }

    private static List<String> events(List<byte[]> pieces) {
        List<String> events = new ArrayList<>();
        SseReader sse = new SseReader(1 << 20);
        SseSink sink =
                new SseSink() {
                    @Override
                    public void event(SseEvent event) {
                        events.add(event.type() + " " + (event.hasData() ? event.text() : ":"));
                    }

                    @Override
                    public void fragment(byte[] bytes) {
                        fail("no sample is that large");
                    }
                };
        pieces.forEach(piece -> sse.read(piece, sink));
        sse.end(sink);
        return events;
    }

    private static void compare(Path expected, JsonNode actual) throws IOException {
        if (UPDATE) {
            Files.writeString(
                    expected,
                    Json.mapper()
                                    .writer()
                                    .with(SerializationFeature.INDENT_OUTPUT)
                                    .writeValueAsString(actual)
                            + "\n");
            return;
        }
        requireExpected(expected);
        assertThat(actual).isEqualTo(Json.tree(bytes(expected)));
    }

    private static void requireExpected(Path expected) {
        assertThat(expected)
                .as("what is expected is missing: run with -Dgolden.update and review it")
                .exists();
    }

    private static Stream<Pair> pairs(String kind, String ending) {
        List<Pair> pairs = new ArrayList<>();
        for (Dialect from : DIALECTS) {
            Path folder = ROOT.resolve(kind).resolve(from.protocol().wireName());
            for (Path sample : samples(folder, ending)) {
                DIALECTS.forEach(to -> pairs.add(new Pair(sample, from, to)));
            }
        }
        assertThat(pairs).isNotEmpty();
        return pairs.stream();
    }

    private static List<Path> samples(Path folder, String ending) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(ending))
                    .filter(file -> !file.getFileName().toString().contains(".to-"))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Gemini says model and method in the path: the samples are of a stream of one model. */
    private static Envelope envelope(Path sample) {
        return sample.toString().contains("gemini")
                ? new Envelope("gemini-3-pro", true, List.of())
                : Envelope.NONE;
    }

    private static UpstreamTraits standard(Protocol protocol) {
        String family =
                switch (protocol) {
                    case OPENAI_CHAT, OPENAI_RESPONSES -> "openai";
                    case ANTHROPIC -> "anthropic";
                    case GEMINI -> "google";
                };
        return UpstreamTraits.standard(family, "upstream-model");
    }

    /** An upstream that can be told all that its dialect can say. */
    private static UpstreamTraits generous(Protocol protocol) {
        return new UpstreamTraits(
                standard(protocol).family(),
                "upstream-model",
                null,
                Map.of(
                        Trait.REASONING_IN, "reasoning_details",
                        Trait.CACHE_MARKS, "breakpoint",
                        Trait.PREFILL, "true",
                        Trait.TOP_K, "true",
                        Trait.SYSTEM_ANYWHERE, "true",
                        Trait.LABELS, "true"));
    }

    /** The upstream's model is its own, usage is always asked for, and paths may move. */
    private static ChatRequest comparable(ChatRequest request) {
        List<Message> messages =
                request.messages().stream()
                        .map(message ->
                                new Message(
                                        message.role(),
                                        message.parts(),
                                        message.name(),
                                        message.extras(),
                                        ""))
                        .toList();
        return ChatRequest.builder(request.origin()).stream(request.stream(), true)
                .messages(messages)
                .tools(request.tools())
                .toolChoice(request.toolChoice())
                .parallelToolCalls(request.parallelToolCalls())
                .outputFormat(request.outputFormat())
                .verbosity(request.verbosity())
                .reasoning(request.reasoning())
                .sampling(request.sampling())
                .limits(request.limits())
                .service(request.service())
                .extras(request.extras())
                .build();
    }

    private static ClientView view(Dialect client) {
        ChatRequest request =
                ChatRequest.builder(client.protocol()).model("asked-model").stream(true, true)
                        .build();
        return new ClientView(
                request, "golden", "asked-model", Instant.ofEpochSecond(1_700_000_000), 7, true);
    }

    private static byte[] bytes(Path file) throws IOException {
        return Files.readAllBytes(file);
    }
}
