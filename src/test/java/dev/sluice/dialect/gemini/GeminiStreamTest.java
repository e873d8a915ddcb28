package dev.sluice.dialect.gemini;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.genai.Client;
import com.google.genai.ResponseStream;
import com.google.genai.types.FunctionCall;
import com.google.genai.types.GenerateContentResponse;
import com.google.genai.types.HttpOptions;
import com.sun.net.httpserver.HttpServer;
import dev.sluice.chat.ChatAnswer;
import dev.sluice.chat.ChatError;
import dev.sluice.chat.ChatEvent;
import dev.sluice.chat.ChatRequest;
import dev.sluice.chat.ErrorKind;
import dev.sluice.chat.Extras;
import dev.sluice.chat.Part;
import dev.sluice.chat.Protocol;
import dev.sluice.chat.Seal;
import dev.sluice.chat.StopReason;
import dev.sluice.chat.Usage;
import dev.sluice.dialect.ClientView;
import dev.sluice.dialect.EventReader;
import dev.sluice.dialect.EventWriter;
import dev.sluice.dialect.Memory;
import dev.sluice.dialect.UpstreamTraits;
import dev.sluice.dialect.json.Json;
import dev.sluice.dialect.sse.SseEvent;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** What a Gemini stream says, and what Google's own client reads of ours. */
class GeminiStreamTest {
    private static final Memory MEMORY =
            Memory.of(UpstreamTraits.standard("google", "gemini-3-pro"));
    private static final Usage USAGE = new Usage(Usage.Origin.PROVIDER, 50, 20, 0, 0, 9, 4, 0);

    private final GeminiDialect dialect = new GeminiDialect();

    private static final ChatEvent[] CONVERSATION = {
        new ChatEvent.Start("up", "up-model"),
        new ChatEvent.Reasoning(0, 0, "hm"),
        new ChatEvent.Sealed(
                0, 0, new Seal("anthropic", "claude", Seal.Kind.SIGNATURE, "sig"), null),
        new ChatEvent.BlockEnd(0),
        new ChatEvent.Text(0, 1, "Hello "),
        new ChatEvent.Ping(),
        new ChatEvent.Text(0, 1, "\"world\" é"),
        new ChatEvent.BlockEnd(1),
        new ChatEvent.CallStart(0, 2, "call_a", "one", false),
        new ChatEvent.CallArguments(2, "{\"x\":"),
        new ChatEvent.CallStart(0, 3, "call_b", "one", false),
        new ChatEvent.CallArguments(3, "{\"y\":2}"),
        new ChatEvent.CallStart(0, 4, "call_c", "three", false),
        new ChatEvent.BlockEnd(3),
        new ChatEvent.CallArguments(2, "1}"),
        new ChatEvent.BlockEnd(2),
        new ChatEvent.BlockEnd(4),
        new ChatEvent.Finish(0, StopReason.TOOL_CALLS, null),
        new ChatEvent.UsageReported(USAGE)
    };

    @Test
    void googlesClientReadsThoughtsTextParallelCallsAndUsage() throws IOException {
        List<GenerateContentResponse> chunks =
                streamed(written(view(true), CONVERSATION), "text/event-stream");

        StringBuilder text = new StringBuilder();
        StringBuilder thoughts = new StringBuilder();
        List<String> calls = new ArrayList<>();
        List<byte[]> signatures = new ArrayList<>();
        for (GenerateContentResponse chunk : chunks) {
            for (com.google.genai.types.Part part : chunk.parts()) {
                boolean thought = part.thought().orElse(false);
                (thought ? thoughts : text).append(part.text().orElse(""));
                part.functionCall().ifPresent(call -> calls.add(told(call)));
                part.thoughtSignature().ifPresent(signatures::add);
            }
            assertThat(chunk.modelVersion()).contains("shown");
        }
        assertThat(thoughts).hasToString("hm");
        assertThat(text).hasToString("Hello \"world\" é");
        assertThat(calls)
                .containsExactly("call_b one {y=2}", "call_a one {x=1}", "call_c three {}");
        assertThat(signatures)
                .singleElement()
                .satisfies(raw ->
                        assertThat(new String(raw, StandardCharsets.UTF_8))
                                .isEqualTo("gw1|anthropic|claude|sig|sig"));
        GenerateContentResponse last = chunks.getLast();
        assertThat(last.finishReason().toString()).isEqualTo("STOP");
        assertThat(last.usageMetadata().orElseThrow().promptTokenCount()).contains(50);
        assertThat(last.usageMetadata().orElseThrow().cachedContentTokenCount()).contains(20);
        assertThat(last.usageMetadata().orElseThrow().candidatesTokenCount()).contains(5);
        assertThat(last.usageMetadata().orElseThrow().thoughtsTokenCount()).contains(4);
        assertThat(last.usageMetadata().orElseThrow().totalTokenCount()).contains(59);
    }

