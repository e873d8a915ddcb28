package dev.sluice.proxy.listing;

import dev.sluice.catalog.Upstream;
import dev.sluice.catalog.UpstreamModel;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** How a protocol lists models. What an upstream's own entry says beyond it is kept. */
sealed interface ModelShape permits OpenAiModels, AnthropicModels, GeminiModels {

    /**
     * {@return the list}
     *
     * @param models by id, each with the first upstream that serves it
     */
    ObjectNode list(SequencedMap<String, Upstream> models);

    ObjectNode one(String id, Upstream upstream);

    /** {@return the entry of the upstream's own list; an empty object where it has none} */
    static ObjectNode original(String id, Upstream upstream) {
        @Nullable String json = upstream.model(id).map(UpstreamModel::json).orElse(null);
        if (json == null) {
            return JsonNodeFactory.instance.objectNode();
        }
        try {
            JsonNode tree = JsonMapper.shared().readTree(json);
            return tree instanceof ObjectNode object
                    ? object
                    : JsonNodeFactory.instance.objectNode();
        } catch (JacksonException unreadable) {
            return JsonNodeFactory.instance.objectNode();
        }
    }
}
