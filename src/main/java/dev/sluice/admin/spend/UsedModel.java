package dev.sluice.admin.spend;

import dev.sluice.admin.AdminJson;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Which model a recorded call counts for: the one that its last attempt asked for. */
final class UsedModel {
    private UsedModel() {}

    /**
     * @param attempts the record's, as JSON
     * @param served the model that is said to have answered
     */
    static @Nullable String of(String attempts, @Nullable String served) {
        JsonNode last = AdminJson.tree(attempts);
        last = last.isArray() && !last.isEmpty() ? last.get(last.size() - 1) : last;
        String asked = last.path("model").asString("");
        return asked.isEmpty() ? served : asked;
    }
}
