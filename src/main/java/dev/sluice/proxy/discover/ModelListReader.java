package dev.sluice.proxy.discover;

import dev.sluice.catalog.UpstreamModel;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads a provider's list of models in any of the shapes in use: {@code data[].id} (OpenAI,
 * Anthropic), {@code models[].name} with its {@code models/} prefix (Gemini), {@code
 * models[].name|model} (Ollama), or a bare array.
 */
final class ModelListReader {
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final String GEMINI_PREFIX = "models/";
    private static final int MOST_MODELS = 20_000;

    private ModelListReader() {}

    /** {@return the models, or nothing if the body is no such list} */
    static Optional<List<UpstreamModel>> read(byte[] body) {
        try {
            JsonNode entries = entries(JSON.readTree(body));
            if (entries == null) {
                return Optional.empty();
            }
            List<UpstreamModel> models = new ArrayList<>();
            for (JsonNode entry : entries) {
                String id = id(entry);
                if (id != null && !id.isBlank() && models.size() < MOST_MODELS) {
                    models.add(new UpstreamModel(id, entry.isObject() ? entry.toString() : null));
                }
            }
            return Optional.of(models);
        } catch (JacksonException notJson) {
            return Optional.empty();
        }
    }

    private static @Nullable JsonNode entries(JsonNode root) {
        if (root.isArray()) {
            return root;
        }
        if (root.path("data").isArray()) {
            return root.path("data");
        }
        return root.path("models").isArray() ? root.path("models") : null;
    }

    private static @Nullable String id(JsonNode entry) {
        if (entry.isString()) {
            return entry.stringValue();
        }
        for (String field : List.of("id", "name", "model")) {
            if (entry.path(field).isString()) {
                String id = entry.path(field).stringValue();
                return id.startsWith(GEMINI_PREFIX) ? id.substring(GEMINI_PREFIX.length()) : id;
            }
        }
        return null;
    }
}
