package dev.sluice.dialect.openai.responses;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.chat.ChatAnswer;
import dev.sluice.chat.ChatRequest;
import dev.sluice.chat.Loss;
import dev.sluice.chat.Message;
import dev.sluice.chat.Message.Role;
import dev.sluice.chat.Part;
import dev.sluice.dialect.Envelope;
import dev.sluice.dialect.MalformedRequest;
import dev.sluice.dialect.Written;
import dev.sluice.dialect.json.Json;
import dev.sluice.dialect.trait.UpstreamTraits;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a client says in a request. */
class OpenAiResponsesRequestTest {
    private static final UpstreamTraits GPT = UpstreamTraits.standard("openai", "gpt");

    private final OpenAiResponsesDialect dialect = new OpenAiResponsesDialect();

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    {} | input
                    {"input":[]} | input
                    {"input":{}} | input
                    {"input":[1]} | input[0]
                    {"input":[{"role":"robot","content":"x"}]} | input[0].role
                    {"input":[{"type":"message","content":"x"}]} | input[0].role
                    {"input":[{"role":"user","content":1}]} | input[0].content
                    {"input":[{"role":"user","content":[{"text":"x"}]}]} | input[0].content[0].type
                    {"input":[{"role":"user","content":[{"type":"input_text"}]}]} | input[0].content[0].text
                    {"input":[{"role":"user","content":[{"type":"input_image"}]}]} | input[0].content[0].image_url
                    {"input":[{"role":"user","content":[{"type":"input_image","image_url":"data:image/png;base64,?"}]}]} | input[0].content[0].image_url
                    {"input":[{"role":"user","content":[{"type":"input_file","filename":"x"}]}]} | input[0].content[0]
                    {"input":[{"role":"system","content":[{"type":"input_image","image_url":"u"}]}]} | input[0].content
                    {"input":[{"type":"function_call","name":"f","arguments":"{}"}]} | input[0].call_id
                    {"input":[{"type":"function_call","call_id":"a","arguments":"{}"}]} | input[0].name
                    {"input":[{"type":"function_call","call_id":"a","name":"f","arguments":{}}]} | input[0].arguments
                    {"input":[{"type":"function_call_output","output":"x"}]} | input[0].call_id
                    {"input":[{"type":"function_call_output","call_id":"a","output":"x"}]} | input[0]
                    {"input":"x","tools":[{"name":"f"}]} | tools[0].type
                    {"input":"x","tools":[{"type":"function"}]} | tools[0].name
                    {"input":"x","tools":[{"type":"function","name":"f","parameters":[]}]} | tools[0].parameters
                    {"input":"x","tool_choice":"maybe"} | tool_choice
                    {"input":"x","tool_choice":{"type":"function"}} | tool_choice.name
                    {"input":"x","text":{"format":{"type":"xml"}}} | text.format.type
                    {"input":"x","text":{"format":{"type":"json_schema","name":"n"}}} | text.format.schema
                    {"input":"x","reasoning":{"effort":"huge"}} | reasoning.effort
                    {"input":"x","previous_response_id":"a","conversation":"b"} | conversation
                    {"input":"x","temperature":"hot"} | temperature
                    {"input":"x","metadata":{"a":1}} | metadata
                    {"input":"x","store":"yes"} | store
                    """)
    void whatCannotMeanAnythingIsRefusedByItsPlace(String body, String place) {
        assertThatThrownBy(() -> read(body))
                .isInstanceOfSatisfying(
                        MalformedRequest.class, e -> assertThat(e.param()).isEqualTo(place));
    }

    @Test
    void allItemsOfTheAssistantUpToTheNextOfTheUserAreOneTurn() throws Exception {
        ChatRequest request =
                read(
                        """
                        {"input":[{"role":"user","content":"x"},
                          {"type":"reasoning","id":"rs_1","summary":[]},
                          {"role":"assistant","content":"a"},
                          {"type":"function_call","id":"fc_1","call_id":"call_1","name":"f","arguments":"{}"},
                          {"role":"assistant","content":[{"type":"output_text","text":"b"}]},
                          {"type":"custom_tool_call","call_id":"call_2","name":"g","input":"x"},
                          {"type":"custom_tool_call_output","call_id":"call_2","output":"2"},
                          {"type":"function_call_output","call_id":"call_1","output":"1"}]}
                        """);

        assertThat(request.messages())
                .extracting(Message::role)
                .containsExactly(Role.USER, Role.ASSISTANT, Role.TOOL);
        assertThat(request.messages().get(1).parts())
                .extracting(part -> part.getClass().getSimpleName())
                .containsExactly("Reasoning", "Text", "ToolCall", "Text", "ToolCall");
        assertThat(request.messages().get(2).parts())
                .extracting(part -> ((Part.ToolResult) part).callId())
                .containsExactly("call_1", "call_2");
    }

    @Test
    void theIdThatIsAnsweredIsTheCallsAndNotTheItems() throws Exception {
        ChatAnswer answer =
                dialect.readAnswer(
                        utf8(
                                "{\"object\":\"response\",\"status\":\"completed\",\"output\":[{\"type\":\"function_call\",\"id\":\"fc_1\",\"call_id\":\"call_1\",\"name\":\"f\",\"arguments\":\"{}\"}]}"),
                        dev.sluice.dialect.Memory.of(GPT));

        Part.ToolCall call = (Part.ToolCall) answer.choices().getFirst().parts().getFirst();
        assertThat(call.id()).isEqualTo("call_1");
        assertThat(call.itemId()).isEqualTo("fc_1");
    }

    @Test
    void aResultMayAnswerACallThatOnlyTheProviderHas() throws Exception {
        ChatRequest request =
                read(
                        "{\"previous_response_id\":\"resp_1\",\"input\":[{\"type\":\"function_call_output\",\"call_id\":\"a\",\"output\":\"x\"}]}");

        Written written = dialect.writeRequest(request, GPT);
        assertThat(written.losses()).isEmpty();
        assertThat(Json.tree(written.body()).path("previous_response_id").asString(""))
                .isEqualTo("resp_1");
    }

    @Test
    void whatRefersToStoredStateIsRefusedElsewhere() throws Exception {
        for (String state :
                List.of(
                        "\"previous_response_id\":\"resp_1\"",
                        "\"conversation\":{\"id\":\"conv_1\"}",
                        "\"prompt\":{\"id\":\"pmpt_1\"}",
                        "\"background\":true",
                        "\"input\":[{\"type\":\"item_reference\",\"id\":\"msg_1\"}]",
                        "\"input\":[{\"id\":\"msg_1\"}]",
                        "\"input\":[{\"role\":\"user\",\"content\":[{\"type\":\"input_image\",\"file_id\":\"file-1\"}]}]",
                        "\"tools\":[{\"type\":\"file_search\",\"vector_store_ids\":[\"vs_1\"]}]")) {
            String input = state.startsWith("\"input") ? "" : "\"input\":\"x\",";
            ChatRequest request = read("{" + input + state + "}");
            Written anthropic =
                    new dev.sluice.dialect.anthropic.AnthropicDialect()
                            .writeRequest(request, UpstreamTraits.standard("anthropic", "c"));
            assertThat(anthropic.losses()).as(state).anyMatch(Loss::isRefusal);
            assertThat(dialect.losses(request, GPT)).as(state).noneMatch(Loss::isRefusal);
        }
    }

    private ChatRequest read(String body) throws MalformedRequest {
        return dialect.readRequest(utf8(body), Envelope.NONE);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
