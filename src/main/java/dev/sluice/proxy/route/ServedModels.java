package dev.sluice.proxy.route;

import dev.sluice.catalog.Catalog;
import dev.sluice.catalog.Upstream;
import dev.sluice.catalog.UpstreamModel;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * Which active upstreams serve which model, derived from one catalogue and kept until its upstreams
 * change.
 *
 * @param upstreams the active ones, by priority and then by name
 * @param byModel the same, by exact model id
 */
record ServedModels(List<Upstream> upstreams, Map<String, List<Upstream>> byModel) {

    static ServedModels of(Catalog catalog, Map<UUID, List<UpstreamModel>> discovered) {
        List<Upstream> active =
                catalog.upstreams().values().stream()
                        .filter(Upstream::active)
                        .map(upstream -> joined(upstream, discovered))
                        .sorted(
                                Comparator.comparingInt((Upstream upstream) ->
                                                upstream.preference().priority())
                                        .thenComparing(Upstream::name))
                        .toList();
        Map<String, List<Upstream>> byModel = new LinkedHashMap<>();
        for (Upstream upstream : active) {
            for (UpstreamModel model : upstream.models()) {
                byModel.computeIfAbsent(model.id(), unseen -> new ArrayList<>()).add(upstream);
            }
        }
        return new ServedModels(active, byModel);
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
}
