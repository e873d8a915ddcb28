package dev.sluice.dialect.anthropic;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.chat.Seal;
import dev.sluice.dialect.MalformedRequest;
import dev.sluice.dialect.peek.RequestPeek;
import dev.sluice.dialect.peek.Rewrite;
import dev.sluice.dialect.rules.Seals;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** What is found in a body and changed in it without reading it whole. */
class AnthropicRequestPeekTest {
    private final AnthropicDialect dialect = new AnthropicDialect();

    @Test
    void peekingFindsLimitsAndMedia() throws MalformedRequest {
        byte[] body =
                "{\"max_tokens\":5,\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"image\"},{\"type\":\"tool_result\",\"content\":[{\"type\":\"document\"}]}]}]}"
                        .getBytes(StandardCharsets.UTF_8);
        RequestPeek peek = dialect.peek(body);
        byte[] changed = dialect.rewrite(body, peek, new Rewrite("m", true, true, 9L));

        assertThat(peek.mediaParts()).isEqualTo(2);
        assertThat(peek.stream()).isTrue();
        assertThat(peek.maxOutputTokens()).isEqualTo(5);
        assertThat(new String(changed, StandardCharsets.UTF_8))
                .startsWith("{\"model\":\"m\",\"max_tokens\":9,\"stream\":true,");
    }

    @Test
    void aPassedBodyLosesOnlyThinkingOfOtherProviders() throws MalformedRequest {
        String wrapped = Seals.wrap(new Seal("openai", "gpt", Seal.Kind.ENCRYPTED, "r"));
        String foreign =
                "{\"type\":\"thinking\",\"thinking\":\"t\",\"signature\":\"" + wrapped + "\"}";
        String body =
                "{\"model\":\"m\", \"messages\":[ {\"role\":\"user\",\"content\":\"x\"} , {\"role\":\"assistant\",\"content\":["
                        + "%s{\"type\":\"thinking\",\"thinking\":\"u\",\"signature\":\"own\"}%s]}%s]}";
        byte[] before =
                body.formatted(
                                foreign + " , ",
                                "," + foreign,
                                ",{\"role\":\"assistant\",\"content\":[" + foreign + "]}")
                        .getBytes(StandardCharsets.UTF_8);
        RequestPeek peek = dialect.peek(before);
        byte[] after = dialect.rewrite(before, peek, new Rewrite(null, false, false, null));

        assertThat(new String(after, StandardCharsets.UTF_8)).isEqualTo(body.formatted("", "", ""));
    }
}
