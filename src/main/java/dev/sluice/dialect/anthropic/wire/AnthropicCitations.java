package dev.sluice.dialect.anthropic.wire;

import static dev.sluice.chat.Protocol.ANTHROPIC;

import dev.sluice.chat.Annotation;
import dev.sluice.dialect.rules.Fields;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** What a text cites, the same in requests, in answers and in streams. */
public final class AnthropicCitations {
    private AnthropicCitations() {}

    /** {@return the citations of a text block} */
    public static List<Annotation> of(JsonNode block) {
        List<Annotation> annotations = new ArrayList<>();
        for (JsonNode citation : Fields.elements(block.get("citations"))) {
            annotations.add(one(citation));
        }
        return annotations;
    }

    /** {@return one citation} Its places are in the document, not in the text that cites. */
    public static Annotation one(JsonNode citation) {
        String title = word(citation, "title");
        return new Annotation(
                ANTHROPIC,
                word(citation, "url"),
                title == null ? word(citation, "document_title") : title,
                -1,
                -1,
                citation);
    }

    private static @Nullable String word(JsonNode node, String name) {
        JsonNode value = node.path(name);
        return value.isString() ? value.stringValue() : null;
    }
}
