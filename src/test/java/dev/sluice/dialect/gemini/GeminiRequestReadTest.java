package dev.sluice.dialect.gemini;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.chat.ChatRequest;
import dev.sluice.chat.Extras;
import dev.sluice.chat.Loss;
import dev.sluice.chat.Media;
import dev.sluice.chat.Part;
import dev.sluice.chat.Protocol;
import dev.sluice.chat.ReasoningOptions;
import dev.sluice.chat.ReasoningOptions.Effort;
import dev.sluice.chat.Seal;
import dev.sluice.dialect.Envelope;
import dev.sluice.dialect.MalformedRequest;
import dev.sluice.dialect.Written;
import dev.sluice.dialect.json.Json;
import dev.sluice.dialect.rules.Seals;
import dev.sluice.dialect.trait.UpstreamTraits;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** What a client's generateContent request means. */
class GeminiRequestReadTest {
    private static final UpstreamTraits GEMINI = UpstreamTraits.standard("google", "gemini-3-pro");

    private final GeminiDialect dialect = new GeminiDialect();

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    {} | contents
                    {"contents":[]} | contents
                    {"contents":"x"} | contents
                    {"contents":[1]} | contents[0]
                    {"contents":[{"role":"assistant","parts":[]}]} | contents[0].role
                    {"contents":[{"parts":"x"}]} | contents[0].parts
                    {"contents":[{"parts":["x"]}]} | contents[0].parts[0]
                    {"contents":[{"parts":[{"text":1}]}]} | contents[0].parts[0].text
                    {"contents":[{"parts":[{"text":"x","inlineData":{}}]}]} | contents[0].parts[0]
                    {"contents":[{"parts":[{"inlineData":{"mimeType":"image/png"}}]}]} | contents[0].parts[0].inlineData.data
                    {"contents":[{"parts":[{"inlineData":{"data":"?"}}]}]} | contents[0].parts[0].inlineData.data
                    {"contents":[{"parts":[{"fileData":{}}]}]} | contents[0].parts[0].fileData.fileUri
                    {"contents":[{"parts":[{"functionCall":{"name":"f"}}]}]} | contents[0].parts
                    {"contents":[{"role":"model","parts":[{"functionCall":{}}]}]} | contents[0].parts[0].functionCall.name
                    {"contents":[{"role":"model","parts":[{"functionCall":{"name":"f","args":"{}"}}]}]} | contents[0].parts[0].functionCall.args
                    {"contents":[{"parts":[{"functionResponse":{"name":"f","response":{}}}]}]} | contents[0].parts[0].functionResponse
                    {"contents":[{"role":"model","parts":[{"functionCall":{"name":"f"}}]},{"parts":[{"functionResponse":{"name":"g"}}]}]} | contents[1].parts[0].functionResponse
                    {"contents":[{"role":"model","parts":[{"functionCall":{"name":"f"}}]},{"parts":[{"functionResponse":{"name":"f","response":"x"}}]}]} | contents[1].parts[0].functionResponse.response
                    {"contents":[{"parts":[{"text":"x"}]}],"systemInstruction":{"parts":[{"inlineData":{"data":"AAAA"}}]}} | systemInstruction.parts
                    {"contents":[{"parts":[{"text":"x"}]}],"tools":[{"functionDeclarations":[{}]}]} | tools[0].functionDeclarations[0].name
                    {"contents":[{"parts":[{"text":"x"}]}],"tools":[{"functionDeclarations":[{"name":"f","parameters":"x"}]}]} | tools[0].functionDeclarations[0].parameters
                    {"contents":[{"parts":[{"text":"x"}]}],"toolConfig":{"functionCallingConfig":{"mode":"SOME"}}} | toolConfig.functionCallingConfig.mode
                    {"contents":[{"parts":[{"text":"x"}]}],"generationConfig":[]} | generationConfig
                    {"contents":[{"parts":[{"text":"x"}]}],"generationConfig":{"temperature":"hot"}} | generationConfig.temperature
                    {"contents":[{"parts":[{"text":"x"}]}],"generationConfig":{"maxOutputTokens":0}} | generationConfig.maxOutputTokens
                    {"contents":[{"parts":[{"text":"x"}]}],"generationConfig":{"candidateCount":0}} | generationConfig.candidateCount
                    {"contents":[{"parts":[{"text":"x"}]}],"generationConfig":{"stopSequences":[1]}} | generationConfig.stopSequences
                    {"contents":[{"parts":[{"text":"x"}]}],"generationConfig":{"responseSchema":1}} | generationConfig.responseSchema
                    {"contents":[{"parts":[{"text":"x"}]}],"generationConfig":{"thinkingConfig":{"thinkingLevel":"ABIT"}}} | generationConfig.thinkingConfig.thinkingLevel
                    {"contents":[{"parts":[{"text":"x"}]}],"generationConfig":{},"generation_config":{}} | generationConfig
                    {"contents":[{"parts":[{"text":"x"}]}],"safetySettings":[],"safety_settings":[]} | safetySettings
                    {"contents":[{"parts":[{"text":"x"}]}],"labels":{"a":1}} | labels
                    """)
    void whatCannotMeanAnythingIsRefusedByItsPlace(String body, String place) {
        assertThatThrownBy(() -> read(body))
                .isInstanceOfSatisfying(
                        MalformedRequest.class, e -> assertThat(e.param()).isEqualTo(place));
    }

    @Test
    void aBodyNestedTooDeepOrOfTooManyNamesIsRefused() {
        String deep = "[".repeat(10_000) + "]".repeat(10_000);
        String many = "\"a\":1,".repeat(1_000_000);

        assertThatThrownBy(() -> read("{\"contents\":" + deep + "}"))
                .isInstanceOf(MalformedRequest.class)
                .hasMessageContaining("nested");
        assertThatThrownBy(() -> read("{" + many + "\"contents\":[]}"))
                .isInstanceOf(MalformedRequest.class);
    }

    @Test
    void aFilesNameComesBackToGoogleAlone() throws MalformedRequest {
        ChatRequest request =
                read(
                        "{\"contents\":[{\"parts\":[{\"inlineData\":{\"mimeType\":\"application/pdf\",\"data\":\"AAAA\",\"displayName\":\"n\"}}]}]}");

        assertThat(request.messages().getFirst().parts())
                .containsExactly(
                        new Part.File(
                                new Media.Inline("application/pdf", "AAAA"),
                                "n",
                                null,
                                Extras.NONE));
        assertThat(new String(dialect.writeRequest(request, GEMINI).body(), StandardCharsets.UTF_8))
                .contains("\"displayName\":\"n\"");
    }

    @Test
    void aCallWithoutAResponseIsRefused() {
        assertThatThrownBy(() ->
                        read(
                                "{\"contents\":[{\"role\":\"model\",\"parts\":[{\"functionCall\":{\"id\":\"c1\",\"name\":\"f\"}}]},"
                                        + "{\"parts\":[{\"text\":\"x\"}]}]}"))
                .isInstanceOf(MalformedRequest.class)
                .hasMessageContaining("c1");
    }

    @Test
    void pathAndEnvelopeSayModelAndStream() throws MalformedRequest {
        byte[] body = utf8("{\"contents\":[{\"parts\":[{\"text\":\"x\"}]}]}");
        ChatRequest request = dialect.readRequest(body, new Envelope("m", true, List.of()));

        assertThat(request.model()).isEqualTo("m");
        assertThat(request.stream()).isTrue();
    }

    @Test
    void callsWithoutIdsArePairedWithTheirResponsesByNameAndOrder() throws MalformedRequest {
        ChatRequest request =
                read(
                        """
                        {"contents":[{"role":"model","parts":[
                          {"functionCall":{"name":"f","args":{"n":1}}},
                          {"functionCall":{"name":"g","args":{}}},
                          {"functionCall":{"name":"f","args":{"n":2}}}]},
                        {"role":"user","parts":[
                          {"functionResponse":{"name":"g","response":{"output":"g"}}},
                          {"functionResponse":{"name":"f","response":{"output":"f1"}}}]},
                        {"role":"user","parts":[
                          {"functionResponse":{"name":"f","response":{"output":"f2"}}}]}]}
                        """);

        List<Part> results = request.messages().get(1).parts();
        assertThat(results)
                .extracting(part -> told((Part.ToolResult) part))
                .containsExactly("f f1", "g g", "f f2");
        assertThat(request.messages().getFirst().parts())
                .extracting(part -> ((Part.ToolCall) part).id())
                .doesNotHaveDuplicates()
                .allMatch(id -> id.matches("call_[0-9a-f]{24}"));
    }

    /** A prompt cache upstream is hit only if the history is told the same way at every turn. */
    @Test
    void madeIdsAreTheSameAtEveryTurn() throws MalformedRequest {
        String call = "{\"role\":\"model\",\"parts\":[{\"functionCall\":{\"name\":\"f\"}}]}";
        String response = "{\"parts\":[{\"functionResponse\":{\"name\":\"f\",\"response\":{}}}]}";
        String turn = call + "," + response;
        ChatRequest first = read("{\"contents\":[" + turn + "]}");
        ChatRequest second = read("{\"contents\":[" + turn + "," + turn + "]}");

        assertThat(second.messages().subList(0, 2)).isEqualTo(first.messages());
        assertThat(second.messages().get(2)).isNotEqualTo(first.messages().getFirst());
    }

    @Test
    void aWrappedSealIsReadInEitherAlphabetOfBase64() throws MalformedRequest {
        for (int length = 1; length < 20; length++) {
            Seal seal = new Seal("anthropic", "claude", Seal.Kind.SIGNATURE, "?~".repeat(length));
            byte[] bytes = Base64.getDecoder().decode(Seals.wrap(seal));
            String urlSafe = Base64.getUrlEncoder().encodeToString(bytes);
            ChatRequest request =
                    read(
                            "{\"contents\":[{\"role\":\"model\",\"parts\":[{\"text\":\"hm\",\"thought\":true,\"thoughtSignature\":\""
                                    + urlSafe
                                    + "\"}]}]}");

            assertThat(request.messages().getFirst().parts()).containsExactly(thought("hm", seal));
        }
    }

    /** Clients send a stream's pieces back as they came. */
    @Test
    void thePiecesOfAStreamedTurnAreJoinedAgain() throws MalformedRequest {
        Seal seal = new Seal("anthropic", "claude", Seal.Kind.SIGNATURE, "sig");
        ChatRequest request =
                read(
                        "{\"contents\":[{\"role\":\"model\",\"parts\":[{\"text\":\"h\",\"thought\":true},{\"text\":\"m\",\"thought\":true},"
                                + "{\"text\":\"\",\"thought\":true,\"thoughtSignature\":\""
                                + Seals.wrap(seal)
                                + "\"}]},{\"role\":\"model\",\"parts\":[{\"text\":\"Hel\"},{\"text\":\"lo\"},{\"text\":\"\"}]}]}");

        assertThat(request.messages().getFirst().parts())
                .containsExactly(thought("hm", seal), Part.Text.of("Hello"));
    }

    @Test
    void bytesAreReadInEitherAlphabetAndPadded() throws MalformedRequest {
        ChatRequest request =
                read(
                        "{\"contents\":[{\"parts\":[{\"inline_data\":{\"mime_type\":\"image/png\",\"data\":\"-_-_-w\"}}]}]}");

        assertThat(request.messages().getFirst().parts())
                .containsExactly(
                        new Part.Image(
                                new Media.Inline("image/png", "+/+/+w=="),
                                null,
                                null,
                                Extras.NONE));
    }

    @ParameterizedTest
    @CsvSource({"0, NONE", "512, LOW", "1024, LOW", "8192, MEDIUM", "8193, HIGH"})
    void aBudgetOfGooglesClientIsAnEffortByGooglesTable(long budget, Effort effort)
            throws MalformedRequest {
        ReasoningOptions options = thinking("\"thinkingBudget\":" + budget).reasoning();

        assertThat(options).isEqualTo(new ReasoningOptions(effort, budget, null, null, null));
    }

    @Test
    void aBudgetThatIsGooglesOwnChoiceSaysNothing() throws MalformedRequest {
        ChatRequest request = thinking("\"thinkingBudget\":-1");

        assertThat(request.reasoning()).isNull();
        assertThat(
                        config(dialect.writeRequest(request, GEMINI))
                                .at("/thinkingConfig/thinkingBudget")
                                .asInt(0))
                .isEqualTo(-1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    "cachedContent":"cachedContents/x" | WRONG | cachedContent
                    "safetySettings":[{"category":"X"}] | WEAKER | safetySettings
                    "generationConfig":{"responseModalities":["AUDIO"]} | WRONG | generationConfig.responseModalities
                    "generationConfig":{"responseModalities":["TEXT"]} | SILENT | generationConfig.responseModalities
                    "generationConfig":{"responseMimeType":"text/x.enum"} | WRONG | generationConfig.responseMimeType
                    "toolConfig":{"retrievalConfig":{}} | WEAKER | toolConfig.retrievalConfig
                    "brandNew":1 | WEAKER | brandNew
                    """)
    void whatOnlyGeminiHasIsKeptWithTheWeightOfItsLoss(
            String field, Loss.Severity severity, String path) throws MalformedRequest {
        ChatRequest request = read("{\"contents\":[{\"parts\":[{\"text\":\"x\"}]}]," + field + "}");

        assertThat(request.extras().fields())
                .singleElement()
                .isInstanceOfSatisfying(
                        Extras.Extra.class,
                        extra -> {
                            assertThat(extra.path()).isEqualTo(path);
                            assertThat(extra.severity()).isEqualTo(severity);
                        });
        assertThat(new String(dialect.writeRequest(request, GEMINI).body(), StandardCharsets.UTF_8))
                .contains(field);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    gs://bucket/a.png | image/png | stored
                    https://generativelanguage.googleapis.com/v1beta/files/x | image/png | stored
                    https://example.com/a.png | image/png | Image
                    https://example.com/a.pdf | application/pdf | File
                    https://example.com/a.mp3 | audio/mpeg | Audio
                    https://youtu.be/x | video/mp4 | Video
                    """)
    void aFileIsWhatItsAddressAndTypeSay(String uri, String type, String kind)
            throws MalformedRequest {
        Part part =
                read("{\"contents\":[{\"parts\":[{\"fileData\":{\"fileUri\":\""
                                + uri
                                + "\",\"mimeType\":\""
                                + type
                                + "\"}}]}]}")
                        .messages()
                        .getFirst()
                        .parts()
                        .getFirst();

        if (kind.equals("stored")) {
            assertThat(part).isEqualTo(image(new Media.Stored("image/png", Protocol.GEMINI, uri)));
        } else {
            assertThat(part.getClass().getSimpleName()).isEqualTo(kind);
        }
    }

    private ChatRequest read(String body) throws MalformedRequest {
        return dialect.readRequest(utf8(body), Envelope.NONE);
    }

    private ChatRequest thinking(String config) throws MalformedRequest {
        return read(
                "{\"contents\":[{\"parts\":[{\"text\":\"x\"}]}],\"generationConfig\":{\"thinkingConfig\":{"
                        + config
                        + "}}}");
    }

    private static Part thought(String text, @Nullable Seal seal) {
        return new Part.Reasoning(text, seal, null, Extras.NONE);
    }

    private static Part image(Media media) {
        return new Part.Image(media, null, null, Extras.NONE);
    }

    private static String told(Part.ToolResult result) {
        return result.name() + " " + ((Part.Text) result.content().getFirst()).text();
    }

    private static JsonNode config(Written written) {
        return Json.tree(written.body()).path("generationConfig");
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
