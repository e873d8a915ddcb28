package dev.sluice;

import dev.sluice.admin.AdminGate;
import dev.sluice.admin.routing.RoutingResource;
import dev.sluice.admin.routing.SessionResource;
import dev.sluice.admin.routing.UpstreamStateResource;
import dev.sluice.catalog.Catalogs;
import dev.sluice.configuration.Settings;
import dev.sluice.http.Route;
import dev.sluice.proxy.account.Pricing;
import dev.sluice.proxy.route.DiscoveredModels;
import dev.sluice.proxy.route.Planner;
import dev.sluice.proxy.route.ProtocolChoice;
import dev.sluice.proxy.route.Router;
import dev.sluice.proxy.route.memory.LocalMemory;
import dev.sluice.proxy.route.memory.RoutingMemory;
import dev.sluice.proxy.route.memory.StickySessions;
import dev.sluice.proxy.route.rank.Assessor;
import dev.sluice.proxy.route.rank.Ranking;
import dev.sluice.proxy.route.rank.Turns;
import dev.sluice.proxy.state.KeptReferences;
import dev.sluice.proxy.target.CircuitBreaker;
import dev.sluice.proxy.target.Targets;
import dev.sluice.proxy.translate.Rehearsal;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;

/** What routing knows and remembers: calls write it, plans and operators read it. */
final class Routing {
    private final Catalogs catalogs;
    private final Router.Rules rules;
    private final Pricing pricing;
    private final Clock clock;
    private final LongSupplier ticker;
    private final DiscoveredModels discovered = new DiscoveredModels();
    private final Targets targets;
    private final RoutingMemory memory;

    /** The ticker counts nanoseconds, monotonic. */
    Routing(
            Catalogs catalogs,
            Settings.Routes routes,
            Pricing pricing,
            Clock clock,
            LongSupplier ticker) {
        this.catalogs = catalogs;
        this.rules = new Router.Rules(routes.models(), routes.clientRequestIds());
        this.pricing = pricing;
        this.clock = clock;
        this.ticker = ticker;
        this.targets = new Targets(ticker, CircuitBreaker.Rules.STANDARD);
        this.memory =
                new LocalMemory(targets, new StickySessions(clock, StickySessions.Bounds.STANDARD));
        catalogs.observe(catalog -> targets.retain(catalog.upstreams().keySet()));
    }

    Router router(ProtocolChoice protocols, KeptReferences references) {
        Assessor assessor =
                new Assessor(
                        targets,
                        memory,
                        (upstream, model) -> pricing.typical(upstream, model, clock.instant()));
        Planner planner =
                new Planner(protocols, memory, assessor, new Ranking(new Turns()), ticker);
        return new Router(catalogs, discovered, rules, planner, references);
    }

    /** {@return what operators see of it} */
    List<Route> routes(Router router, Rehearsal rehearsal, AdminGate gate) {
        List<Route> routes = new ArrayList<>();
        routes.addAll(new RoutingResource(router, rehearsal, catalogs, ticker).routes(gate));
        routes.addAll(new SessionResource(memory, catalogs).routes(gate));
        routes.addAll(new UpstreamStateResource(catalogs, targets, discovered).routes(gate));
        return routes;
    }

    DiscoveredModels discovered() {
        return discovered;
    }

    Targets targets() {
        return targets;
    }

    RoutingMemory memory() {
        return memory;
    }
}
