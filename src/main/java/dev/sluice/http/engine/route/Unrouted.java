package dev.sluice.http.engine.route;

import dev.sluice.http.HttpFailure;
import dev.sluice.http.Route;
import dev.sluice.http.Rule;

/** The route of a request that has none, so that its failure can be rendered like any other. */
public enum Unrouted implements Rule {
    RULE;

    public static final Route ROUTE =
            new Route(
                    "*",
                    "/**",
                    RULE,
                    exchange ->
                            exchange.fail(
                                    new HttpFailure(404, "not_found", "There is no such path.")));
}