    @Test
    void googlesClientReadsAWholeAnswer() throws IOException {
        ChatAnswer answer =
                answer(
                        StopReason.TOOL_CALLS,
                        new Part.Reasoning("hm", null, null, Extras.NONE),
                        Part.Text.of("Hi"),
                        Part.ToolCall.of("call_a", "one", ""));
        byte[] body = dialect.writeAnswer(answer, view(false));
        GenerateContentResponse response =
                served(
                        body,
                        "application/json",
                        client -> client.models.generateContent("m", "x", null));

        assertThat(response.text()).isEqualTo("Hi");
        assertThat(response.functionCalls().stream().map(GeminiStreamTest::told))
                .containsExactly("call_a one {}");
        assertThat(response.usageMetadata().orElseThrow().candidatesTokenCount()).contains(5);
        assertThat(response.responseId()).contains("1");
    }

    @Test
    void googlesClientSeesAnErrorInTheStream() {
        EventWriter writer = dialect.newEventWriter(view(true));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        writer.write(new ChatEvent.Text(0, 0, "Half"), out);
        writer.fail(ChatError.of(ErrorKind.UPSTREAM_FAILED, "upstream_error", "It broke."), out);
        writer.end(out);

        assertThatThrownBy(() -> streamed(out.toByteArray(), "text/event-stream"))
                .hasMessageContaining("It broke.");
    }

    @Test
    void googlesClientSeesAnErrorInsteadOfAnAnswer() {
        ChatError error = ChatError.of(ErrorKind.LIMITED, "rate_limit_exceeded", "Slower.");

        assertThatThrownBy(() ->
                        served(
                                dialect.status(error),
                                dialect.errorBody(error, "r"),
                                "application/json",
                                client -> client.models.generateContent("m", "x", null)))
                .hasMessageContaining("429")
                .hasMessageContaining("Slower.");
    }

    @Test
    void aStreamAsAnArrayHoldsTheSameChunks() throws IOException {
        byte[] events = written(view(true), CONVERSATION);
        JsonNode array = Json.tree(written(view(false), CONVERSATION));

        List<String> chunks = new ArrayList<>();
        for (String event : new String(events, StandardCharsets.UTF_8).split("\r\n\r\n", 0)) {
            chunks.add(event.substring("data: ".length()));
        }
        assertThat(array.valueStream().map(JsonNode::toString)).isEqualTo(chunks);
    }

    @Test
    void anArrayIsValidAlsoWhenTheStreamFails() {
        EventWriter writer = dialect.newEventWriter(view(false));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        writer.write(new ChatEvent.Text(0, 0, "Half"), out);
        writer.fail(ChatError.of(ErrorKind.UPSTREAM_FAILED, "upstream_error", "It broke."), out);
        writer.end(out);

        JsonNode array = Json.tree(out.toByteArray());
        assertThat(array.at("/1/error/message").asString("")).isEqualTo("It broke.");
    }

    @Test
    void theLastChunkAloneBearsReasonAndUsage() {
        String[] events =
                new String(written(view(true), CONVERSATION), StandardCharsets.UTF_8)
                        .split("\r\n\r\n", 0);

        for (int i = 0; i < events.length - 1; i++) {
            assertThat(events[i]).doesNotContain("finishReason", "usageMetadata");
        }
        assertThat(events[events.length - 1]).contains("finishReason", "usageMetadata");
        assertThat(events[events.length - 1]).doesNotContain("event:");
    }

