package dev.sluice.admin;

import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * The control plane's JSON: names in snake_case, instants as ISO text in UTC, nothing twice in one
 * object, nothing after it.
 */
public final class AdminJson {
    public static final JsonMapper MAPPER =
            JsonMapper.builder()
                    .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
                    .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
                    .build();

    private AdminJson() {}

    public static ObjectNode object() {
        return MAPPER.createObjectNode();
    }

    /** {@return the text as a tree; it was written by us} */
    public static JsonNode tree(String json) {
        return MAPPER.readTree(json);
    }

    public static String text(Object value) {
        return MAPPER.writeValueAsString(value);
    }
}
