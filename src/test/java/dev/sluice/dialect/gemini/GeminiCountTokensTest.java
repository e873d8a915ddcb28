package dev.sluice.dialect.gemini;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.chat.ChatRequest;
import dev.sluice.dialect.Envelope;
import dev.sluice.dialect.MalformedRequest;
import dev.sluice.dialect.Written;
import dev.sluice.dialect.json.Json;
import dev.sluice.dialect.trait.Trait;
import dev.sluice.dialect.trait.UpstreamTraits;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class GeminiCountTokensTest {
    private static final UpstreamTraits GEMINI = UpstreamTraits.standard("google", "gemini-3-pro");
    private static final UpstreamTraits VERTEX =
            GEMINI.with(Trait.FUNCTION_CALL_ID, "false").with(Trait.LABELS, "true");

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

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    {"contents": [ ]} | {"contents": [ ]}
                    {"generateContentRequest": {"x":1.0, "model": "models/a" }} | {"generateContentRequest": {"x":1.0, "model": "models/b" }}
                    {"generate_content_request":{"model":"a"}} | {"generate_content_request":{"model":"models/b"}}
                    {"generateContentRequest":null} | {"generateContentRequest":null}
                    """)
    void aCountThatPassesNamesTheUpstreamsModel(String body, String sent) throws MalformedRequest {
        assertThat(new String(GeminiCountTokens.rewrite(utf8(body), "b"), StandardCharsets.UTF_8))
                .isEqualTo(sent);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "[]", "{", "{}{}", "{\"generateContentRequest\":{\"model\":1"})
    void aCountThatIsNoObjectIsRefused(String body) {
        assertThatThrownBy(() -> GeminiCountTokens.rewrite(utf8(body), "b"))
                .isInstanceOf(MalformedRequest.class);
        assertThatThrownBy(() -> GeminiCountTokens.readRequest(utf8(body), Envelope.NONE))
                .isInstanceOf(MalformedRequest.class);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