    @ParameterizedTest
    @CsvSource({"LENGTH, MAX_TOKENS", "TOOL_CALLS, MALFORMED_FUNCTION_CALL"})
    void aCallWhoseArgumentsAreCutIsLeftOutAndSaid(StopReason reason, String said) {
        byte[] stream =
                written(
                        view(true),
                        new ChatEvent.CallStart(0, 0, "call_a", "one", false),
                        new ChatEvent.CallArguments(0, "{\"x\":"),
                        new ChatEvent.BlockEnd(0),
                        new ChatEvent.Finish(0, reason, null));
        byte[] whole =
                dialect.writeAnswer(
                        answer(reason, Part.ToolCall.of("call_a", "one", "{\"x\":")), view(false));

        assertThat(new String(stream, StandardCharsets.UTF_8))
                .contains("\"finishReason\":\"" + said + "\"")
                .doesNotContain("functionCall\":{");
        assertThat(new String(whole, StandardCharsets.UTF_8))
                .contains("\"finishReason\":\"" + said + "\"")
                .doesNotContain("functionCall\":{");
    }

    @Test
    void severalChoicesKeepTheirNumbers() {
        String stream =
                new String(
                        written(
                                view(true),
                                new ChatEvent.Text(0, 0, "a"),
                                new ChatEvent.Text(1, 1, "b"),
                                new ChatEvent.BlockEnd(0),
                                new ChatEvent.BlockEnd(1),
                                new ChatEvent.Finish(0, StopReason.STOP, null),
                                new ChatEvent.Finish(1, StopReason.LENGTH, null)),
                        StandardCharsets.UTF_8);

        assertThat(stream).contains("[{\"text\":\"b\"}],\"role\":\"model\"},\"index\":1}");
        assertThat(stream).contains("\"finishReason\":\"MAX_TOKENS\",\"index\":1");
    }

    @Test
    void twoCallsOfOneNameInSeparateChunksAreTwoCalls() {
        List<ChatEvent> events =
                read(
                        chunk("{\"functionCall\":{\"name\":\"f\",\"args\":{\"n\":1}}}"),
                        chunk("{\"functionCall\":{\"name\":\"f\",\"args\":{\"n\":1}}}"),
                        finish("STOP"));

        assertThat(events.stream().filter(ChatEvent.CallStart.class::isInstance))
                .hasSize(2)
                .extracting(event -> ((ChatEvent.CallStart) event).id())
                .doesNotHaveDuplicates();
        assertThat(events).contains(new ChatEvent.CallArguments(1, "{\"n\":1}"));
        assertThat(events.getLast())
                .isEqualTo(new ChatEvent.Finish(0, StopReason.TOOL_CALLS, null));
    }

    @Test
    void textAndCallInOneChunkAreBothKeptTextFirst() {
        List<ChatEvent> events =
                read(
                        "{\"responseId\":\"r\",\"modelVersion\":\"m\",\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"x\"},"
                                + "{\"functionCall\":{\"id\":\"a\",\"name\":\"f\"},\"thoughtSignature\":\"s\"}]},\"finishReason\":\"STOP\"}]}");

        assertThat(events)
                .containsExactly(
                        new ChatEvent.Start("r", "m"),
                        new ChatEvent.Text(0, 0, "x"),
                        new ChatEvent.BlockEnd(0),
                        new ChatEvent.CallStart(0, 1, "a", "f", false),
                        new ChatEvent.Sealed(0, 1, seal("s"), null),
                        new ChatEvent.CallArguments(1, "{}"),
                        new ChatEvent.BlockEnd(1),
                        new ChatEvent.Finish(0, StopReason.TOOL_CALLS, null));
    }

    @Test
    void aSealOnAnEmptyTextIsKeptInABlockOfItsOwn() {
        assertThat(
                        read(
                                chunk("{\"text\":\"x\"}"),
                                chunk("{\"text\":\"\",\"thoughtSignature\":\"s\"}"),
                                finish("STOP")))
                .containsSubsequence(
                        new ChatEvent.Text(0, 0, "x"),
                        new ChatEvent.BlockEnd(0),
                        new ChatEvent.Sealed(0, 1, seal("s"), null),
                        new ChatEvent.BlockEnd(1));
    }

