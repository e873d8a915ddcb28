package dev.sluice.dialect.anthropic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.chat.ChatRequest;
import dev.sluice.dialect.Envelope;
import dev.sluice.dialect.MalformedRequest;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a client's body may say, and what cannot mean anything. */
class AnthropicRequestReadTest {
    private final AnthropicDialect dialect = new AnthropicDialect();

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    {"messages":[]} | messages
                    {"messages":{}} | messages
                    {"messages":[1]} | messages[0]
                    {"messages":[{"role":"robot","content":"x"}]} | messages[0].role
                    {"messages":[{"role":"user"}]} | messages[0].content
                    {"messages":[{"role":"user","content":1}]} | messages[0].content
                    {"messages":[{"role":"user","content":[{"text":"x"}]}]} | messages[0].content[0].type
                    {"messages":[{"role":"user","content":[{"type":"image"}]}]} | messages[0].content[0].source
                    {"messages":[{"role":"user","content":[{"type":"image","source":{"type":"base64","data":"?"}}]}]} | messages[0].content[0].source.data
                    {"messages":[{"role":"user","content":[{"type":"tool_use","id":"a","name":"f"}]}]} | messages[0].content
                    {"messages":[{"role":"assistant","content":[{"type":"tool_use","id":"a","name":"f","input":"x"}]}]} | messages[0].content[0].input
                    {"messages":[{"role":"user","content":[{"type":"tool_result","tool_use_id":"a"}]}]} | messages[0]
                    {"messages":[{"role":"user","content":"x"}],"tools":[{"name":"f"}]} | tools[0].input_schema
                    {"messages":[{"role":"user","content":"x"}],"tool_choice":{"type":"x"}} | tool_choice.type
                    {"messages":[{"role":"user","content":"x"}],"thinking":{"type":"enabled"}} | thinking.budget_tokens
                    {"messages":[{"role":"user","content":"x"}],"output_config":{"effort":"none"}} | output_config.effort
                    {"messages":[{"role":"user","content":"x"}],"max_tokens":0} | max_tokens
                    {"messages":[{"role":"user","content":"x"}],"system":[{"type":"image","source":{"type":"url","url":"u"}}]} | system
                    """)
    void whatCannotMeanAnythingIsRefusedByItsPlace(String body, String place) {
        assertThatThrownBy(() -> read(body))
                .isInstanceOfSatisfying(
                        MalformedRequest.class, e -> assertThat(e.param()).isEqualTo(place));
    }

    private ChatRequest read(String body) throws MalformedRequest {
        return dialect.readRequest(body.getBytes(StandardCharsets.UTF_8), Envelope.NONE);
    }
}
