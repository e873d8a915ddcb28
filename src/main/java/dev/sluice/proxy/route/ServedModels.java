package dev.sluice.proxy.route;

import dev.sluice.catalog.Catalog;
import dev.sluice.catalog.DeclaredModel;
import dev.sluice.catalog.LogicalModel;
import dev.sluice.catalog.Upstream;
import dev.sluice.catalog.UpstreamModel;
import dev.sluice.proxy.route.rank.Placement;
import dev.sluice.proxy.target.TargetId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * Which active upstreams serve which model, derived from one catalogue and kept until its upstreams
 * or logical models change.
 *
 * @param upstreams the active ones, by priority and then by name
 * @param byModel the same, by exact model id
 * @param logical logical models by id, disabled ones too
 */
record ServedModels(
        List<Upstream> upstreams,
        Map<String, List<Placement>> byModel,
        Map<String, Logical> logical) {

    /** A logical model and those of its targets whose upstreams are active. */
    record Logical(LogicalModel model, List<Placement> placements) {}

    /**
     * @param declared go before those of the catalogue
     */
    static ServedModels of(
            Catalog catalog,
            Map<UUID, List<UpstreamModel>> discovered,
            List<DeclaredModel> declared) {
        List<Upstream> active =
                catalog.upstreams().values().stream()
                        .filter(Upstream::active)
                        .map(upstream -> joined(upstream, discovered))
                        .sorted(
                                Comparator.comparingInt((Upstream upstream) ->
                                                upstream.preference().priority())
                                        .thenComparing(Upstream::name))
                        .toList();
        Map<String, List<Placement>> byModel = new LinkedHashMap<>();
        Map<UUID, Upstream> byId = new HashMap<>();
        for (Upstream upstream : active) {
            byId.put(upstream.id(), upstream);
            for (UpstreamModel model : upstream.models()) {
                byModel.computeIfAbsent(model.id(), unseen -> new ArrayList<>())
                        .add(Placement.at(upstream, model.id(), "exact"));
            }
        }
        Map<String, Logical> logical = new LinkedHashMap<>();
        for (LogicalModel model : catalog.logicalModels().values()) {
            logical.put(model.id(), new Logical(model, placements(model, byId)));
        }
        for (DeclaredModel one : declared) {
            LogicalModel model = one.among(catalog.upstreams().values());
            logical.put(model.id(), new Logical(model, placements(model, byId)));
        }
        return new ServedModels(active, byModel, logical);
    }

    private static List<Placement> placements(LogicalModel model, Map<UUID, Upstream> active) {
        List<Placement> placements = new ArrayList<>();
        for (LogicalModel.Target target : model.targets()) {
            Upstream upstream = active.get(target.upstreamId());
            if (upstream != null) {
                String region = target.region();
                placements.add(
                        new Placement(
                                upstream,
                                target.model(),
                                target.weight(),
                                target.priority(),
                                region == null ? upstream.preference().region() : region,
                                "target",
                                new TargetId(upstream.id(), target.model())));
            }
        }
        return List.copyOf(placements);
    }

    /** What is configured stands before what was discovered. */
    private static Upstream joined(Upstream upstream, Map<UUID, List<UpstreamModel>> discovered) {
        List<UpstreamModel> found = discovered.get(upstream.id());
        if (found == null || !upstream.discoverModels()) {
            return upstream;
        }
        Map<String, UpstreamModel> all = new LinkedHashMap<>();
        upstream.models().forEach(model -> all.put(model.id(), model));
        found.forEach(model -> all.putIfAbsent(model.id(), model));
        return upstream.serving(List.copyOf(all.values()));
    }

    Optional<Upstream> named(String name) {
        return upstreams.stream().filter(upstream -> upstream.name().equals(name)).findFirst();
    }

    List<Placement> listing(String model) {
        return byModel.getOrDefault(model, List.of());
    }
}