    @Test
    void usageIsTheLastOfEachFieldAndNeverASum() {
        List<ChatEvent> events =
                read(
                        "{\"usageMetadata\":{\"promptTokenCount\":10,\"thoughtsTokenCount\":4}}",
                        "{\"usageMetadata\":{\"promptTokenCount\":10,\"candidatesTokenCount\":1}}",
                        "{\"usageMetadata\":{\"candidatesTokenCount\":3}}",
                        finish("STOP"));

        assertThat(events.stream().filter(ChatEvent.UsageReported.class::isInstance).toList())
                .last()
                .isEqualTo(
                        new ChatEvent.UsageReported(
                                new Usage(Usage.Origin.PROVIDER, 10, 0, 0, 0, 7, 4, 0)));
    }

    @ParameterizedTest
    @CsvSource({
        "STOP, STOP",
        "stop, STOP",
        "MAX_TOKENS, LENGTH",
        "SAFETY, FILTER",
        "RECITATION, FILTER",
        "LANGUAGE, FILTER",
        "BLOCKLIST, FILTER",
        "PROHIBITED_CONTENT, FILTER",
        "SPII, FILTER",
        "IMAGE_SAFETY, FILTER",
        "A_NEW_ONE, STOP"
    })
    void reasonsAreKnown(String said, StopReason reason) {
        assertThat(read(chunk("{\"text\":\"x\"}"), finish(said)).getLast())
                .isEqualTo(new ChatEvent.Finish(0, reason, null));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "MALFORMED_FUNCTION_CALL",
                "UNEXPECTED_TOOL_CALL",
                "TOO_MANY_TOOL_CALLS",
                "OTHER"
            })
    void aBrokenAnswerIsAFailureThatSaysWhy(String reason) {
        ChatEvent last = read(chunk("{\"text\":\"x\"}"), finish(reason)).getLast();
        ChatAnswer whole = dialect.readAnswer(utf8(finish(reason)), MEMORY);

        assertThat(last)
                .isInstanceOfSatisfying(
                        ChatEvent.Failed.class,
                        failed -> assertThat(failed.error().message()).contains(reason));
        assertThat(whole.failure()).isNotNull();
    }

    @Test
    void aReasonOnEveryChunkEndsNothingEarly() {
        List<ChatEvent> events =
                read(
                        "{\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"a\"}]},\"finishReason\":\"STOP\"}]}",
                        "{\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"b\"}]},\"finishReason\":\"MAX_TOKENS\"}]}");

        assertThat(events)
                .containsSubsequence(
                        new ChatEvent.Text(0, 0, "a"),
                        new ChatEvent.Text(0, 0, "b"),
                        new ChatEvent.Finish(0, StopReason.LENGTH, null));
        assertThat(events.stream().filter(ChatEvent.Finish.class::isInstance)).hasSize(1);
    }

    @Test
    void aBlockedPromptIsFilteredAndSaysWhy() {
        String body =
                "{\"promptFeedback\":{\"blockReason\":\"SAFETY\",\"blockReasonMessage\":\"Not that.\"}}";
        ChatAnswer answer = dialect.readAnswer(utf8(body), MEMORY);

        assertThat(answer.failure()).isNull();
        assertThat(answer.choices().getFirst().reason()).isEqualTo(StopReason.FILTER);
        assertThat(answer.choices().getFirst().parts())
                .containsExactly(new Part.Refusal("Not that."));
        assertThat(read(body).getLast())
                .isEqualTo(new ChatEvent.Finish(0, StopReason.FILTER, null));
    }

    @Test
    void aStreamWithoutAnyReasonWasCut() {
        assertThat(read(chunk("{\"text\":\"x\"}")).getLast()).isInstanceOf(ChatEvent.Failed.class);
        assertThat(read().getLast()).isInstanceOf(ChatEvent.Failed.class);
    }

    @Test
    void argumentsThatComeInPiecesArePutTogether() {
        String[] pieces = {
            "{\"jsonPath\":\"$.list[0].name\",\"stringValue\":\"a \",\"willContinue\":true}",
            "{\"jsonPath\":\"$.list[0].name\",\"stringValue\":\"b\"}",
            "{\"jsonPath\":\"$.list[1]['odd.key']\",\"numberValue\":1.50}",
            "{\"jsonPath\":\"$.none\",\"nullValue\":\"NULL_VALUE\"}",
            "{\"jsonPath\":\"$.list[90000].x\",\"boolValue\":true}",
            "{\"jsonPath\":\"$.[\",\"boolValue\":true}",
            "{\"jsonPath\":\"$.yes\",\"boolValue\":true}"
        };
        List<String> chunks = new ArrayList<>();
        chunks.add(chunk("{\"functionCall\":{\"name\":\"f\",\"willContinue\":true}}"));
        for (String piece : pieces) {
            chunks.add(
                    chunk(
                            "{\"functionCall\":{\"partialArgs\":["
                                    + piece
                                    + "],\"willContinue\":true}}"));
        }
        chunks.add(finish("STOP"));

        assertThat(read(chunks.toArray(String[]::new)))
                .contains(
                        new ChatEvent.CallArguments(
                                0,
                                "{\"list\":[{\"name\":\"a b\"},{\"odd.key\":1.50}],\"none\":null,\"yes\":true}"));
    }

    @Test
    void argumentsThatWereCutAreNoWholeJson() {
        List<ChatEvent> events =
                read(
                        chunk("{\"functionCall\":{\"name\":\"f\",\"willContinue\":true}}"),
                        chunk(
                                "{\"functionCall\":{\"partialArgs\":[{\"jsonPath\":\"$.x\",\"stringValue\":\"rm\",\"willContinue\":true}],\"willContinue\":true}}"),
                        finish("MAX_TOKENS"));

        assertThat(events).contains(new ChatEvent.CallArguments(0, "{\"x\":\"rm\""));
        assertThat(events.getLast()).isEqualTo(new ChatEvent.Finish(0, StopReason.LENGTH, null));
    }

    @Test
    void citationsAreOfCharactersWhileTheTextIsAscii() {
        String grounding =
                "\"groundingMetadata\":{\"groundingChunks\":[{\"web\":{\"uri\":\"u\",\"title\":\"t\"}}],"
                        + "\"groundingSupports\":[{\"segment\":{\"startIndex\":1,\"endIndex\":3},\"groundingChunkIndices\":[0,7]}]}";

        assertThat(annotated("abc", grounding)).isEqualTo("u t 1 3");
        assertThat(annotated("äbc", grounding)).isEqualTo("u t -1 -1");
    }

    @Test
    void arbitraryEventsAreReadAndEnd() {
        String[] samples = {
            chunk("{\"text\":\"x\",\"thought\":true,\"thoughtSignature\":\"s\"}"),
            chunk(
                    "{\"functionCall\":{\"id\":\"a\",\"name\":\"f\",\"args\":{\"x\":1},\"partialArgs\":[{\"jsonPath\":\"$.a[0]\",\"stringValue\":\"x\"}],\"willContinue\":true}}"),
            chunk("{\"inlineData\":{\"mimeType\":\"image/png\",\"data\":\"AAAA\"}}"),
            "{\"promptFeedback\":{\"blockReason\":\"SAFETY\"},\"usageMetadata\":{\"promptTokenCount\":1},\"modelVersion\":\"m\",\"responseId\":\"r\"}",
            "{\"candidates\":[{\"finishReason\":\"STOP\",\"index\":0,\"citationMetadata\":{\"citations\":[{\"uri\":\"u\",\"endIndex\":1}]},\"logprobsResult\":{\"chosenCandidates\":[{\"token\":\"x\"}]}}]}"
        };
        String[] fragments = {"null", "{}", "[]", "-1", "\"x\"", "true", "[{}]", "1e99", "[[1]]"};
        for (long seed = 0; seed < 3000; seed++) {
            Random random = new Random(seed);
            List<String> events = new ArrayList<>(List.of(samples));
            int which = random.nextInt(samples.length);
            String sample = samples[which];
            int at = sample.indexOf(':', random.nextInt(sample.lastIndexOf(':'))) + 1;
            String changed =
                    sample.substring(0, at)
                            + fragments[random.nextInt(fragments.length)]
                            + sample.substring(sample.indexOf('}', at) + random.nextInt(2));
            events.set(which, changed);
            assertThat(read(events.toArray(String[]::new)).getLast())
                    .as("seed %d", seed)
                    .isInstanceOfAny(ChatEvent.Finish.class, ChatEvent.Failed.class);
            assertThat(dialect.readAnswer(utf8(changed), MEMORY)).as("seed %d", seed).isNotNull();
        }
    }

    private String annotated(String text, String metadata) {
        List<ChatEvent> events =
                read(
                        chunk("{\"text\":\"" + text + "\"}"),
                        "{\"candidates\":[{\"finishReason\":\"STOP\"," + metadata + "}]}");
        return events.stream()
                .filter(ChatEvent.Annotated.class::isInstance)
                .map(event -> ((ChatEvent.Annotated) event).annotation())
                .map(note ->
                        note.url() + " " + note.title() + " " + note.start() + " " + note.end())
                .reduce("", String::concat);
    }

    private byte[] written(ClientView view, ChatEvent... events) {
        EventWriter writer = dialect.newEventWriter(view);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        List.of(events).forEach(event -> writer.write(event, out));
        writer.end(out);
        return out.toByteArray();
    }

    private List<ChatEvent> read(String... events) {
        EventReader reader = dialect.newEventReader(MEMORY);
        List<ChatEvent> said = new ArrayList<>();
        for (String event : events) {
            byte[] data = utf8(event);
            reader.read(new SseEvent(data, "", data, true), said::add);
        }
        reader.end(said::add);
        return said;
    }

    private static String chunk(String part) {
        return "{\"candidates\":[{\"content\":{\"parts\":[" + part + "],\"role\":\"model\"}}]}";
    }

    private static String finish(String reason) {
        return "{\"candidates\":[{\"content\":{},\"finishReason\":\"" + reason + "\"}]}";
    }

    private static Seal seal(String raw) {
        return new Seal("google", "gemini-3-pro", Seal.Kind.THOUGHT, raw);
    }

    private static ChatAnswer answer(StopReason reason, Part... parts) {
        return new ChatAnswer(
                "up",
                "m",
                null,
                List.of(new ChatAnswer.Choice(0, List.of(parts), reason, null, null)),
                USAGE,
                null,
                Extras.NONE);
    }

    private static ClientView view(boolean serverSentEvents) {
        ChatRequest request = ChatRequest.builder(Protocol.GEMINI).stream(true, true).build();
        return new ClientView(request, "1", "shown", Instant.ofEpochSecond(1), 7, serverSentEvents);
    }

    private static String told(FunctionCall call) {
        return call.id().orElse("")
                + " "
                + call.name().orElse("")
                + " "
                + call.args().map(Object::toString).orElse("");
    }

    private static List<GenerateContentResponse> streamed(byte[] stream, String type)
            throws IOException {
        return served(
                stream,
                type,
                client -> {
                    List<GenerateContentResponse> chunks = new ArrayList<>();
                    try (ResponseStream<GenerateContentResponse> response =
                            client.models.generateContentStream("m", "x", null)) {
                        response.forEach(chunks::add);
                    }
                    return chunks;
                });
    }

    private static <T> T served(byte[] body, String type, Function<Client, T> call)
            throws IOException {
        return served(200, body, type, call);
    }

    private static <T> T served(int status, byte[] body, String type, Function<Client, T> call)
            throws IOException {
        HttpServer server =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext(
                "/",
                exchange -> {
                    exchange.getResponseHeaders().set("content-type", type);
                    exchange.sendResponseHeaders(status, body.length);
                    try (OutputStream out = exchange.getResponseBody()) {
                        out.write(body);
                    }
                });
        server.start();
        String url = "http://127.0.0.1:" + server.getAddress().getPort();
        try (Client client =
                Client.builder()
                        .apiKey("key")
                        .httpOptions(HttpOptions.builder().baseUrl(url).build())
                        .build()) {
            return call.apply(client);
        } finally {
            server.stop(0);
        }
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
