package dev.sluice.proxy.route;

import dev.sluice.catalog.RoutingStrategy;
import dev.sluice.proxy.route.rank.Rated;
import java.util.List;

/**
 * The answer to a question, with all that led to it.
 *
 * @param model the model by which it was asked
 * @param ranked the candidates in their order, as they were rated
 */
public record Decision(String model, RoutingStrategy strategy, List<Rated> ranked, Plan plan) {
    public Decision {
        ranked = List.copyOf(ranked);
    }
}
