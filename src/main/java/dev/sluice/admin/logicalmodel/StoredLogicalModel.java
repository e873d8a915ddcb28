package dev.sluice.admin.logicalmodel;

import dev.sluice.admin.AdminJson;
import dev.sluice.catalog.LogicalModel;
import dev.sluice.catalog.LogicalModel.Target;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A logical model as the database has it.
 *
 * @param upstreamNames by id
 */
record StoredLogicalModel(
        LogicalModel model, Instant createdAt, Instant updatedAt, Map<UUID, String> upstreamNames) {

    StoredLogicalModel {
        upstreamNames = Map.copyOf(upstreamNames);
    }

    /** {@return the model as operators see it} */
    ObjectNode view() {
        ObjectNode view =
                AdminJson.object()
                        .put("id", model.id())
                        .put("display_name", model.displayName())
                        .put("description", model.description());
        put(view.putArray("capabilities"), List.copyOf(new TreeSet<>(model.capabilities())));
        view.put("enabled", model.enabled()).put("strategy", model.strategy().wireName());
        ArrayNode targets = view.putArray("targets");
        model.targets().forEach(target -> view(target, targets.addObject()));
        put(view.putArray("fallbacks"), model.fallbacks().failure());
        put(view.putArray("context_overflow_fallbacks"), model.fallbacks().contextOverflow());
        put(view.putArray("content_refusal_fallbacks"), model.fallbacks().contentRefusal());
        view.put("attempt_timeout", seconds(model.patience().attempt()))
                .put("deadline", seconds(model.patience().deadline()));
        if (model.hedging().enabled()) {
            view.putObject("hedging")
                    .put("at_least", seconds(model.hedging().atLeast()))
                    .put("max_extra", model.hedging().maxExtra());
        } else {
            view.putNull("hedging");
        }
        return view.put("affinity", model.affinity())
                .put("created_at", createdAt.toString())
                .put("updated_at", updatedAt.toString());
    }

    private void view(Target target, ObjectNode into) {
        into.put("upstream", upstreamNames.get(target.upstreamId()))
                .put("upstream_id", target.upstreamId().toString())
                .put("model", target.model())
                .put("weight", target.weight())
                .put("priority", target.priority())
                .put("region", target.region());
    }

    private static void put(ArrayNode array, List<String> words) {
        words.forEach(array::add);
    }

    private static @Nullable Double seconds(@Nullable Duration duration) {
        return duration == null ? null : duration.toMillis() / 1_000.0;
    }
}
