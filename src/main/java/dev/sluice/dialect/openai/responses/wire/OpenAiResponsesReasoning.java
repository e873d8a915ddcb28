package dev.sluice.dialect.openai.responses.wire;

import java.util.List;
import tools.jackson.databind.JsonNode;

/** What requests and answers have in common where a model thinks. */
public final class OpenAiResponsesReasoning {
    /**
     * How the ids of reasoning begin that no OpenAI model has made, and OpenAI knows nothing of.
     */
    public static final String MADE_ID = "rs_gw1_";

    /** What a request includes to be given seals. */
    public static final String ENCRYPTED = "reasoning.encrypted_content";

    private OpenAiResponsesReasoning() {}

    /** {@return the texts of a reasoning item's summary or content, as one} */
    public static String text(List<JsonNode> parts) {
        StringBuilder text = new StringBuilder();
        for (JsonNode part : parts) {
            String piece = part.path("text").asString("");
            text.append(text.isEmpty() || piece.isEmpty() ? "" : "\n\n").append(piece);
        }
        return text.toString();
    }
}
