package dev.sluice.simulator.openai.responses;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The latest responses that were to be stored. Safe for many threads. */
public final class StoredResponses {
    private static final int MAX = 1_000;
    private static final Stored NOTHING = new Stored(null, null);

    private final Map<String, Stored> latest = new LinkedHashMap<>();

    /** A response and the items of its input; both null where there is none. */
    record Stored(@Nullable ObjectNode response, @Nullable ArrayNode input) {}

    synchronized void put(String id, ObjectNode response, ArrayNode input) {
        latest.put(id, new Stored(response, input));
        if (latest.size() > MAX) {
            latest.remove(latest.keySet().iterator().next());
        }
    }

    synchronized Stored find(String id) {
        return Objects.requireNonNullElse(latest.get(id), NOTHING);
    }

    synchronized void remove(String id) {
        latest.remove(id);
    }
}
