package dev.sluice.dialect.loose;

import dev.sluice.dialect.json.Json;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The items of {@code input}, with Gemini's words in them put into those of Responses. */
final class InputItems {
    private InputItems() {}

    static ObjectNode settled(ObjectNode request) {
        if (!(request.path("input") instanceof ArrayNode items)) {
            return request;
        }
        ArrayNode settled = Json.mapper().createArrayNode();
        items.forEach(item -> settled.add(item instanceof ObjectNode node ? item(node) : item));
        ObjectNode changed = request.deepCopy();
        changed.set("input", settled);
        return changed;
    }

    private static ObjectNode item(ObjectNode item) {
        if (!item.path("type").asString("message").equals("message") || isReference(item)) {
            return item;
        }
        ObjectNode message = item.deepCopy();
        String role = item.path("role").asString("user");
        message.put("role", role.equals("model") ? "assistant" : role);
        JsonNode parts = message.remove("parts");
        if (parts != null && !message.has("content")) {
            message.set("content", parts);
        }
        if (message.path("content") instanceof ArrayNode content) {
            message.set("content", content(content));
        }
        return message;
    }

    private static boolean isReference(ObjectNode item) {
        return item.has("id") && !item.has("role") && !item.has("content");
    }

    private static ArrayNode content(ArrayNode parts) {
        ArrayNode content = Json.mapper().createArrayNode();
        for (JsonNode part : parts) {
            if (part.isString()) {
                content.addObject().put("type", "input_text").set("text", part);
            } else if (part instanceof ObjectNode node && !node.has("type") && node.has("text")) {
                content.add(node.deepCopy().put("type", "input_text"));
            } else if (part.has("inlineData") || part.has("inline_data")) {
                content.add(image(part));
            } else {
                content.add(part);
            }
        }
        return content;
    }

    private static ObjectNode image(JsonNode part) {
        JsonNode camel = part.path("inlineData");
        JsonNode inline = camel.isMissingNode() ? part.path("inline_data") : camel;
        JsonNode type = inline.path("mimeType");
        String mimeType = type.asString(inline.path("mime_type").asString("image/png"));
        return Json.mapper()
                .createObjectNode()
                .put("type", "input_image")
                .put(
                        "image_url",
                        "data:" + mimeType + ";base64," + inline.path("data").asString(""));
    }
}
