package dev.sluice.dialect;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.Seeds;
import dev.sluice.chat.Protocol;
import dev.sluice.dialect.anthropic.AnthropicDialect;
import dev.sluice.dialect.json.Json;
import dev.sluice.dialect.openai.chat.OpenAiChatDialect;
import dev.sluice.dialect.openai.responses.OpenAiResponsesDialect;
import dev.sluice.dialect.peek.RequestPeek;
import dev.sluice.dialect.peek.Rewrite;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Generated bodies, sound and damaged: what is passed on says what the client said, but for what
 * was to be changed, and nothing but the documented is thrown.
 */
class RewriteFuzzTest {
    private static final List<Dialect> DIALECTS =
            List.of(new OpenAiChatDialect(), new OpenAiResponsesDialect(), new AnthropicDialect());
    private static final Set<String> CHANGED =
            Set.of(
                    "model",
                    "stream",
                    "stream_options",
                    "max_tokens",
                    "max_completion_tokens",
                    "max_output_tokens");

    static Stream<Arguments> dialectsAndSeeds() {
        return Seeds.rounds(1_500)
                .flatMap(seeds ->
                        DIALECTS.stream().map(dialect -> Arguments.of(dialect.protocol(), seeds)));
    }

    @ParameterizedTest
    @MethodSource("dialectsAndSeeds")
    void aSoundBodyKeepsEveryMemberButThoseThatAreChanged(Protocol protocol, Seeds seeds) {
        Dialect dialect = dialect(protocol);
        seeds.check(random -> {
            byte[] body = new GeneratedJson(random).request().getBytes(UTF_8);
            RequestPeek peek = dialect.peek(body);

            checkRewritten(dialect, body, peek, rewrite(random));
        });
    }

    @ParameterizedTest
    @MethodSource("dialectsAndSeeds")
    void aModelAloneIsChangedInItsPlaceByteForByte(Protocol protocol, Seeds seeds) {
        Dialect dialect = dialect(protocol);
        seeds.check(random -> {
            byte[] body = new GeneratedJson(random).request().getBytes(UTF_8);
            RequestPeek peek = dialect.peek(body);
            RequestPeek.Span span = peek.modelSpan();
            Rewrite other = new Rewrite("other", false, false, null);
            byte[] changed = dialect.rewrite(body, peek, other);

            if (span != null) {
                assertThat(new String(changed, UTF_8))
                        .isEqualTo(
                                new String(body, 0, span.start(), UTF_8)
                                        + "\"other\""
                                        + new String(
                                                body, span.end(), body.length - span.end(), UTF_8));
            }
            assertThat(dialect.peek(changed).model()).isEqualTo("other");
            assertThat(dialect.rewrite(body, peek, new Rewrite(null, false, false, null)))
                    .isSameAs(body);
        });
    }

    @ParameterizedTest
    @MethodSource("dialectsAndSeeds")
    void aDamagedBodyIsRefusedOrPassedOnAsItIs(Protocol protocol, Seeds seeds) {
        Dialect dialect = dialect(protocol);
        seeds.check(random -> {
            GeneratedJson generated = new GeneratedJson(random);
            byte[] body = generated.damaged(generated.request().getBytes(UTF_8));
            RequestPeek peek = peek(dialect, body);
            if (peek != null) {
                checkRewritten(dialect, body, peek, rewrite(random));
            }
        });
    }

    private static void checkRewritten(
            Dialect dialect, byte[] body, RequestPeek peek, Rewrite rewrite) throws Exception {
        byte[] given = body.clone();
        byte[] changed = dialect.rewrite(body, peek, rewrite);
        assertThat(body).isEqualTo(given);
        JsonNode before = tree(body);
        if (before == null) {
            return;
        }
        RequestPeek after = dialect.peek(changed);
        assertThat(after.model())
                .isEqualTo(rewrite.model() == null ? peek.model() : rewrite.model());
        assertThat(after.stream()).isEqualTo(peek.stream() || rewrite.stream());
        if (rewrite.askForUsage() && after.stream()) {
            assertThat(after.wantsUsage()).isTrue();
        }
        if (rewrite.maxOutputTokens() != null) {
            assertThat(after.maxOutputTokens()).isEqualTo(rewrite.maxOutputTokens());
        }
        assertThat(rest(Json.tree(changed))).isEqualTo(rest(before));
        assertThat(dialect.rewrite(changed, after, rewrite)).as("changed twice").isEqualTo(changed);
    }

    private static Rewrite rewrite(Random random) {
        return new Rewrite(
                random.nextBoolean() ? "vendor/\"model\" \u20ac" : null,
                random.nextBoolean(),
                random.nextBoolean(),
                random.nextBoolean() ? 16 + random.nextLong(100_000) : null);
    }

    private static @Nullable RequestPeek peek(Dialect dialect, byte[] body) {
        try {
            return dialect.peek(body);
        } catch (MalformedRequest refused) {
            return null;
        }
    }

    private static @Nullable JsonNode tree(byte[] body) {
        try {
            return Json.tree(body);
        } catch (JacksonException unreadable) {
            return null;
        }
    }

    private static JsonNode rest(JsonNode body) {
        return ((ObjectNode) body.deepCopy()).remove(CHANGED);
    }

    private static Dialect dialect(Protocol protocol) {
        return DIALECTS.stream()
                .filter(dialect -> dialect.protocol() == protocol)
                .findFirst()
                .orElseThrow();
    }
}
