package dev.sluice.admin.logicalmodel;

import dev.sluice.admin.AdminJson;
import dev.sluice.catalog.DeclaredModel;
import dev.sluice.catalog.DeclaredModel.NamedTarget;
import dev.sluice.catalog.LogicalModel;
import dev.sluice.catalog.LogicalModel.Target;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A logical model as the database has it, or as the settings declare it.
 *
 * @param targets by the names of their upstreams
 * @param upstreamIds by name
 * @param isDeclared whether it is the settings that bring it along
 */
record StoredLogicalModel(
        LogicalModel model,
        Instant createdAt,
        Instant updatedAt,
        List<NamedTarget> targets,
        Map<String, UUID> upstreamIds,
        boolean isDeclared) {

    StoredLogicalModel {
        targets = List.copyOf(targets);
        upstreamIds = Map.copyOf(upstreamIds);
    }

    /**
     * @param names of all upstreams, by id
     */
    static StoredLogicalModel stored(
            LogicalModel model, Instant createdAt, Instant updatedAt, Map<UUID, String> names) {
        List<NamedTarget> targets =
                model.targets().stream().map(target -> named(target, names)).toList();
        return new StoredLogicalModel(model, createdAt, updatedAt, targets, ids(names), false);
    }

    /**
     * @param names of all upstreams, by id
     */
    static StoredLogicalModel declared(
            DeclaredModel declared, Instant since, Map<UUID, String> names) {
        return new StoredLogicalModel(
                declared.model(), since, since, declared.targets(), ids(names), true);
    }

    private static NamedTarget named(Target target, Map<UUID, String> names) {
        UUID id = target.upstreamId();
        return new NamedTarget(
                names.getOrDefault(id, id.toString()),
                target.model(),
                target.weight(),
                target.priority(),
                target.region());
    }

    private static Map<String, UUID> ids(Map<UUID, String> names) {
        return names.entrySet().stream()
                .collect(Collectors.toMap(Map.Entry::getValue, Map.Entry::getKey));
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
        ArrayNode shown = view.putArray("targets");
        targets.forEach(target -> view(target, shown.addObject()));
        put(view.putArray("fallbacks"), model.fallbacks().failure());
        put(view.putArray("context_overflow_fallbacks"), model.fallbacks().contextOverflow());
        put(view.putArray("content_refusal_fallbacks"), model.fallbacks().contentRefusal());
        view.put("attempt_timeout", seconds(model.patience().attempt()))
                .put("deadline", seconds(model.patience().deadline()));
        if (model.hedging().enabled()) {
            view.putObject("hedging")
                    .put("at_least", seconds(model.hedging().atLeast()))
                    .put("max_extra", model.hedging().maxExtra())
                    .put("bill", model.hedging().billsBoth() ? "both" : "winner");
        } else {
            view.putNull("hedging");
        }
        return view.put("affinity", model.affinity())
                .put("declared", isDeclared)
                .put("created_at", createdAt.toString())
                .put("updated_at", updatedAt.toString());
    }

    private void view(NamedTarget target, ObjectNode into) {
        UUID id = upstreamIds.get(target.upstream());
        into.put("upstream", target.upstream())
                .put("upstream_id", id == null ? null : id.toString())
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
