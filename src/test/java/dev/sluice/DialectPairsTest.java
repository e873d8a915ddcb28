package dev.sluice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.chat.Protocol;
import dev.sluice.sdk.Ask;
import dev.sluice.sdk.Heard;
import dev.sluice.sdk.SdkClient;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The official clients of all dialects, each with upstreams of all dialects. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DialectPairsTest {
    private final Map<Protocol, SdkClient> clients = new EnumMap<>(Protocol.class);
    private static final List<Protocol> SPOKEN = List.of(Protocol.values());
    private RunningGateway gateway;

    @BeforeAll
    void start(@TempDir Path data) throws Exception {
        gateway = RunningGateway.in(data, Map.of());
        for (Protocol protocol : SPOKEN) {
            gateway.addUpstream(protocol.wireName(), protocol.wireName(), "");
            clients.put(protocol, SdkClient.of(protocol, gateway.url(), gateway.apiKey()));
        }
    }

    @AfterAll
    void stop() {
        clients.values().forEach(SdkClient::close);
        gateway.close();
    }

    static List<Arguments> pairs() {
        List<Arguments> pairs = new ArrayList<>();
        for (Protocol client : SPOKEN) {
            for (Protocol upstream : SPOKEN) {
                pairs.add(Arguments.of(client, upstream, false));
                pairs.add(Arguments.of(client, upstream, true));
            }
        }
        return pairs;
    }

    private Heard heard(Protocol client, boolean streamed, Ask ask) {
        SdkClient sdk = Objects.requireNonNull(clients.get(client));
        return streamed ? sdk.stream(ask) : sdk.ask(ask);
    }

    private static String model(Protocol upstream, String directives) {
        return upstream.wireName() + "/sim-1" + directives;
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void textUsageAndTheFinishArrive(Protocol client, Protocol upstream, boolean streamed) {
        Heard heard =
                heard(
                        client,
                        streamed,
                        Ask.of(model(upstream, ""), "Grüße 👋").withSystem("Be kind."));

        assertThat(heard.text()).isEqualTo("You wrote: Grüße 👋");
        assertThat(heard.stop()).isEqualTo("stop");
        assertThat(heard.inputTokens()).isPositive();
        assertThat(heard.outputTokens()).isPositive();
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void aCallIsMadeAnsweredAndTalkedAbout(Protocol client, Protocol upstream, boolean streamed) {
        Ask ask = Ask.of(model(upstream, ""), "Call the weather tool").withTool();
        Heard first = heard(client, streamed, ask);
        assertThat(first.calls()).hasSize(1);
        assertThat(first.calls().getFirst().name()).isEqualTo("weather");
        assertThat(first.calls().getFirst().city()).isEqualTo("sample city");
        assertThat(first.stop()).isEqualTo("calls");

        Heard second = heard(client, streamed, ask.after(first, "sunny"));
        assertThat(second.text()).contains("The tool answered").contains("sunny");
        assertThat(second.calls()).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void parallelCallsStayApart(Protocol client, Protocol upstream, boolean streamed) {
        Ask ask = Ask.of(model(upstream, "!calls=3"), "Call the weather tool").withTool();
        Heard first = heard(client, streamed, ask);
        assertThat(first.calls()).hasSize(3);
        if (client != Protocol.GEMINI) {
            assertThat(first.calls()).extracting(Heard.Call::id).doesNotHaveDuplicates();
        }

        Heard second = heard(client, streamed, ask.after(first, "rain"));
        assertThat(second.text()).contains("rain");
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void reasoningIsShownAndSurvivesTheNextTurn(
            Protocol client, Protocol upstream, boolean streamed) {
        Ask ask =
                Ask.of(model(upstream, "!reasoning=3,tool"), "Think, then call weather")
                        .withTool()
                        .withReasoning();
        Heard first = heard(client, streamed, ask);
        assertThat(first.reasoning()).isNotBlank();
        assertThat(first.calls()).hasSize(1);

        Heard second = heard(client, streamed, ask.after(first, "sunny"));
        assertThat(second.stop()).isIn("stop", "calls");
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void aPictureIsSeen(Protocol client, Protocol upstream, boolean streamed) {
        Heard heard =
                heard(client, streamed, Ask.of(model(upstream, ""), "What is it?").withImage());

        assertThat(heard.text()).contains("I see 1 attachment");
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void structuredOutputFollowsTheSchema(Protocol client, Protocol upstream, boolean streamed) {
        Heard heard = heard(client, streamed, Ask.of(model(upstream, ""), "A place").withSchema());

        assertThat(heard.text()).contains("\"city\"").startsWith("{").endsWith("}");
        assertThat(heard.stop()).isEqualTo("stop");
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void anAnswerThatIsCutSaysSo(Protocol client, Protocol upstream, boolean streamed) {
        Heard heard =
                heard(
                        client,
                        streamed,
                        Ask.of(model(upstream, ""), "a long story ".repeat(30)).limitedTo(16));

        assertThat(heard.stop()).isEqualTo("length");
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void anUpstreamsErrorIsTheClientsOwn(Protocol client, Protocol upstream, boolean streamed) {
        assertThatThrownBy(() ->
                        heard(client, streamed, Ask.of(model(upstream, "!status=429"), "Hello")))
                .hasMessageContaining("429");
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void aStreamThatBreaksIsNotTakenForAWholeAnswer(
            Protocol client, Protocol upstream, boolean streamed) {
        if (streamed) {
            assertThatThrownBy(() ->
                            heard(
                                    client,
                                    true,
                                    Ask.of(
                                            model(upstream, "!chunks=8,cut-after=6"),
                                            "one two three four five six seven eight")))
                    .isNotNull();
        }
    }
}
