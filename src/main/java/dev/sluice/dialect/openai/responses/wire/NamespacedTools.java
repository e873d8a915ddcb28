package dev.sluice.dialect.openai.responses.wire;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Tools that a client offers in a namespace, which only this protocol has: {@code crm/list_orders}
 * in the canonical form. A slash stands in no legal name, so that other protocols' writers rename
 * such tools, and their answers find the way back.
 */
public final class NamespacedTools {
    public static final String TYPE = "namespace";
    private static final char SEPARATOR = '/';

    private NamespacedTools() {}

    public static String joined(@Nullable String namespace, String name) {
        return namespace == null || namespace.isEmpty() ? name : namespace + SEPARATOR + name;
    }

    public static boolean isIn(String name) {
        return name.indexOf(SEPARATOR) > 0;
    }

    /** Writes whose call it is: {@code name}, and {@code namespace} if it is in one. */
    public static void name(ObjectNode call, String name) {
        int end = name.indexOf(SEPARATOR);
        call.put("name", name.substring(end + 1));
        if (end > 0) {
            call.put(TYPE, name.substring(0, end));
        }
    }

    /**
     * {@return the tools as they were offered: each namespace with its own, at its first place}
     * What a namespace is for stands in its first tool; OpenAI wants a word of its own as well.
     */
    public static ArrayNode grouped(ArrayNode flat) {
        List<JsonNode> all = new ArrayList<>();
        Map<String, ArrayNode> spaces = new LinkedHashMap<>();
        for (JsonNode tool : flat) {
            String name = tool.path("name").asString("");
            if (!isIn(name) || !(tool instanceof ObjectNode own)) {
                all.add(tool);
                continue;
            }
            int end = name.indexOf(SEPARATOR);
            String space = name.substring(0, end);
            if (!spaces.containsKey(space)) {
                ObjectNode group = flat.objectNode().put("type", TYPE).put("name", space);
                spaces.put(space, group.put("description", space).putArray("tools"));
                all.add(group);
            }
            spaces.get(space).add(own.put("name", name.substring(end + 1)));
        }
        return flat.arrayNode().addAll(all);
    }
}
