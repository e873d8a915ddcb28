package dev.sluice.dialect.gemini.answer;

import static dev.sluice.chat.Protocol.GEMINI;

import dev.sluice.chat.Annotation;
import dev.sluice.dialect.rules.Fields;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Citations and sources of a candidate. Google counts places in bytes; they are places in the text
 * as long as all of it was ASCII, and unknown otherwise. For one candidate.
 */
final class GeminiAnnotations {
    private static final int MAX = 256;

    private boolean ascii = true;
    private int told;

    /** Takes the next piece of the candidate's text. */
    void text(String text) {
        for (int i = 0; ascii && i < text.length(); i++) {
            ascii = text.charAt(i) < 0x80;
        }
    }

    /** {@return what a chunk says of the text so far} */
    List<Annotation> read(JsonNode candidate) {
        List<Annotation> found = new ArrayList<>();
        citations(candidate.path("citationMetadata"), found);
        grounding(candidate.path("groundingMetadata"), found);
        int room = Math.max(0, MAX - told);
        List<Annotation> kept = found.size() > room ? found.subList(0, room) : found;
        told += kept.size();
        return kept;
    }

    private void citations(JsonNode metadata, List<Annotation> found) {
        JsonNode citations =
                metadata.has("citations")
                        ? metadata.get("citations")
                        : metadata.get("citationSources");
        for (JsonNode citation : Fields.elements(citations)) {
            if (citation.isObject()) {
                found.add(annotation(citation, citation, citation));
            }
        }
    }

    private void grounding(JsonNode metadata, List<Annotation> found) {
        List<JsonNode> sources = Fields.elements(metadata.get("groundingChunks"));
        List<JsonNode> supports = Fields.elements(metadata.get("groundingSupports"));
        if (supports.isEmpty()) {
            sources.forEach(source -> source(source, source, source, found));
        }
        for (JsonNode support : supports) {
            for (JsonNode index : Fields.elements(support.get("groundingChunkIndices"))) {
                int number = index.asInt(-1);
                if (number >= 0 && number < sources.size()) {
                    source(sources.get(number), support.path("segment"), support, found);
                }
            }
        }
    }

    /** A source is a page of the web, a place on a map or a document of one's own. */
    private void source(JsonNode source, JsonNode segment, JsonNode json, List<Annotation> found) {
        for (JsonNode named : source) {
            if (named.isObject()) {
                found.add(annotation(named, segment, json));
                return;
            }
        }
    }

    private Annotation annotation(JsonNode named, JsonNode segment, JsonNode json) {
        int end = segment.path("endIndex").asInt(-1);
        boolean known = ascii && end >= 0;
        return new Annotation(
                GEMINI,
                word(named, "uri"),
                word(named, "title"),
                known ? segment.path("startIndex").asInt(0) : -1,
                known ? end : -1,
                json);
    }

    private static @Nullable String word(JsonNode node, String name) {
        JsonNode value = node.path(name);
        return value.isString() ? value.stringValue() : null;
    }
}
