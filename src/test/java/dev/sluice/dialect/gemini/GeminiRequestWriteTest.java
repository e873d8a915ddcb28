package dev.sluice.dialect.gemini;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.chat.ChatRequest;
import dev.sluice.chat.Extras;
import dev.sluice.chat.Loss;
import dev.sluice.chat.Media;
import dev.sluice.chat.Message;
import dev.sluice.chat.Message.Role;
import dev.sluice.chat.Part;
import dev.sluice.chat.Protocol;
import dev.sluice.chat.Seal;
import dev.sluice.dialect.Envelope;
import dev.sluice.dialect.MalformedRequest;
import dev.sluice.dialect.Written;
import dev.sluice.dialect.json.Json;
import dev.sluice.dialect.trait.Trait;
import dev.sluice.dialect.trait.UpstreamTraits;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** The conversation that a Gemini upstream is told. */
class GeminiRequestWriteTest {
    private static final UpstreamTraits GEMINI = UpstreamTraits.standard("google", "gemini-3-pro");
    private static final UpstreamTraits VERTEX =
            GEMINI.with(Trait.FUNCTION_CALL_ID, "false").with(Trait.LABELS, "true");

    private final GeminiDialect dialect = new GeminiDialect();

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
    void rolesAlternateAndAHistoryThatBeginsWithTheModelIsGivenAUser() {
        JsonNode contents = contents(write(assistant(Part.Text.of("a")), user("b"), user("c")));

        assertThat(contents.size()).isEqualTo(3);
        assertThat(contents.at("/0/parts/0/text").asString("")).isEqualTo(".");
        assertThat(contents.at("/2/parts").size()).isEqualTo(2);
    }

    private ChatRequest read(String body) throws MalformedRequest {
        return dialect.readRequest(utf8(body), Envelope.NONE);
    }

    private Written write(Message... messages) {
        return dialect.writeRequest(chat(messages), GEMINI);
    }

    private static ChatRequest chat(Message... messages) {
        return ChatRequest.builder(Protocol.OPENAI_CHAT).messages(List.of(messages)).build();
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

    private static JsonNode contents(Written written) {
        return Json.tree(written.body()).path("contents");
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
