package dev.sluice.proxy.route;

import dev.sluice.catalog.LogicalModel;
import dev.sluice.catalog.Upstream;
import dev.sluice.proxy.route.ServedModels.Logical;
import dev.sluice.proxy.route.rank.Placement;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What a model's name stands for. In this order: the logical model of that id; the upstreams that
 * list the exact id; of {@code name/rest}, the upstream of that name; the upstreams that list
 * {@code rest}; the default upstream, if it has no list at all.
 *
 * @param group under which state about all of them together is kept
 * @param logical null for a transient one: upstreams that happen to serve the same id
 */
record Resolution(String group, List<Placement> placements, @Nullable LogicalModel logical) {

    /** {@return what it stands for; empty if for nothing} */
    static Optional<Resolution> of(ServedModels served, String model, Predicate<Upstream> usable) {
        Logical logical = served.logical().get(model);
        if (logical != null) {
            return Optional.of(new Resolution(model, logical.placements(), logical.model()));
        }
        List<Placement> exact = served.listing(model);
        if (!exact.isEmpty()) {
            return Optional.of(new Resolution(model, exact, null));
        }
        int slash = model.indexOf('/');
        if (slash > 0) {
            Resolution prefixed = prefixed(served, model, slash);
            if (prefixed != null) {
                return Optional.of(prefixed);
            }
        }
        return defaultOf(served, usable)
                .filter(upstream -> upstream.models().isEmpty())
                .map(upstream -> single(upstream, model, "default"));
    }

    private static @Nullable Resolution prefixed(ServedModels served, String model, int slash) {
        String rest = model.substring(slash + 1);
        Upstream pinned = served.named(model.substring(0, slash)).orElse(null);
        if (pinned != null) {
            return single(pinned, rest, "pinned");
        }
        List<Placement> unprefixed = served.listing(rest);
        return unprefixed.isEmpty() ? null : new Resolution(rest, unprefixed, null);
    }

    /** {@return what a call that names no model stands for} */
    static Optional<Resolution> preset(ServedModels served, Predicate<Upstream> usable) {
        Predicate<Upstream> hasPreset = usable.and(upstream -> upstream.defaultModel() != null);
        return defaultOf(served, hasPreset)
                .or(() -> served.upstreams().stream().filter(hasPreset).findFirst())
                .flatMap(upstream ->
                        Optional.ofNullable(upstream.defaultModel())
                                .map(model -> single(upstream, model, "preset")));
    }

    static Optional<Upstream> defaultOf(ServedModels served, Predicate<Upstream> usable) {
        return served.upstreams().stream().filter(Upstream::isDefault).filter(usable).findFirst();
    }

    private static Resolution single(Upstream upstream, String model, String why) {
        return new Resolution(model, List.of(Placement.at(upstream, model, why)), null);
    }

    boolean isDisabled() {
        return logical != null && !logical.enabled();
    }
}
