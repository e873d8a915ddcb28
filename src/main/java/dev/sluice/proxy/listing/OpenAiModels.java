package dev.sluice.proxy.listing;

import dev.sluice.catalog.Upstream;
import java.util.SequencedMap;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** {@code {"object":"list","data":[{"id","object":"model","created","owned_by"}]}}. */
record OpenAiModels() implements ModelShape {
    @Override
    public ObjectNode list(SequencedMap<String, Upstream> models) {
        ObjectNode body = JsonNodeFactory.instance.objectNode().put("object", "list");
        ArrayNode entries = body.putArray("data");
        models.forEach((id, upstream) -> entries.add(one(id, upstream)));
        return body;
    }

    @Override
    public ObjectNode one(String id, Upstream upstream) {
        ObjectNode entry = ModelShape.original(id, upstream);
        entry.put("id", id);
        entry.put("object", "model");
        if (!entry.path("created").isNumber()) {
            entry.put("created", 0);
        }
        if (!entry.path("owned_by").isString()) {
            entry.put("owned_by", upstream.provider());
        }
        entry.put("provider", upstream.name());
        return entry;
    }
}
