package dev.sluice.dialect.openai.responses;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.chat.ChatRequest;
import dev.sluice.dialect.Dialect;
import dev.sluice.dialect.Envelope;
import dev.sluice.dialect.MalformedRequest;
import dev.sluice.dialect.TokenCounting;
import dev.sluice.dialect.Written;
import dev.sluice.dialect.anthropic.AnthropicDialect;
import dev.sluice.dialect.json.Json;
import dev.sluice.dialect.openai.chat.OpenAiChatDialect;
import dev.sluice.dialect.peek.UpstreamReference;
import dev.sluice.dialect.sse.SseEvent;
import dev.sluice.dialect.trait.UpstreamTraits;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What an upstream keeps, told from the bytes alone, and requests that are only counted. */
class OpenAiResponsesStateTest {
    private final OpenAiResponsesDialect dialect = new OpenAiResponsesDialect();

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    {"input":"x"} | ``
                    {"previous_response_id":null} | ``
                    {"previous_response_id":"resp_1","input":"x"} | RESPONSE resp_1
                    {"conversation":"conv_1"} | CONVERSATION conv_1
                    {"conversation":{"id":"conv_1"}} | CONVERSATION conv_1
                    {"prompt":{"id":"pmpt_1","variables":{"f":{"type":"input_file","file_id":"file-1"}}}} | FILE file-1, PROMPT pmpt_1
                    {"input":[{"type":"item_reference","id":"msg_1"},{"id":"rs_1"}]} | ITEM msg_1, ITEM rs_1
                    {"input":[{"id":"msg_1","role":"user","content":"x"},{"type":"reasoning","id":"rs_1"},{"type":"function_call","id":"fc_1"}]} | ``
                    {"input":[{"role":"user","content":[{"type":"input_image","file_id":"file-1"},{"type":"input_file","file_id":"file-1"}]}]} | FILE file-1
                    {"input":[{"type":"function_call_output","output":[{"type":"input_file","file_id":"file-1"}]}]} | FILE file-1
                    {"tools":[{"type":"code_interpreter","container":"cntr_1"}]} | CONTAINER cntr_1
                    {"tools":[{"type":"code_interpreter","container":{"type":"auto","file_ids":["file-1","file-2"]}}]} | FILE file-1, FILE file-2
                    {"tools":[{"type":"shell","environment":{"type":"container_reference","container_id":"cntr_1"}}]} | CONTAINER cntr_1
                    {"tools":[{"type":"file_search","vector_store_ids":["vs_1","vs_2"]}]} | VECTOR_STORE vs_1, VECTOR_STORE vs_2
                    {"tools":[{"type":"function","parameters":{"default":{"file_id":"x"},"required":["file_id"]}}]} | ``
                    {"text":{"format":{"schema":{"enum":["x"],"file_id":"x"}}},"metadata":{"previous_response_id":"x"}} | ``
                    {"previous_\\u0072esponse_id":"resp_1"} | RESPONSE resp_1
                    {"conversation":"conv_1","x": | CONVERSATION conv_1
                    [] | ``
                    """)
    void aRequestNamesWhatItsUpstreamKeeps(String body, String expected) {
        assertThat(told(dialect.references(utf8(body)))).isEqualTo(expected);
    }

    @Test
    void otherProtocolsNameTheirFilesAndContainers() {
        Dialect anthropic = new AnthropicDialect();
        Dialect chat = new OpenAiChatDialect();

        assertThat(
                        told(
                                anthropic.references(
                                        utf8(
                                                "{\"container\":{\"id\":\"c_1\"},\"messages\":[{\"content\":[{\"type\":\"document\",\"source\":{\"type\":\"file\",\"file_id\":\"f_1\"}},"
                                                        + "{\"type\":\"tool_use\",\"input\":{\"file_id\":\"mine\"}}]}]}"))))
                .isEqualTo("CONTAINER c_1, FILE f_1");
        assertThat(
                        told(
                                chat.references(
                                        utf8(
                                                "{\"messages\":[{\"content\":[{\"type\":\"file\",\"file\":{\"file_id\":\"f_1\"}}]}]}"))))
                .isEqualTo("FILE f_1");
    }

    @Test
    void anAnswerNamesAllThatIsKeptOfIt() {
        StoredResponse kept =
                StoredResponse.in(
                                utf8(
                                        "{\"id\":\"resp_1\",\"object\":\"response\",\"status\":\"completed\",\"store\":true,\"conversation\":{\"id\":\"conv_1\"},"
                                                + "\"tools\":[{\"type\":\"file_search\",\"file_id\":\"file-0\"}],\"output\":[{\"id\":\"ci_1\",\"type\":\"code_interpreter_call\",\"container_id\":\"cntr_1\"},"
                                                + "{\"id\":\"msg_1\",\"type\":\"message\",\"content\":[{\"type\":\"output_text\",\"annotations\":[{\"file_id\":\"file-1\",\"container_id\":\"cntr_1\"}]}]}]}"))
                        .orElseThrow();

        assertThat(kept.id()).isEqualTo("resp_1");
        assertThat(kept.status()).isEqualTo("completed");
        assertThat(kept.stored()).isTrue();
        assertThat(told(kept.made()))
                .isEqualTo(
                        "RESPONSE resp_1, CONVERSATION conv_1, CONTAINER cntr_1, ITEM ci_1, FILE file-1, ITEM msg_1");
    }

    @Test
    void aStreamNamesItsAnswerInItsFirstEvent() {
        StoredResponse begun =
                StoredResponse.in(
                                event(
                                        "{\"type\":\"response.created\",\"sequence_number\":0,\"response\":{\"id\":\"resp_1\",\"status\":\"queued\",\"store\":false,\"output\":[]}}"))
                        .orElseThrow();

        assertThat(begun.status()).isEqualTo("queued");
        assertThat(begun.stored()).isFalse();
        assertThat(told(begun.made())).isEqualTo("RESPONSE resp_1");
        assertThat(
                        StoredResponse.in(
                                event("{\"type\":\"response.output_text.delta\",\"id\":\"x\"}")))
                .isEmpty();
        assertThat(StoredResponse.in(utf8("{\"error\":{\"message\":\"m\"}}"))).isEmpty();
    }

    @Test
    void itemsThatAreNamedByTheirIdsArePutBack() {
        String message =
                "{ \"type\":\"message\",\"id\":\"msg_1\",\"role\":\"assistant\",\"content\":\"é\" }";
        Map<String, byte[]> kept =
                StoredItems.in(
                        utf8(
                                "{\"type\":\"response.completed\",\"response\":{\"id\":\"resp_1\",\"output\":[ "
                                        + message
                                        + " ,{\"type\":\"reasoning\",\"id\":\"rs_1\",\"summary\":[]},1]}}"));
        String body =
                "{\"input\":[{\"id\":\"msg_0\",\"role\":\"user\"}, %s,{\"id\":\"other\"} ,{\"id\":\"rs_1\",\"type\":\"function_call\"}],\"x\":1.0}";

        byte[] request =
                utf8(body.replace("%s", "{\"type\":\"item_reference\", \"id\":\"msg_1\"}"));
        byte[] whole = StoredItems.putBack(request, kept::get);

        assertThat(kept).containsOnlyKeys("msg_1", "rs_1");
        assertThat(new String(whole, StandardCharsets.UTF_8))
                .isEqualTo(body.replace("%s", message));
        assertThat(StoredItems.putBack(whole, kept::get)).isSameAs(whole);
    }

    @Test
    void aNameOfForeignReasoningCanBeDoneWithoutAnywhere() throws Exception {
        ChatRequest request =
                dialect.readRequest(
                        utf8(
                                "{\"input\":[{\"role\":\"user\",\"content\":\"x\"},{\"type\":\"item_reference\",\"id\":\"rs_gw1_1_0\"},"
                                        + "{\"role\":\"assistant\",\"content\":\"y\"},{\"role\":\"user\",\"content\":\"z\"}]}"),
                        Envelope.NONE);

        assertThat(
                        new AnthropicDialect()
                                .losses(request, UpstreamTraits.standard("anthropic", "c")))
                .isEmpty();
    }

    @Test
    void arbitraryBytesNameSomethingOrNothing() {
        byte[] sample =
                utf8(
                        "{\"id\":\"i\",\"response\":{\"id\":\"r\"},\"conversation\":{\"id\":\"c\"},\"input\":[{\"id\":\"m\"}],\"output\":[[{\"file_id\":[\"f\"]}]]}");
        for (long seed = 0; seed < 5000; seed++) {
            Random random = new Random(seed);
            byte[] body = Arrays.copyOf(sample, 1 + random.nextInt(sample.length));
            for (int i = random.nextInt(4); i > 0; i--) {
                body[random.nextInt(body.length)] = (byte) random.nextInt(256);
            }
            assertThat(dialect.references(body)).as("seed %d", seed).doesNotContainNull();
            assertThat(StoredItems.in(body)).as("seed %d", seed).doesNotContainKey("");
            assertThat(StoredItems.putBack(body, id -> new byte[0]))
                    .as("seed %d", seed)
                    .isNotEmpty();
            assertThat(StoredResponse.in(new SseEvent(body, "", body, true)).stream())
                    .as("seed %d", seed)
                    .allSatisfy(kept -> assertThat(kept.id()).isNotEmpty());
        }
    }

    @Test
    void aRequestIsCountedWithoutWhatOnlyMattersToAnAnswer() throws Exception {
        ChatRequest request =
                counting(new AnthropicDialect())
                        .readRequest(
                                utf8(
                                        "{\"model\":\"c\",\"system\":\"s\",\"max_tokens\":9,\"messages\":[{\"role\":\"user\",\"content\":\"x\"}],"
                                                + "\"tools\":[{\"name\":\"f\",\"input_schema\":{\"type\":\"object\"}}],\"thinking\":{\"type\":\"adaptive\"}}"),
                                Envelope.NONE);

        Written written =
                counting(dialect).writeRequest(request, UpstreamTraits.standard("openai", "gpt"));

        assertThat(written.path()).isEqualTo("responses/input_tokens");
        assertThat(Json.tree(written.body()).propertyNames())
                .containsExactlyInAnyOrder("model", "instructions", "input", "tools", "reasoning");
        Written own =
                counting(new AnthropicDialect())
                        .writeRequest(request, UpstreamTraits.standard("anthropic", "claude"));
        assertThat(own.path()).isEqualTo("messages/count_tokens");
        assertThat(own.headers()).containsKey("anthropic-version");
        assertThat(Json.tree(own.body()).propertyNames())
                .containsExactlyInAnyOrder("model", "system", "messages", "tools", "thinking");
    }

    @Test
    void aCountIsWrittenInTheClientsShapeAndReadFromTheUpstreams() {
        TokenCounting responses = counting(dialect);
        TokenCounting anthropic = counting(new AnthropicDialect());

        assertThat(new String(responses.writeCount(42), StandardCharsets.UTF_8))
                .isEqualTo("{\"object\":\"response.input_tokens\",\"input_tokens\":42}");
        assertThat(new String(anthropic.writeCount(42), StandardCharsets.UTF_8))
                .isEqualTo("{\"input_tokens\":42}");
        assertThat(anthropic.readCount(responses.writeCount(42))).isEqualTo(42);
        for (String none :
                List.of("", "{", "[]", "{}", "{\"input_tokens\":-1}", "{\"input_tokens\":\"1\"}")) {
            assertThat(responses.readCount(utf8(none))).as(none).isNull();
        }
    }

    @Test
    void aCountOfNothingIsRefused() {
        assertThatThrownBy(() -> counting(dialect).readRequest(utf8("{}"), Envelope.NONE))
                .isInstanceOf(MalformedRequest.class);
    }

    private static TokenCounting counting(Dialect dialect) {
        return dialect.tokenCounting().orElseThrow();
    }

    private static String told(List<UpstreamReference> references) {
        return String.join(
                ", ", references.stream().map(ref -> ref.kind() + " " + ref.id()).toList());
    }

    private static SseEvent event(String data) {
        return new SseEvent(utf8(data), "", utf8(data), true);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
