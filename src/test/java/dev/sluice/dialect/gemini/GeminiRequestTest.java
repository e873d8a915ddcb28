package dev.sluice.dialect.gemini;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.chat.ChatRequest;
import dev.sluice.chat.Extras;
import dev.sluice.chat.Loss;
import dev.sluice.chat.Media;
import dev.sluice.chat.Message;
import dev.sluice.chat.Message.Role;
import dev.sluice.chat.OutputFormat;
import dev.sluice.chat.Part;
import dev.sluice.chat.Protocol;
import dev.sluice.chat.ReasoningOptions;
import dev.sluice.chat.ReasoningOptions.Effort;
import dev.sluice.chat.Seal;
import dev.sluice.chat.Tool;
import dev.sluice.chat.ToolChoice;
import dev.sluice.dialect.Envelope;
import dev.sluice.dialect.MalformedRequest;
import dev.sluice.dialect.Trait;
import dev.sluice.dialect.UpstreamTraits;
import dev.sluice.dialect.Written;
import dev.sluice.dialect.json.Json;
import dev.sluice.dialect.rules.Seals;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

class GeminiRequestTest {
    private static final UpstreamTraits GEMINI = UpstreamTraits.standard("google", "gemini-3-pro");
    private static final UpstreamTraits OLDER = GEMINI.with(Trait.GEMINI_THINKING, "budget");
    private static final UpstreamTraits VERTEX =
            GEMINI.with(Trait.FUNCTION_CALL_ID, "false").with(Trait.LABELS, "true");

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
    void madeIdsAreNotSentToGoogleAndOthersAre() {
        String made = "call_0123456789abcdef01234567";
        JsonNode contents = contents(write(called(made), answered(made)));
        JsonNode own = contents(write(called("toolu_1"), answered("toolu_1")));

        assertThat(contents.at("/1/parts/0/functionCall").has("id")).isFalse();
        assertThat(contents.at("/2/parts/0/functionResponse").has("id")).isFalse();
        assertThat(own.at("/1/parts/0/functionCall/id").asString("")).isEqualTo("toolu_1");
        assertThat(own.at("/2/parts/0/functionResponse/id").asString("")).isEqualTo("toolu_1");
        assertThat(own.at("/2/parts/0/functionResponse/name").asString("")).isEqualTo("f");
    }

    @Test
    void vertexIsSentNoIdsOfCallsButLabels() throws MalformedRequest {
        ChatRequest request =
                read(
                        "{\"contents\":[{\"role\":\"model\",\"parts\":[{\"functionCall\":{\"id\":\"a\",\"name\":\"f\"}}]},"
                                + "{\"parts\":[{\"functionResponse\":{\"id\":\"a\",\"name\":\"f\"}}]}],\"labels\":{\"k\":\"v\"}}");
        Written written = dialect.writeRequest(request, VERTEX);

        assertThat(contents(written).toString()).doesNotContain("\"id\"");
        assertThat(Json.tree(written.body()).at("/labels/k").asString("")).isEqualTo("v");
        assertThat(written.losses()).extracting(Loss::code).doesNotContain("dropped:metadata");
    }

    @Test
    void aLostOrForeignSealIsReplacedOnTheFirstOfParallelCallsAlone() {
        Seal foreign = new Seal("anthropic", "claude", Seal.Kind.SIGNATURE, "x");
        JsonNode parts =
                contents(
                                write(
                                        assistant(
                                                call("a", foreign),
                                                call("b", null),
                                                call("c", null)),
                                        answered("a", "b", "c")))
                        .at("/1/parts");

        assertThat(parts.at("/0/thoughtSignature").asString(""))
                .isEqualTo("skip_thought_signature_validator");
        assertThat(parts.path(1).has("thoughtSignature")).isFalse();
        assertThat(parts.path(2).has("thoughtSignature")).isFalse();
    }

    @Test
    void anOwnSealGoesBackInTheVeryPartItCameIn() {
        Seal own = new Seal("google", "gemini-3-pro", Seal.Kind.THOUGHT, "own");
        JsonNode parts =
                contents(
                                write(
                                        assistant(
                                                thought("hm", null),
                                                thought("", own),
                                                new Part.Text(
                                                        "t", List.of(), own, null, Extras.NONE),
                                                call("a", own)),
                                        answered("a")))
                        .at("/1/parts");

        assertThat(parts.size()).isEqualTo(3);
        assertThat(parts.path(0).toString())
                .isEqualTo("{\"text\":\"\",\"thoughtSignature\":\"own\"}");
        assertThat(parts.at("/1/thoughtSignature").asString("")).isEqualTo("own");
        assertThat(parts.at("/2/thoughtSignature").asString("")).isEqualTo("own");
    }

