package dev.sluice.proxy.listing;

import dev.sluice.catalog.Upstream;
import java.util.SequencedMap;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * {@code {"models":[{"name":"models/…","displayName","supportedGenerationMethods"}]}}
 * (wire-contract §1.4). All models are one page.
 */
record GeminiModels() implements ModelShape {
    @Override
    public ObjectNode list(SequencedMap<String, Upstream> models) {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        ArrayNode entries = body.putArray("models");
        models.forEach((id, upstream) -> entries.add(one(id, upstream)));
        return body;
    }

    @Override
    public ObjectNode one(String id, Upstream upstream) {
        ObjectNode entry = ModelShape.original(id, upstream);
        entry.put("name", "models/" + id);
        if (!entry.path("displayName").isString()) {
            entry.put("displayName", entry.path("display_name").asString(id));
        }
        if (!entry.path("version").isString()) {
            entry.put("version", "001");
        }
        if (!entry.path("supportedGenerationMethods").isArray()) {
            entry.putArray("supportedGenerationMethods")
                    .add("generateContent")
                    .add("streamGenerateContent")
                    .add("countTokens");
        }
        return entry;
    }
}
