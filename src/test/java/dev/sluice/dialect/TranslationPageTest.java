package dev.sluice.dialect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.chat.ChatRequest;
import dev.sluice.chat.Loss;
import dev.sluice.chat.Protocol;
import dev.sluice.dialect.anthropic.AnthropicDialect;
import dev.sluice.dialect.gemini.GeminiDialect;
import dev.sluice.dialect.openai.chat.OpenAiChatDialect;
import dev.sluice.dialect.openai.responses.OpenAiResponsesDialect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.node.ObjectNode;

/** Holds docs/translation.md to the dialects. {@code -Dtranslation.update} writes it anew. */
class TranslationPageTest {
    private static final Path PAGE = Path.of("docs/translation.md");
    private static final Path PROBES = Path.of("src/test/resources/translation");
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final List<Dialect> DIALECTS =
            List.of(
                    new OpenAiChatDialect(),
                    new OpenAiResponsesDialect(),
                    new AnthropicDialect(),
                    new GeminiDialect());

    @Test
    void thePageSaysWhatTheDialectsDo() throws Exception {
        String expected = page();
        if (System.getProperty("translation.update") != null) {
            Files.writeString(PAGE, expected);
            return;
        }
        assertThat(Files.readString(PAGE))
                .as("run the test with -Dtranslation.update to write the page anew")
                .isEqualTo(expected);
    }

    private static String page() throws Exception {
        StringBuilder page = new StringBuilder(INTRODUCTION);
        for (Dialect client : DIALECTS) {
            String name = client.protocol().wireName();
            page.append("\n## From ").append(name).append("\n\n| the client says |");
            DIALECTS.forEach(d -> page.append(" ").append(d.protocol().wireName()).append(" |"));
            page.append("\n|---|---|---|---|---|\n");
            List<String> lines = Files.readAllLines(PROBES.resolve(name + ".txt"));
            ChatRequest bare = read(client, lines.getFirst(), "{}");
            for (String probe : lines.subList(1, lines.size())) {
                ChatRequest request = read(client, lines.getFirst(), probe);
                page.append("| `").append(probe).append("` |");
                for (Dialect upstream : DIALECTS) {
                    page.append(" ").append(cell(client, upstream, bare, request)).append(" |");
                }
                page.append("\n");
            }
        }
        page.append("\n## Traits of upstreams\n\n| trait | standard |\n|---|---|\n");
        for (Trait trait : Trait.values()) {
            page.append("| `%s` | `\"%s\"` |\n".formatted(trait.wireName(), trait.standard()));
        }
        return page.toString();
    }

    private static ChatRequest read(Dialect client, String bare, String probe) throws Exception {
        ObjectNode body = (ObjectNode) JSON.readTree(bare);
        if (client.protocol() != Protocol.GEMINI) {
            body.put("model", "m");
        }
        body.setAll((ObjectNode) JSON.readTree(probe));
        byte[] bytes = body.toString().getBytes(StandardCharsets.UTF_8);
        return client.readRequest(bytes, new Envelope("m", false, List.of()));
    }

    private static String cell(
            Dialect client, Dialect upstream, ChatRequest bare, ChatRequest request) {
        if (client.protocol() == upstream.protocol()) {
            return "as it is";
        }
        String family =
                switch (upstream.protocol()) {
                    case ANTHROPIC -> "anthropic";
                    case GEMINI -> "google";
                    default -> "openai";
                };
        UpstreamTraits traits = UpstreamTraits.standard(family, "m");
        List<Loss> losses = new ArrayList<>(upstream.losses(request, traits));
        losses.removeAll(upstream.losses(bare, traits));
        if (losses.isEmpty()) {
            return "said";
        }
        return losses.stream()
                .map(TranslationPageTest::word)
                .distinct()
                .collect(Collectors.joining(", "));
    }

    private static String word(Loss loss) {
        return switch (loss.severity()) {
            case SILENT -> "not needed";
            case WEAKER -> "`" + loss.code() + "`";
            case WRONG -> "refused";
        };
    }

    private static final String INTRODUCTION =
            """
            # Translation

            This page is made by a test from what the dialects do, with an upstream that has the
            standard traits. A call whose two ends speak the same dialect is passed on *as it is*.
            Otherwise a part of a request is

            - *said*, if no loss is reported: it arrives in the upstream's own terms, or has no
              effect on the answer there;
            - *not needed* (class S), if leaving it out has no effect on the answer;
            - left out or changed (class W), with a code such as `dropped:seed`: the answer is
              weaker but right. The code is told in the header `x-sluice-warnings` and in the record;
            - *refused* (class R), where the answer would be wrong without it: another candidate is
              tried, and if none can say it the client gets a 400 that names its own parameter.

            A client that sends `x-sluice-translation: strict` has class W refused as well; one that
            sends `lenient` has class R left out and told, as has an operator who sets the
            capability `lenient` on an upstream. `POST /admin/translate` shows for any body what each candidate would be sent.
            """;
}
