package dev.sluice.dialect.gemini.answer;

import dev.sluice.dialect.json.Json;
import dev.sluice.dialect.rules.Fields;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Probabilities of tokens: OpenAI Chat's shape, which is the canonical one, and Gemini's. */
final class GeminiLogprobs {
    private GeminiLogprobs() {}

    /** {@return the {@code logprobsResult} in Chat's shape, or null if it is none} */
    static @Nullable JsonNode read(JsonNode result) {
        List<JsonNode> chosen = Fields.elements(result.get("chosenCandidates"));
        if (chosen.isEmpty()) {
            return null;
        }
        List<JsonNode> top = Fields.elements(result.get("topCandidates"));
        ObjectNode logprobs = Json.mapper().createObjectNode();
        ArrayNode content = logprobs.putArray("content");
        for (int i = 0; i < chosen.size(); i++) {
            ArrayNode others = chat(content.addObject(), chosen.get(i)).putArray("top_logprobs");
            if (i < top.size()) {
                for (JsonNode other : Fields.elements(top.get(i).get("candidates"))) {
                    chat(others.addObject(), other);
                }
            }
        }
        return logprobs.putNull("refusal");
    }

    /** {@return Chat's shape as a {@code logprobsResult}} */
    static ObjectNode write(JsonNode logprobs) {
        ObjectNode result = Json.mapper().createObjectNode();
        ArrayNode top = result.putArray("topCandidates");
        ArrayNode chosen = result.putArray("chosenCandidates");
        for (JsonNode token : Fields.elements(logprobs.get("content"))) {
            gemini(chosen.addObject(), token);
            ArrayNode others = top.addObject().putArray("candidates");
            for (JsonNode other : Fields.elements(token.get("top_logprobs"))) {
                gemini(others.addObject(), other);
            }
        }
        return result;
    }

    private static ObjectNode chat(ObjectNode entry, JsonNode token) {
        String text = token.path("token").asString("");
        entry.put("token", text).put("logprob", token.path("logProbability").asDouble(0));
        ArrayNode bytes = entry.putArray("bytes");
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            bytes.add(b & 0xFF);
        }
        return entry;
    }

    private static void gemini(ObjectNode entry, JsonNode token) {
        entry.put("token", token.path("token").asString(""))
                .put("logProbability", token.path("logprob").asDouble(0));
    }
}
