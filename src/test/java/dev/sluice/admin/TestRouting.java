package dev.sluice.admin;

import dev.sluice.admin.routing.RoutingResource;
import dev.sluice.admin.routing.SessionResource;
import dev.sluice.admin.routing.UpstreamStateResource;
import dev.sluice.admin.translate.TranslateResource;
import dev.sluice.catalog.Catalogs;
import dev.sluice.catalog.DeclaredModel;
import dev.sluice.dialect.Dialects;
import dev.sluice.dialect.openai.chat.OpenAiChatDialect;
import dev.sluice.dialect.trait.ModelTraits;
import dev.sluice.http.Route;
import dev.sluice.proxy.FakeTicker;
import dev.sluice.proxy.route.DiscoveredModels;
import dev.sluice.proxy.route.Planner;
import dev.sluice.proxy.route.Router;
import dev.sluice.proxy.route.memory.LocalMemory;
import dev.sluice.proxy.route.memory.StickySessions;
import dev.sluice.proxy.route.rank.Assessor;
import dev.sluice.proxy.route.rank.Costs;
import dev.sluice.proxy.route.rank.Ranking;
import dev.sluice.proxy.route.rank.Turns;
import dev.sluice.proxy.state.KeptReferences;
import dev.sluice.proxy.state.ReferenceStore;
import dev.sluice.proxy.target.CircuitBreaker;
import dev.sluice.proxy.target.Targets;
import dev.sluice.proxy.translate.LeastLoss;
import dev.sluice.proxy.translate.Rehearsal;
import dev.sluice.proxy.translate.Translator;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;

/** What the control plane shows of routing, with a memory to write into. */
public final class TestRouting {
    public final FakeTicker ticker = new FakeTicker();
    public final Targets targets = new Targets(ticker, CircuitBreaker.Rules.STANDARD);
    public final DiscoveredModels discovered = new DiscoveredModels();
    public final LocalMemory memory =
            new LocalMemory(
                    targets, new StickySessions(Clock.systemUTC(), StickySessions.Bounds.STANDARD));
    private final Catalogs catalogs;
    private final List<DeclaredModel> declared;

    TestRouting(Catalogs catalogs, List<DeclaredModel> declared) {
        this.catalogs = catalogs;
        this.declared = declared;
    }

    List<Route> routes(AdminGate gate) {
        Dialects dialects = new Dialects(List.of(new OpenAiChatDialect()));
        Translator translator = new Translator(dialects, ModelTraits.shipped());
        Planner planner =
                new Planner(
                        new LeastLoss(dialects, translator),
                        memory,
                        new Assessor(targets, memory, Costs.UNKNOWN),
                        new Ranking(new Turns()),
                        ticker);
        List<Route> routes = new ArrayList<>();
        Router router =
                new Router(
                        catalogs,
                        discovered,
                        new Router.Rules(declared, false),
                        planner,
                        new KeptReferences(1, ReferenceStore.NONE, Clock.systemUTC()));
        Rehearsal rehearsal = new Rehearsal(dialects, translator, router);
        routes.addAll(new RoutingResource(router, rehearsal, catalogs, ticker).routes(gate));
        routes.addAll(new SessionResource(memory, catalogs).routes(gate));
        routes.addAll(new UpstreamStateResource(catalogs, targets, discovered).routes(gate));
        routes.addAll(new TranslateResource(rehearsal).routes(gate));
        return routes;
    }
}