    @Test
    void anotherModelsSealAndThoughtsOfOthersAreDropped() {
        Seal other = new Seal("google", "gemini-2.5-flash", Seal.Kind.THOUGHT, "x");
        JsonNode parts =
                contents(write(assistant(thought("hm", other), Part.Text.of("t")))).at("/1/parts");

        assertThat(parts.toString()).isEqualTo("[{\"text\":\"t\"}]");
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
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    {"a":1} | {"a":1}
                    plain | {"output":"plain"}
                    [1,2] | {"output":"[1,2]"}
                    {"output":"x"} | {"output":{"output":"x"}}
                    {"error":"x"} | {"output":{"error":"x"}}
                    {"error":"x","b":1} | {"error":"x","b":1}
                    """)
    void aResultIsAnObjectThatIsReadAsTheSameText(String text, String response)
            throws MalformedRequest {
        Written written = write(called("a"), result("a", false, Part.Text.of(text)));
        assertThat(contents(written).at("/2/parts/0/functionResponse/response").toString())
                .isEqualTo(response);

        ChatRequest again = dialect.readRequest(written.body(), Envelope.NONE);
        assertThat(again.messages().getLast().parts())
                .containsExactly(result("a", false, Part.Text.of(text)).parts().getFirst());
    }

    @Test
    void aFailedResultIsAnErrorAndReadAsOne() throws MalformedRequest {
        Written written = write(called("a"), result("a", true, Part.Text.of("no")));

        assertThat(contents(written).at("/2/parts/0/functionResponse/response").toString())
                .isEqualTo("{\"error\":\"no\"}");
        ChatRequest again = dialect.readRequest(written.body(), Envelope.NONE);
        assertThat(((Part.ToolResult) again.messages().getLast().parts().getFirst()).error())
                .isTrue();
    }

    @Test
    void imagesOfAResultStandInItOrFollowAllResults() {
        Part image = image(new Media.Inline("image/png", "AAAA"));
        Message results =
                Message.of(
                        Role.TOOL,
                        List.of(
                                result("a", false, image).parts().getFirst(),
                                result("b", false, Part.Text.of("x")).parts().getFirst()),
                        "messages[2]");
        ChatRequest request = chat(user("x"), assistant(call("a", null), call("b", null)), results);
        JsonNode newer = contents(dialect.writeRequest(request, GEMINI)).at("/2/parts");
        JsonNode older =
                contents(
                                dialect.writeRequest(
                                        request, GEMINI.with(Trait.TOOL_RESULT_IMAGES, "false")))
                        .at("/2/parts");

        assertThat(newer.at("/0/functionResponse/parts/0/inlineData/data").asString(""))
                .isEqualTo("AAAA");
        assertThat(older.at("/0/functionResponse").has("parts")).isFalse();
        assertThat(older.path(1).has("functionResponse")).isTrue();
        assertThat(older.at("/2/inlineData/data").asString("")).isEqualTo("AAAA");
    }

    @ParameterizedTest
    @CsvSource({
        "NONE, level, MINIMAL, changed:reasoning_effort",
        "MINIMAL, level, MINIMAL, ''",
        "LOW, level, LOW, ''",
        "MEDIUM, level, MEDIUM, ''",
        "HIGH, level, HIGH, ''",
        "XHIGH, level, HIGH, changed:reasoning_effort",
        "MAX, level, HIGH, changed:reasoning_effort",
        "NONE, budget, 0, ''",
        "LOW, budget, 1024, ''",
        "MEDIUM, budget, 8192, ''",
        "HIGH, budget, 24576, ''"
    })
    void effortIsALevelOrABudget(Effort effort, String kind, String said, String loss) {
        UpstreamTraits traits = GEMINI.with(Trait.GEMINI_THINKING, kind);
        ChatRequest request =
                ChatRequest.builder(Protocol.OPENAI_CHAT)
                        .messages(List.of(user("x")))
                        .reasoning(ReasoningOptions.effort(effort))
                        .build();
        Written written = dialect.writeRequest(request, traits);
        JsonNode thinking = config(written).path("thinkingConfig");

        String name = kind.equals("level") ? "thinkingLevel" : "thinkingBudget";
        assertThat(thinking.path(name).asString()).isEqualTo(said);
        assertThat(thinking.size()).isEqualTo(1);
        assertThat(codes(written)).isEqualTo(loss.isEmpty() ? List.of() : List.of(loss));
    }

    @Test
    void aModelThatCannotDoWithoutThinkingIsGivenItsLeast() {
        ChatRequest off =
                ChatRequest.builder(Protocol.OPENAI_CHAT)
                        .messages(List.of(user("x")))
                        .reasoning(ReasoningOptions.effort(Effort.NONE))
                        .build();

        JsonNode older = config(dialect.writeRequest(off, OLDER.with(Trait.THINKING_OFF, "false")));
        JsonNode newer = config(dialect.writeRequest(off, GEMINI.with(Trait.MIN_EFFORT, "low")));
        assertThat(older.at("/thinkingConfig/thinkingBudget").asInt(0)).isEqualTo(128);
        assertThat(newer.at("/thinkingConfig/thinkingLevel").asString("")).isEqualTo("LOW");
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

    @Test
    void strictToolsMakeGeminiValidateItsCalls() {
        Tool strict = new Tool.Function("f", null, null, true, null, Extras.NONE);
        ChatRequest request =
                ChatRequest.builder(Protocol.OPENAI_CHAT)
                        .messages(List.of(user("x")))
                        .tools(List.of(strict))
                        .build();

        assertThat(mode(dialect.writeRequest(request, GEMINI))).isEqualTo("VALIDATED");
    }

    @Test
    void onlyTheAllowedToolsAreOfferedWhereNoneMustBeCalled() {
        ChatRequest may = among(false);
        ChatRequest must = among(true);

        JsonNode offered = Json.tree(dialect.writeRequest(may, GEMINI).body()).path("tools");
        Written forced = dialect.writeRequest(must, GEMINI);
        assertThat(offered.at("/0/functionDeclarations").size()).isEqualTo(1);
        assertThat(Json.tree(forced.body()).at("/tools/0/functionDeclarations").size())
                .isEqualTo(2);
        assertThat(mode(forced)).isEqualTo("ANY");
        assertThat(
                        Json.tree(forced.body())
                                .at("/toolConfig/functionCallingConfig/allowedFunctionNames")
                                .toString())
                .isEqualTo("[\"f\"]");
    }

    @Test
    void anIllegalNameOfAFunctionIsChangedEverywhereAndRememberedForTheAnswer() {
        ChatRequest request =
                ChatRequest.builder(Protocol.ANTHROPIC)
                        .messages(List.of(user("x")))
                        .tools(List.of(tool("1 st")))
                        .toolChoice(new ToolChoice.One("1 st", false))
                        .build();
        Written written = dialect.writeRequest(request, GEMINI);
        JsonNode body = Json.tree(written.body());

        String name = body.at("/tools/0/functionDeclarations/0/name").asString("");
        assertThat(name).matches("[A-Za-z_][A-Za-z0-9_.:-]{0,63}");
        assertThat(body.at("/toolConfig/functionCallingConfig/allowedFunctionNames/0").asString(""))
                .isEqualTo(name);
        assertThat(written.memory().toolNames().client(name)).isEqualTo("1 st");
    }

    @Test
    void aFunctionOfNoParametersIsDeclaredWithoutAny() {
        for (String schema : List.of("{}", "{\"type\":\"object\",\"properties\":{}}")) {
            Tool tool = new Tool.Function("f", null, tree(schema), null, null, Extras.NONE);
            ChatRequest request =
                    ChatRequest.builder(Protocol.OPENAI_CHAT)
                            .messages(List.of(user("x")))
                            .tools(List.of(tool))
                            .build();

            assertThat(
                            Json.tree(dialect.writeRequest(request, GEMINI).body())
                                    .at("/tools/0/functionDeclarations/0")
                                    .toString())
                    .isEqualTo("{\"name\":\"f\"}");
        }
    }

    @Test
    void aSchemaIsCleanedAndWhatItLosesIsTold() {
        String schema =
                "{\"$schema\":\"x\",\"type\":\"object\",\"properties\":{\"a\":{\"type\":\"integer\",\"exclusiveMinimum\":0,\"multipleOf\":2}}}";
        ChatRequest request = format(schema);
        Written full = dialect.writeRequest(request, GEMINI);
        Written older = dialect.writeRequest(request, GEMINI.with(Trait.FULL_JSON_SCHEMA, "false"));

        assertThat(config(full).at("/responseJsonSchema/properties/a").toString())
                .isEqualTo(
                        "{\"type\":\"integer\",\"minimum\":1,\"description\":\"(multipleOf: 2)\"}");
        assertThat(config(full).path("responseMimeType").asString(""))
                .isEqualTo("application/json");
        assertThat(config(older).has("responseSchema")).isTrue();
        assertThat(codes(full)).containsExactly("dropped:multipleOf");
        assertThat(full.losses().getFirst().param()).isEqualTo("response_format");
    }

    @Test
    void aSchemaThatCannotBeSaidIsRefused() {
        String schema =
                "{\"allOf\":[{\"type\":\"object\",\"properties\":{\"a\":{\"type\":\"string\"}}},{\"type\":\"array\"}]}";

        assertThat(dialect.writeRequest(format(schema), GEMINI).losses())
                .anyMatch(loss -> loss.isRefusal() && "response_format".equals(loss.param()));
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

    @Test
    void anotherProvidersFileIsRefused() {
        Written written =
                write(
                        Message.of(
                                Role.USER,
                                List.of(image(new Media.Stored(null, Protocol.ANTHROPIC, "f"))),
                                "messages[0]"));

        assertThat(written.losses())
                .anyMatch(loss -> loss.isRefusal() && loss.code().equals("dropped:file_id"));
    }

    @Test
    void aCallsArgumentsThatAreNoObjectAreRefusedByTheCallsId() {
        Written written = write(assistant(Part.ToolCall.of("c9", "f", "{\"a\":")), answered("c9"));

        assertThat(written.losses())
                .anyMatch(loss -> loss.isRefusal() && loss.message().contains("c9"));
    }

    @Test
    void moreStopTextsThanFiveAreRefused() {
        ChatRequest request =
                ChatRequest.builder(Protocol.ANTHROPIC)
                        .messages(List.of(user("x")))
                        .limits(
                                new ChatRequest.Limits(
                                        null, List.of("1", "2", "3", "4", "5", "6"), 1))
                        .build();

        assertThat(dialect.writeRequest(request, GEMINI).losses())
                .anyMatch(loss -> loss.isRefusal() && "stop_sequences".equals(loss.param()));
    }

    @Test
    void rolesAlternateAndAHistoryThatBeginsWithTheModelIsGivenAUser() {
        JsonNode contents = contents(write(assistant(Part.Text.of("a")), user("b"), user("c")));

        assertThat(contents.size()).isEqualTo(3);
        assertThat(contents.at("/0/parts/0/text").asString("")).isEqualTo(".");
        assertThat(contents.at("/2/parts").size()).isEqualTo(2);
    }

    @Test
    void countTokensIsAskedWholeAndOfVertexBare() throws MalformedRequest {
        ChatRequest request =
                GeminiCountTokens.readRequest(
                        utf8(
                                "{\"generate_content_request\":{\"model\":\"models/m\",\"contents\":[{\"parts\":[{\"text\":\"x\"}]}],"
                                        + "\"system_instruction\":{\"parts\":[{\"text\":\"s\"}]}}}"),
                        new Envelope("m", false, List.of()));
        Written google = GeminiCountTokens.writeRequest(request, GEMINI);
        Written vertex =
                GeminiCountTokens.writeRequest(
                        request, VERTEX.with(Trait.COUNT_WHOLE_REQUEST, "false"));

        assertThat(request.messages()).hasSize(2);
        assertThat(google.path()).isEqualTo("models/gemini-3-pro:countTokens");
        JsonNode whole = Json.tree(google.body()).path("generateContentRequest");
        assertThat(whole.path("model").asString("")).isEqualTo("models/gemini-3-pro");
        assertThat(whole.at("/contents/0/parts/0/text").asString("")).isEqualTo("x");
        assertThat(Json.tree(vertex.body()).propertyNames())
                .containsExactly("contents", "systemInstruction");
        assertThat(GeminiCountTokens.readAnswer(GeminiCountTokens.writeAnswer(12))).hasValue(12);
        assertThat(GeminiCountTokens.readAnswer(utf8("{\"totalTokens\":\"x\"}"))).isEmpty();
        assertThatThrownBy(() ->
                        GeminiCountTokens.readRequest(
                                utf8("{\"generateContentRequest\":[]}"), Envelope.NONE))
                .isInstanceOf(MalformedRequest.class);
    }

    @Test
    void arbitraryBodiesAreReadOrRefused() {
        String sample =
                """
                {"systemInstruction":{"parts":[{"text":"s"}]},"contents":[{"role":"user","parts":[{"text":"x"},{"inlineData":{"mimeType":"image/png","data":"AAAA"}}]},
                {"role":"model","parts":[{"text":"t","thought":true,"thoughtSignature":"s"},{"functionCall":{"id":"a","name":"f","args":{"x":1}}}]},
                {"role":"user","parts":[{"functionResponse":{"id":"a","name":"f","response":{"output":"r"},"parts":[{"fileData":{"fileUri":"gs://x"}}]}}]}],
                "tools":[{"functionDeclarations":[{"name":"f","description":"d","parameters":{"type":"OBJECT","properties":{"x":{"type":"STRING","nullable":true}}}}]},{"googleSearch":{}}],
                "toolConfig":{"functionCallingConfig":{"mode":"ANY","allowedFunctionNames":["f"]}},"labels":{"a":"b"},
                "generationConfig":{"temperature":1,"topK":4,"stopSequences":["a"],"responseMimeType":"application/json","responseSchema":{"type":"OBJECT","anyOf":[{"type":"STRING"}]},
                "thinkingConfig":{"thinkingBudget":100,"includeThoughts":true}},"safetySettings":[{"category":"c"}]}
                """;
        String[] fragments = {"null", "{}", "[]", "1", "\"x\"", "true", "[{}]", "{\"text\":{}}"};
        for (long seed = 0; seed < 3000; seed++) {
            Random random = new Random(seed);
            int at = sample.indexOf(':', random.nextInt(sample.length() - 30)) + 1;
            int end = at + 1 + random.nextInt(6);
            String body =
                    sample.substring(0, at)
                            + fragments[random.nextInt(fragments.length)]
                            + sample.substring(Math.min(end, sample.length()));
            try {
                assertThat(dialect.writeRequest(read(body), GEMINI).body())
                        .as("seed %d", seed)
                        .isNotEmpty();
            } catch (MalformedRequest refused) {
                assertThat(refused.getMessage()).as("seed %d", seed).isNotEmpty();
            }
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

    private Written write(Message... messages) {
        return dialect.writeRequest(chat(messages), GEMINI);
    }

    private static ChatRequest chat(Message... messages) {
        return ChatRequest.builder(Protocol.OPENAI_CHAT).messages(List.of(messages)).build();
    }

    private static ChatRequest format(String schema) {
        return ChatRequest.builder(Protocol.OPENAI_CHAT)
                .messages(List.of(user("x")))
                .outputFormat(new OutputFormat.JsonSchema("n", null, tree(schema), true))
                .build();
    }

    private static ChatRequest among(boolean required) {
        return ChatRequest.builder(Protocol.OPENAI_CHAT)
                .messages(List.of(user("x")))
                .tools(List.of(tool("f"), tool("g")))
                .toolChoice(new ToolChoice.Among(required, List.of("f")))
                .build();
    }

    private static Tool tool(String name) {
        return new Tool.Function(name, null, null, null, null, Extras.NONE);
    }

    private static Message user(String text) {
        return Message.of(Role.USER, List.of(Part.Text.of(text)), "messages[0]");
    }

    private static Message assistant(Part... parts) {
        return Message.of(Role.ASSISTANT, List.of(parts), "messages[1]");
    }

    private static Message called(String id) {
        return assistant(call(id, null));
    }

    private static Message answered(String... ids) {
        List<Part> results =
                List.of(ids).stream()
                        .map(id -> result(id, false, Part.Text.of("r")).parts().getFirst())
                        .toList();
        return Message.of(Role.TOOL, results, "messages[2]");
    }

    private static Message result(String id, boolean error, Part content) {
        Part result =
                new Part.ToolResult(id, "f", List.of(content), error, false, null, Extras.NONE);
        return Message.of(Role.TOOL, List.of(result), "messages[2]");
    }

    private static Part call(String id, @Nullable Seal seal) {
        return new Part.ToolCall(id, null, "f", "{}", false, seal, null, Extras.NONE);
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

    private static JsonNode contents(Written written) {
        return Json.tree(written.body()).path("contents");
    }

    private static JsonNode config(Written written) {
        return Json.tree(written.body()).path("generationConfig");
    }

    private static String mode(Written written) {
        return Json.tree(written.body()).at("/toolConfig/functionCallingConfig/mode").asString("");
    }

    private static JsonNode tree(String json) {
        return Json.tree(utf8(json));
    }

    private static List<String> codes(Written written) {
        return written.losses().stream().map(Loss::code).toList();
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
