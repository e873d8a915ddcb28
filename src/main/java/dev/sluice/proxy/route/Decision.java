package dev.sluice.proxy.route;

import dev.sluice.catalog.RoutingStrategy;
import dev.sluice.proxy.route.Plan.LeftOut;
import dev.sluice.proxy.route.rank.Rated;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The answer to a question, with all that led to it.
 *
 * @param model the model by which it was asked
 * @param ranked the candidates in their order, as they were rated
 * @param leftOut who might have been one, and why not
 * @param plan null where nobody is left
 */
public record Decision(
        String model,
        RoutingStrategy strategy,
        List<Rated> ranked,
        List<LeftOut> leftOut,
        @Nullable Plan plan) {
    public Decision {
        ranked = List.copyOf(ranked);
        leftOut = List.copyOf(leftOut);
    }
}
