package dev.sluice.proxy.route.rank;

import dev.sluice.catalog.Upstream;
import dev.sluice.proxy.target.TargetId;
import org.jspecify.annotations.Nullable;

/**
 * A place where a model is served, as configured.
 *
 * @param weight above 0
 * @param priority lower is tried first
 * @param why how the model's name led here
 */
public record Placement(
        Upstream upstream,
        String model,
        double weight,
        int priority,
        @Nullable String region,
        String why,
        TargetId targetId) {

    /** {@return that model there, with the upstream's own preferences} */
    public static Placement at(Upstream upstream, String model, String why) {
        Upstream.Preference preference = upstream.preference();
        return new Placement(
                upstream,
                model,
                preference.weight(),
                preference.priority(),
                preference.region(),
                why,
                new TargetId(upstream.id(), model));
    }
}
