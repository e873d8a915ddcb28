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

/**
 * Which active upstreams serve which model, derived from one catalogue and kept until its upstreams
 * change.
 *
 * @param upstreams the active ones, by priority and then by name
 * @param byModel the same, by exact model id
 */
record ServedModels(List<Upstream> upstreams, Map<String, List<Upstream>> byModel) {

    static ServedModels of(Catalog catalog) {
        List<Upstream> active =
                catalog.upstreams().values().stream()
                        .filter(Upstream::active)
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

    Optional<Upstream> named(String name) {
        return upstreams.stream().filter(upstream -> upstream.name().equals(name)).findFirst();
    }
}
