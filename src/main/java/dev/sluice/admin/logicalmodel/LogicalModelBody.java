package dev.sluice.admin.logicalmodel;

import dev.sluice.admin.AdminException;
import dev.sluice.admin.AdminException.FieldProblem;
import dev.sluice.admin.Patch;
import dev.sluice.catalog.DeclaredModel;
import dev.sluice.catalog.DeclaredModel.NamedTarget;
import dev.sluice.catalog.LogicalModel;
import dev.sluice.catalog.LogicalModel.Fallbacks;
import dev.sluice.catalog.LogicalModel.Hedging;
import dev.sluice.catalog.LogicalModel.Patience;
import dev.sluice.catalog.LogicalModel.Target;
import dev.sluice.catalog.RoutingStrategy;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import tools.jackson.databind.JsonNode;

/** Reads what an operator says of a logical model. */
final class LogicalModelBody {
    private final Patch patch;

    LogicalModelBody(JsonNode body) {
        this.patch = new Patch(body);
    }

    static LogicalModel blank(String id) {
        return new LogicalModel(
                id,
                null,
                null,
                Set.of(),
                true,
                RoutingStrategy.BALANCED,
                List.of(),
                Fallbacks.NONE,
                Patience.STANDARD,
                Hedging.OFF,
                false);
    }

    /**
     * {@return that model with what the body says in its place}
     *
     * @param upstreams by their names and by their ids as text
     * @throws AdminException 422 where a field does not fit
     */
    LogicalModel onto(LogicalModel before, Map<String, UUID> upstreams) {
        LogicalModel after = exceptTargets(before);
        return patch.has("targets") ? after.withTargets(found(targets(), upstreams)) : after;
    }

    /**
     * {@return the model that the body says, its targets by name}
     *
     * @throws AdminException 422 where a field does not fit
     */
    DeclaredModel declared(String id) {
        return new DeclaredModel(exceptTargets(blank(id)), targets());
    }

    private LogicalModel exceptTargets(LogicalModel before) {
        return new LogicalModel(
                before.id(),
                patch.optionalText("display_name", before.displayName()),
                patch.optionalText("description", before.description()),
                patch.value("capabilities", before.capabilities(), LogicalModelBody::words),
                patch.value("enabled", before.enabled(), JsonNode::booleanValue),
                patch.value(
                        "strategy",
                        before.strategy(),
                        node -> RoutingStrategy.named(node.stringValue()).orElseThrow()),
                before.targets(),
                fallbacks(before),
                new Patience(
                        patch.optional(
                                "attempt_timeout",
                                before.patience().attempt(),
                                LogicalModelBody::seconds),
                        patch.optional(
                                "deadline",
                                before.patience().deadline(),
                                LogicalModelBody::seconds)),
                hedging(before.hedging()),
                patch.value("affinity", before.affinity(), JsonNode::booleanValue));
    }

    private Fallbacks fallbacks(LogicalModel before) {
        Fallbacks kept = before.fallbacks();
        return new Fallbacks(
                others("fallbacks", kept.failure(), before.id()),
                others("context_overflow_fallbacks", kept.contextOverflow(), before.id()),
                others("content_refusal_fallbacks", kept.contentRefusal(), before.id()));
    }

    private List<String> others(String field, List<String> before, String own) {
        List<String> ids =
                patch.value(field, before, node -> List.copyOf(new LinkedHashSet<>(list(node))));
        if (ids.contains(own)) {
            throw AdminException.invalidField(
                    field, "value_error", "must name other models than '" + own + "' itself");
        }
        return ids;
    }

    private List<NamedTarget> targets() {
        return patch.value("targets", List.of(), LogicalModelBody::targets);
    }

    private static List<NamedTarget> targets(JsonNode node) {
        List<NamedTarget> targets = new ArrayList<>();
        for (JsonNode entry : node) {
            Patch target = new Patch(entry);
            targets.add(
                    new NamedTarget(
                            target.text("upstream", ""),
                            target.text("model", ""),
                            target.value("weight", 1.0, JsonNode::asDouble),
                            target.value("priority", 0, JsonNode::intValue),
                            target.optionalText("region", null)));
        }
        return targets;
    }

    private static List<Target> found(List<NamedTarget> named, Map<String, UUID> upstreams) {
        List<Target> targets = new ArrayList<>(named.size());
        for (NamedTarget target : named) {
            UUID upstream = upstreams.get(target.upstream());
            if (upstream == null) {
                throw AdminException.invalidFields(
                        List.of(
                                new FieldProblem(
                                        "value_error",
                                        List.of("body", "targets", targets.size(), "upstream"),
                                        "must be the name or the id of an upstream, and '"
                                                + target.upstream()
                                                + "' is none")));
            }
            targets.add(target.at(upstream));
        }
        return targets;
    }

    /** Null switches it off. */
    private Hedging hedging(Hedging before) {
        if (!patch.has("hedging")) {
            return before;
        }
        Hedging hedging = patch.optional("hedging", before, LogicalModelBody::hedging);
        return hedging == null ? Hedging.OFF : hedging;
    }

    private static Hedging hedging(JsonNode node) {
        Patch hedging = new Patch(node);
        return new Hedging(
                true,
                hedging.value("at_least", Hedging.OFF.atLeast(), LogicalModelBody::seconds),
                hedging.value("max_extra", Hedging.OFF.maxExtra(), JsonNode::asDouble),
                hedging.text("bill", "winner").equals("both"));
    }

    private static Set<String> words(JsonNode node) {
        return Set.copyOf(list(node));
    }

    private static List<String> list(JsonNode node) {
        return node.valueStream().map(JsonNode::stringValue).toList();
    }

    private static Duration seconds(JsonNode node) {
        return Duration.ofMillis(
                node.decimalValue().multiply(BigDecimal.valueOf(1_000)).longValue());
    }
}
