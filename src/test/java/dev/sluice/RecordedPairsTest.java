package dev.sluice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.sluice.chat.ChatAnswer;
import dev.sluice.chat.Part;
import dev.sluice.chat.Protocol;
import dev.sluice.chat.StopReason;
import dev.sluice.dialect.Dialect;
import dev.sluice.dialect.EventReader;
import dev.sluice.dialect.Memory;
import dev.sluice.dialect.Recordings;
import dev.sluice.dialect.Recordings.Recording;
import dev.sluice.dialect.anthropic.AnthropicDialect;
import dev.sluice.dialect.gemini.GeminiDialect;
import dev.sluice.dialect.openai.chat.OpenAiChatDialect;
import dev.sluice.dialect.openai.responses.OpenAiResponsesDialect;
import dev.sluice.dialect.sse.SseEvent;
import dev.sluice.dialect.sse.SseReader;
import dev.sluice.dialect.sse.SseSink;
import dev.sluice.dialect.trait.UpstreamTraits;
import dev.sluice.dialect.whole.AnswerCollector;
import dev.sluice.sdk.Ask;
import dev.sluice.sdk.Heard;
import dev.sluice.sdk.SdkClient;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Executors;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * What real providers answered, served again by an upstream that does nothing else, and read by
 * every official client through the gateway.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RecordedPairsTest {
    private static final Map<String, Dialect> DIALECTS =
            Map.of(
                    "openai-chat", new OpenAiChatDialect(),
                    "openai-responses", new OpenAiResponsesDialect(),
                    "anthropic-messages", new AnthropicDialect(),
                    "gemini", new GeminiDialect());
    private static final Pattern NUMBER = Pattern.compile("recording-(\\d+)");

    private final Map<Protocol, SdkClient> clients = new EnumMap<>(Protocol.class);
    private final List<Recording> recordings = new ArrayList<>();
    private final List<String> dialects = new ArrayList<>();
    private RunningGateway gateway;
    private HttpServer upstream;

    @BeforeAll
    void start(@TempDir Path data) throws Exception {
        gateway = RunningGateway.in(data, Map.of());
        upstream = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        upstream.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        upstream.createContext("/", this::serve);
        upstream.start();
        for (Map.Entry<String, Dialect> entry : DIALECTS.entrySet()) {
            Protocol protocol = entry.getValue().protocol();
            gateway.admin(
                    "POST",
                    "/admin/upstreams",
                    """
                    {"name":"%s","provider":"recorded","base_url":"http://127.0.0.1:%d",
                     "protocols":["%s"],"discover_models":false}
                    """
                            .formatted(
                                    protocol.wireName(),
                                    upstream.getAddress().getPort(),
                                    protocol.wireName()));
            clients.put(protocol, SdkClient.of(protocol, gateway.url(), gateway.apiKey()));
        }
    }

    @AfterAll
    void stop() {
        clients.values().forEach(SdkClient::close);
        gateway.close();
        upstream.stop(0);
    }

    private void serve(HttpExchange exchange) throws IOException {
        String asked =
                exchange.getRequestURI()
                        + new String(
                                exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        Matcher number = NUMBER.matcher(asked);
        if (!number.find()) {
            throw new IOException("no recording is asked for");
        }
        int index = Integer.parseInt(number.group(1));
        Recording recording = recordings.get(index);
        byte[] body = recording.bytes(dialects.get(index));
        exchange.getResponseHeaders()
                .add(
                        "content-type",
                        recording.isStream() ? "text/event-stream" : "application/json");
        exchange.sendResponseHeaders(200, body.length == 0 ? -1 : body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    List<Arguments> answers() throws IOException {
        List<Arguments> cases = new ArrayList<>();
        for (String dialect : List.copyOf(DIALECTS.keySet()).stream().sorted().toList()) {
            for (Recording recording : Recordings.of(dialect)) {
                if (recording.kind().equals("error")) {
                    continue;
                }
                recordings.add(recording);
                dialects.add(dialect);
                for (Dialect client : DIALECTS.values()) {
                    cases.add(Arguments.of(recording, recordings.size() - 1, client.protocol()));
                }
            }
        }
        if (cases.isEmpty()) {
            cases.add(Arguments.of(null, -1, Protocol.OPENAI_CHAT));
        }
        return cases;
    }

    @ParameterizedTest(name = "{0} for {2}")
    @MethodSource("answers")
    void aRecordedAnswerSaysTheSameToEveryClient(
            @Nullable Recording recording, int index, Protocol client) throws Exception {
        Assumptions.assumeTrue(recording != null, "the recordings are not here");
        Dialect dialect = Objects.requireNonNull(DIALECTS.get(dialects.get(index)));
        ChatAnswer expected = read(dialect, recording, dialects.get(index));
        Ask ask = Ask.of(dialect.protocol().wireName() + "/recording-" + index, "Hello");
        if (client == dialect.protocol()) {
            passes(recording, dialects.get(index), ask.model());
            return;
        }
        SdkClient sdk = Objects.requireNonNull(clients.get(client));
        Assumptions.assumeFalse(callsOfFreeText(expected), "Java's clients read functions only");
        Assumptions.assumeFalse(
                client == Protocol.GEMINI && hasCutCall(expected), "Gemini has no half a call");
        if (expected.failure() != null || expected.choices().isEmpty()) {
            assertThatThrownBy(() -> heard(sdk, recording, ask)).isNotNull();
            return;
        }
        compare(heard(sdk, recording, ask), expected);
    }

    private static boolean hasCutCall(ChatAnswer answer) {
        return answer.choices().stream()
                .flatMap(choice -> choice.parts().stream())
                .anyMatch(part ->
                        part instanceof Part.ToolCall call
                                && json(call.arguments()) instanceof String);
    }

    private static boolean callsOfFreeText(ChatAnswer answer) {
        return answer.choices().stream()
                .flatMap(choice -> choice.parts().stream())
                .anyMatch(part -> part instanceof Part.ToolCall call && call.custom());
    }

    /** A client of the upstream's own dialect gets the very bytes, up to the end of the answer. */
    private void passes(Recording recording, String dialect, String model) throws Exception {
        String path =
                switch (dialect) {
                    case "openai-chat" -> "/v1/chat/completions";
                    case "openai-responses" -> "/v1/responses";
                    case "gemini" ->
                            "/v1beta/models/"
                                    + model
                                    + (recording.isStream()
                                            ? ":streamGenerateContent?alt=sse"
                                            : ":generateContent");
                    default -> "/v1/messages";
                };
        String body =
                """
                {"model":"%s","stream":%s,"max_tokens":10,"stream_options":{"include_usage":true},
                 "messages":[],"input":"x"}
                """
                        .formatted(model, recording.isStream());
        String got =
                gateway.send(
                                "POST",
                                path,
                                body,
                                Map.of("authorization", "Bearer " + gateway.apiKey()))
                        .body();
        String original = new String(recording.bytes(dialect), StandardCharsets.UTF_8);
        if (original.startsWith(got) && !got.isEmpty()) {
            return;
        }
        assertThat(got).contains("error");
    }

    private static Heard heard(SdkClient sdk, Recording recording, Ask ask) {
        return recording.isStream() ? sdk.stream(ask) : sdk.ask(ask);
    }

    private static ChatAnswer read(Dialect dialect, Recording recording, String name)
            throws IOException {
        byte[] bytes = recording.bytes(name);
        Memory memory = Memory.of(UpstreamTraits.standard("recorded", "m"));
        if (!recording.isStream()) {
            return dialect.readAnswer(bytes, memory);
        }
        EventReader reader = dialect.newEventReader(memory);
        AnswerCollector collector = new AnswerCollector();
        SseReader events = new SseReader(8 << 20);
        SseSink sink =
                new SseSink() {
                    private boolean over;

                    @Override
                    public void event(SseEvent event) {
                        if (!over) {
                            reader.read(event, collector::take);
                        }
                        over |= event.type().equals("message_stop");
                    }

                    @Override
                    public void fragment(byte[] piece) {
                        throw new IllegalStateException("a recorded event is too large");
                    }
                };
        events.read(bytes, sink);
        events.end(sink);
        reader.end(collector::take);
        return collector.answer();
    }

    private static void compare(Heard heard, ChatAnswer expected) {
        ChatAnswer.Choice choice = expected.choices().getFirst();
        StringBuilder text = new StringBuilder();
        StringBuilder refusal = new StringBuilder();
        List<Part.ToolCall> calls = new ArrayList<>();
        for (Part part : choice.parts()) {
            if (part instanceof Part.Text said) {
                text.append(said.text());
            } else if (part instanceof Part.Refusal refused) {
                refusal.append(refused.text());
            } else if (part instanceof Part.ToolCall call) {
                calls.add(call);
            }
        }
        assertThat(heard.text()).isIn(text.toString(), text.toString() + refusal);
        assertThat(heard.calls())
                .extracting(Heard.Call::name)
                .isEqualTo(calls.stream().map(Part.ToolCall::name).toList());
        if (choice.reason() != StopReason.LENGTH) {
            for (int i = 0; i < calls.size(); i++) {
                assertThat(json(heard.calls().get(i).arguments()))
                        .isEqualTo(json(calls.get(i).arguments()));
            }
        }
        stop(heard, choice.reason());
        if (expected.usage() != null && expected.usage().isKnown()) {
            assertThat(heard.outputTokens()).isEqualTo(expected.usage().outputTotal());
        }
    }

    /** {@return arguments as a tree; those that are cut short as text} */
    private static Object json(String arguments) {
        try {
            return JsonMapper.shared().readTree(arguments.isEmpty() ? "{}" : arguments);
        } catch (JacksonException cut) {
            return arguments;
        }
    }

    private static void stop(Heard heard, StopReason reason) {
        switch (reason) {
            case STOP -> assertThat(heard.stop()).isIn("stop", "end_turn");
            case STOP_SEQUENCE -> assertThat(heard.stop()).isIn("stop", "stop_sequence");
            case LENGTH -> assertThat(heard.stop()).isIn("length", "model_context_window_exceeded");
            case TOOL_CALLS -> assertThat(heard.stop()).isEqualTo("calls");
            case FILTER, PAUSE, BROKEN -> assertThat(heard.stop()).isNotBlank();
        }
    }
}
