package dev.sluice.dialect.loose;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.chat.Loss;
import dev.sluice.chat.Protocol;
import dev.sluice.dialect.Dialect;
import dev.sluice.dialect.Dialects;
import dev.sluice.dialect.Envelope;
import dev.sluice.dialect.MalformedRequest;
import dev.sluice.dialect.anthropic.AnthropicDialect;
import dev.sluice.dialect.gemini.GeminiDialect;
import dev.sluice.dialect.json.Json;
import dev.sluice.dialect.openai.chat.OpenAiChatDialect;
import dev.sluice.dialect.openai.responses.OpenAiResponsesDialect;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class LooseFormsTest {
    private static final Dialect CHAT = new OpenAiChatDialect();
    private static final Dialect ANTHROPIC = new AnthropicDialect();
    private static final LooseForms FORMS =
            new LooseForms(
                    new Dialects(
                            List.of(
                                    CHAT,
                                    ANTHROPIC,
                                    new GeminiDialect(),
                                    new OpenAiResponsesDialect())));

    private static byte[] utf8(String text) {
        return text.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
    }

    private static LooseForms.Meant meant(Dialect spoken, byte[] body) throws MalformedRequest {
        return FORMS.meant(spoken, body, spoken.peek(body));
    }

    private static JsonNode tree(String json) {
        return Json.tree(utf8(json));
    }

    static Stream<Arguments> chatBodies() {
        return Stream.of(
                Arguments.of(
                        "Gemini's input with plain parts",
                        "{'model':'gemini-2.5-pro','input':[{'role':'model','content':[{'type':'text','text':'Hi'}]},{'content':[{'text':'a'},'b']}]}",
                        "{'messages':[{'role':'assistant','content':'Hi'},{'role':'user','content':[{'type':'text','text':'a'},{'type':'text','text':'b'}]}],'model':'gemini-2.5-pro'}"),
                Arguments.of(
                        "an input that is a string, with instructions and a limit",
                        "{'model':'m','instructions':'Be brief','input':'Hello','max_output_tokens':40,'stream':true}",
                        "{'messages':[{'role':'system','content':'Be brief'},{'role':'user','content':'Hello'}],'max_completion_tokens':40,'model':'m','stream':true}"),
                Arguments.of(
                        "Gemini's contents",
                        "{'model':'m','systemInstruction':{'parts':[{'text':'S'}]},'contents':[{'role':'user','parts':[{'text':'Hi'}]}],'generationConfig':{'maxOutputTokens':9,'temperature':0.5},'temperature':0.25}",
                        "{'messages':[{'role':'system','content':'S'},{'role':'user','content':'Hi'}],'max_completion_tokens':9,'temperature':0.25,'model':'m'}"),
                Arguments.of(
                        "Claude's system, tools, choice and stops",
                        "{'model':'m','max_tokens':5,'system':'S','messages':[{'role':'user','content':'Hi'}],'stop_sequences':['X'],'tools':[{'name':'t','description':'d','input_schema':{'type':'object'}}],'tool_choice':{'type':'any','disable_parallel_tool_use':true}}",
                        "{'model':'m','max_tokens':5,'messages':[{'role':'system','content':'S'},{'role':'user','content':'Hi'}],'tools':[{'type':'function','function':{'name':'t','description':'d','parameters':{'type':'object'}}}],'tool_choice':'required','stop':['X'],'parallel_tool_calls':false}"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("chatBodies")
    void otherWordsForAChatAreToldInItsOwn(String what, String body, String expected)
            throws Exception {
        LooseForms.Meant meant = meant(CHAT, utf8(body));

        assertThat(meant.dialect().protocol()).as(what).isEqualTo(Protocol.OPENAI_CHAT);
        assertThat(Json.tree(meant.body())).isEqualTo(tree(expected));
        CHAT.readRequest(meant.body(), Envelope.NONE);
    }

    @Test
    void aTurnOfClaudesToolsBecomesOneOfChats() throws Exception {
        LooseForms.Meant meant =
                meant(
                        CHAT,
                        utf8(
                                """
                                {'model':'m','max_tokens':5,'system':[{'type':'text','text':'S'}],
                                 'tools':[{'name':'t','input_schema':{'type':'object'}}],
                                 'messages':[
                                  {'role':'user','content':[{'type':'text','text':'See'},
                                   {'type':'image','source':{'type':'base64','media_type':'image/png','data':'aGk='}}]},
                                  {'role':'assistant','content':[
                                   {'type':'tool_use','id':'c1','name':'t','input':{'a':1}}]},
                                  {'role':'user','content':[
                                   {'type':'tool_result','tool_use_id':'c1','content':'42'}]}]}
                                """));
        JsonNode told = Json.tree(meant.body());

        assertThat(told.path("messages").path(0).path("role").asString()).isEqualTo("system");
        assertThat(told.path("messages").path(1).toString())
                .contains("\"url\":\"data:image/png;base64,aGk=\"");
        assertThat(told.at("/messages/2/tool_calls/0/function/arguments").asString())
                .isEqualTo("{\"a\":1}");
        assertThat(told.at("/messages/3/tool_call_id").asString()).isEqualTo("c1");
        assertThat(told.at("/tools/0/function/name").asString()).isEqualTo("t");
        assertThat(told.path("max_tokens").asInt()).isEqualTo(5);
        assertThat(told.has("system")).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'anthropic_version':'2023-06-01','model':'m','max_tokens':5,'messages':[{'role':'user','content':'Hi'}]}",
                "{'model':'m','max_tokens_to_sample':5,'messages':[{'role':'user','content':'Hi'}]}"
            })
    void aMarkedBodyIsAnthropicsOwn(String body) throws Exception {
        for (Dialect spoken : List.of(CHAT, ANTHROPIC)) {
            LooseForms.Meant meant = meant(spoken, utf8(body));

            assertThat(meant.dialect().protocol()).isEqualTo(Protocol.ANTHROPIC);
            assertThat(Json.tree(meant.body()))
                    .isEqualTo(
                            tree(
                                    "{'model':'m','max_tokens':5,'messages':[{'role':'user','content':'Hi'}]}"));
        }
    }

    @Test
    void theUserOfOldMetadataKeepsItsMeaning() throws Exception {
        LooseForms.Meant meant =
                meant(
                        CHAT,
                        utf8(
                                "{'max_tokens_to_sample':5,'metadata':{'user':'u'},'messages':[{'role':'user','content':'Hi'}]}"));

        assertThat(Json.tree(meant.body()).at("/metadata/user_id").asString()).isEqualTo("u");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'model':'m','messages':[{'role':'user','content':'Hi'}],'metadata':{'system':'x'}}",
                "{'model':'m','messages':[{'role':'user','content':[{'type':'text','text':'tool_use'}]}]}",
                "{'messages':[],'tools':[{'type':'function','function':{'name':'f','parameters':{'input_schema':1}}}]}",
                "{'messages':[{'role':'user','content':'Hi'}],'input':'something else'}"
            })
    void aBodyInItsOwnWordsStaysTheVeryBytes(String body) throws Exception {
        byte[] bytes = utf8(body);

        assertThat(meant(CHAT, bytes).body()).isSameAs(bytes);
    }

    @Test
    void whatChatHasNoWordForIsTold() throws Exception {
        LooseForms.Meant meant =
                meant(
                        CHAT,
                        utf8(
                                "{'contents':[{'parts':[{'text':'Hi'}]}],'safetySettings':[{'category':'X'}]}"));

        assertThat(meant.losses()).extracting(Loss::code).contains("dropped:safetySettings");
    }

    @Test
    void whatWouldMakeTheAnswerWrongIsRefusedByItsOwnName() {
        byte[] body =
                utf8("{'contents':[{'parts':[{'text':'Hi'}]}],'cachedContent':'cachedContents/1'}");

        assertThatThrownBy(() -> meant(CHAT, body))
                .isInstanceOf(MalformedRequest.class)
                .hasMessageContaining("cachedContent");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'contents':[{'parts':7}]}",
                "{'contents':[]}",
                "{'input':{}}",
                "{'input':[{'role':'nobody','content':'x'}]}",
                "{'messages':[{'role':'user','content':[{'type':'tool_result','tool_use_id':'c','content':'x'}]}]}"
            })
    void aBodyWhoseOtherWordsMeanNothingNamesThePlace(String body) {
        assertThatThrownBy(() -> meant(CHAT, utf8(body)))
                .isInstanceOfSatisfying(
                        MalformedRequest.class, refused -> assertThat(refused.param()).isNotNull());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "null",
                "true",
                "0",
                "12.5",
                "''",
                "'x'",
                "[]",
                "{}",
                "[[]]",
                "[null]",
                "[7,'x',{}]",
                "[{'role':1}]",
                "[{'content':[[]]}]",
                "[{'parts':{}}]",
                "[{'type':'message'}]",
                "[{'id':'x'}]",
                "{'parts':[{'text':null}]}",
                "[{'inlineData':{}}]"
            })
    void anyValueIsMeantOrRefused(String value) throws Exception {
        String call = ",'messages':[{'role':'user','content':'Hi'}]";
        for (String field :
                List.of(
                        "contents",
                        "input",
                        "system",
                        "tools",
                        "tool_choice",
                        "stop_sequences",
                        "metadata",
                        "max_tokens_to_sample")) {
            for (String rest :
                    List.of("", call, call + ",'system':'S'", ",'anthropic_version':1")) {
                if (rest.contains("'" + field + "'")) {
                    continue;
                }
                byte[] body = utf8("{'" + field + "':" + value + rest + "}");
                try {
                    assertThat(meant(CHAT, body).body()).isNotEmpty();
                } catch (MalformedRequest refused) {
                    assertThat(refused.getMessage()).isNotBlank();
                }
            }
        }
    }
}
