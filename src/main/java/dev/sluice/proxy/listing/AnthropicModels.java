package dev.sluice.proxy.listing;

import dev.sluice.catalog.Upstream;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.SequencedMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * {@code {"data":[{"type":"model","id","display_name","created_at"}],"has_more","first_id",
 * "last_id"}} (wire-contract §1.3). All models are one page.
 */
record AnthropicModels() implements ModelShape {
    @Override
    public ObjectNode list(SequencedMap<String, Upstream> models) {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        ArrayNode entries = body.putArray("data");
        models.forEach((id, upstream) -> entries.add(one(id, upstream)));
        return body.put("has_more", false)
                .put("first_id", models.isEmpty() ? null : models.firstEntry().getKey())
                .put("last_id", models.isEmpty() ? null : models.lastEntry().getKey());
    }

    @Override
    public ObjectNode one(String id, Upstream upstream) {
        ObjectNode entry = ModelShape.original(id, upstream);
        entry.put("type", "model");
        entry.put("id", id);
        if (!entry.path("display_name").isString()) {
            entry.put("display_name", entry.path("displayName").asString(id));
        }
        if (!entry.path("created_at").isString()) {
            entry.put("created_at", created(entry.path("created")).toString());
        }
        return entry;
    }

    private static Instant created(JsonNode seconds) {
        try {
            return Instant.ofEpochSecond(seconds.asLong(0));
        } catch (DateTimeException beyondTime) {
            return Instant.EPOCH;
        }
    }
}
