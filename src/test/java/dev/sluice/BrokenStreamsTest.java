package dev.sluice;

import static dev.sluice.RoutedGateway.GOOD_KEY;
import static dev.sluice.RoutedGateway.servedBy;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.chat.Protocol;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A stream that breaks, at each of its events, in each protocol, for clients of each. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BrokenStreamsTest {
    private static final List<Protocol> SPOKEN = List.of(Protocol.values());

    /** The longest stream of the four has so many events, and a few places lie behind its end. */
    private static final int PLACES = 16;

    /** The simulator's first two words are its answer where it is to give two pieces. */
    private static final String TEXT = "You wrote:";

    private static final Pattern TEXTS =
            Pattern.compile("\"(?:content|delta|text)\":\"((?:[^\"\\\\]|\\\\.)*)\"");

    private RoutedGateway gateway;

    private record Heard(Protocol client, int at, HttpResponse<String> answer) {
        boolean isRefused() {
            return switch (client) {
                case OPENAI_CHAT, GEMINI -> answer.body().contains("\"error\":{");
                case ANTHROPIC -> answer.body().contains("\"type\":\"error\"");
                case OPENAI_RESPONSES ->
                        answer.body().contains("\"type\":\"error\"")
                                || answer.body().contains("\"type\":\"response.failed\"");
            };
        }

        boolean isWhole() {
            String end =
                    switch (client) {
                        case OPENAI_CHAT -> "\"finish_reason\":\"stop\"";
                        case GEMINI -> "\"finishReason\":\"STOP\"";
                        case ANTHROPIC -> "\"type\":\"message_stop\"";
                        case OPENAI_RESPONSES -> "\"type\":\"response.completed\"";
                    };
            StringBuilder said = new StringBuilder();
            Matcher texts = TEXTS.matcher(answer.body());
            while (texts.find()) {
                said.append(texts.group(1));
            }
            return answer.body().contains(end) && said.toString().contains(TEXT);
        }

        @Override
        public String toString() {
            return client + " at " + at + ": " + answer.body();
        }
    }

    @BeforeAll
    void start(@TempDir Path data) throws Exception {
        gateway = new RoutedGateway(data);
        for (Protocol protocol : SPOKEN) {
            gateway.upstream(
                    protocol.wireName(),
                    gateway.running.simulatorUrl(),
                    GOOD_KEY,
                    ",\"discover_models\":false,\"idle_timeout\":1,\"protocols\":[\"%s\"]"
                            .formatted(protocol.wireName()));
        }
    }

    @AfterAll
    void stop() {
        gateway.close();
    }

    static List<Arguments> breaks() {
        List<Arguments> breaks = new ArrayList<>();
        for (Protocol upstream : SPOKEN) {
            for (String how : List.of("cut-after", "error-after", "end-after", "stall")) {
                breaks.add(Arguments.of(upstream, how));
            }
        }
        return breaks;
    }

    @ParameterizedTest
    @MethodSource("breaks")
    void whereverItBreaksTheClientHasAWholeAnswerOrItsOwnError(Protocol upstream, String how)
            throws Exception {
        List<Heard> all = heard(upstream, how);

        assertThat(all)
                .hasSize(SPOKEN.size() * PLACES)
                .allMatch(one -> one.isWhole() || one.isRefused());
        for (Protocol client : SPOKEN) {
            List<Heard> own = all.stream().filter(one -> one.client() == client).toList();
            assertThat(own.getFirst())
                    .as("before any output it is rescued")
                    .matches(first -> first.isWhole() && !first.isRefused())
                    .matches(first -> servedBy(first.answer()).equals("spare"));
            assertThat(own)
                    .as("after output it is told")
                    .anyMatch(one -> one.isRefused() && !one.isWhole());
            assertThat(own.getLast())
                    .as("behind its end nothing breaks")
                    .matches(last -> last.isWhole() && !last.isRefused())
                    .matches(last -> servedBy(last.answer()).equals(upstream.wireName()));
        }
    }

    private List<Heard> heard(Protocol upstream, String how) throws Exception {
        List<Callable<Heard>> calls = new ArrayList<>();
        for (int at = 0; at < PLACES; at++) {
            int place = at;
            String model =
                    gateway.model(
                            "",
                            "%s sim-1!chunks=2,%s=%d".formatted(upstream.wireName(), how, at),
                            "spare sim-1");
            for (Protocol client : SPOKEN) {
                calls.add(() -> new Heard(client, place, ask(client, model)));
            }
        }
        try (ExecutorService threads = Executors.newFixedThreadPool(16)) {
            List<Heard> all = new ArrayList<>();
            for (Future<Heard> one : threads.invokeAll(calls)) {
                all.add(one.get());
            }
            return all;
        }
    }

    private HttpResponse<String> ask(Protocol client, String model) throws Exception {
        String messages = "\"messages\":[{\"role\":\"user\",\"content\":\"one two\"}]";
        return switch (client) {
            case OPENAI_CHAT -> send("/v1/chat/completions", model, messages);
            case OPENAI_RESPONSES -> send("/v1/responses", model, "\"input\":\"one two\"");
            case ANTHROPIC -> send("/v1/messages", model, "\"max_tokens\":99," + messages);
            case GEMINI ->
                    send(
                            "/v1beta/models/" + model + ":streamGenerateContent?alt=sse",
                            model,
                            "\"contents\":[{\"role\":\"user\",\"parts\":[{\"text\":\"one two\"}]}]");
        };
    }

    private HttpResponse<String> send(String path, String model, String body) throws Exception {
        String named =
                path.startsWith("/v1beta/") ? "" : "\"model\":\"" + model + "\",\"stream\":true,";
        return gateway.running.send(
                "POST",
                path,
                "{" + named + body + "}",
                Map.of("authorization", "Bearer " + gateway.running.apiKey()));
    }
}
