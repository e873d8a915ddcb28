package dev.sluice;

import dev.sluice.admin.bootstrap.CatalogRefresh;
import dev.sluice.catalog.Catalogs;
import dev.sluice.catalog.Upstream;
import dev.sluice.http.Route;
import dev.sluice.http.engine.HttpEngine;
import dev.sluice.journal.Importer;
import dev.sluice.journal.Journal;
import dev.sluice.ops.Health;
import dev.sluice.ops.MetricsPage;
import dev.sluice.ops.Readiness;
import dev.sluice.proxy.admit.Admission;
import dev.sluice.proxy.authenticate.Access;
import dev.sluice.proxy.authenticate.Authenticator;
import dev.sluice.proxy.call.Calls;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Clock;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/** What operators look at: health, readiness, metrics. */
final class Operations {
    private final Health health;
    private final Readiness readiness;
    private final MetricsPage metrics;

    /** What is looked at. */
    record Watched(
            Catalogs catalogs,
            CatalogRefresh refresh,
            Journal journal,
            Importer importer,
            HttpEngine engine,
            Admission admission,
            Calls calls) {}

    Operations(
            Settings settings,
            Clock clock,
            Watched watched,
            Authenticator authenticator,
            PrometheusMeterRegistry registry) {
        this.health =
                new Health(
                        Version.current(),
                        clock,
                        () ->
                                watched.catalogs().current().upstreams().values().stream()
                                        .filter(Upstream::active)
                                        .map(Upstream::provider)
                                        .collect(Collectors.toSet()));
        this.readiness =
                new Readiness()
                        .with("configuration", () -> configuration(watched))
                        .with("journal", () -> journal(watched))
                        .with("database", () -> database(watched));
        this.metrics =
                new MetricsPage(
                        registry::scrape,
                        settings.security().metricsToken() == null
                                ? null
                                : settings.security().metricsToken().value());
        register(registry, watched, authenticator);
    }

    List<Route> routes() {
        return List.of(
                new Route("GET", "/", Access.OPEN, health::root),
                new Route("GET", "/health", Access.OPEN, health::health),
                new Route("GET", "/api/health", Access.OPEN, health::terse),
                new Route("GET", "/ready", Access.OPEN, readiness::ready),
                new Route("GET", "/metrics", Access.METRICS, metrics::show));
    }

    /** From now on nothing new should come. */
    void drain() {
        readiness.drain();
    }

    private static Readiness.Part configuration(Watched watched) {
        return watched.refresh().isFromSnapshot()
                ? new Readiness.Part(
                        false, false, "from the last snapshot, the database was away at the start")
                : new Readiness.Part(true, true, "loaded");
    }

    private static Readiness.Part journal(Watched watched) {
        String failure = watched.journal().failure();
        boolean accepts = watched.journal().acceptsCalls();
        return new Readiness.Part(
                accepts && failure == null, !accepts, failure == null ? "writes" : failure);
    }

    private static Readiness.Part database(Watched watched) {
        boolean reached = watched.importer().failure() == null;
        return new Readiness.Part(
                reached,
                false,
                reached ? "takes records" : watched.importer().lag() + " records wait for it");
    }

    private static void register(
            PrometheusMeterRegistry registry, Watched watched, Authenticator authenticator) {
        gauge(registry, "sluice.calls.running", watched, w -> w.calls().running().size());
        gauge(registry, "sluice.leases", watched, w -> w.admission().running());
        gauge(registry, "sluice.journal.bytes", watched, w -> w.journal().bytes());
        gauge(registry, "sluice.journal.lag", watched, w -> w.importer().lag());
        gauge(registry, "sluice.journal.set.aside", watched, w -> w.journal().setAside());
        gauge(registry, "sluice.database.up", watched, w -> w.importer().failure() == null ? 1 : 0);
        gauge(
                registry,
                "sluice.http.connections",
                watched,
                w -> w.engine().statistics().openConnections());
        gauge(
                registry,
                "sluice.http.exchanges",
                watched,
                w -> w.engine().statistics().openExchanges());
        gauge(
                registry,
                "sluice.http.buffered.bytes",
                watched,
                w -> w.engine().statistics().bufferedBodyBytes());
        gauge(
                registry,
                "sluice.upstream.connections",
                watched,
                w -> w.engine().statistics().openUpstreamConnections());
        gauge(
                registry,
                "sluice.upstream.calls",
                watched,
                w -> w.engine().statistics().openUpstreamCalls());
        FunctionCounter.builder(
                        "sluice.credentials.refused", authenticator, Authenticator::refusals)
                .register(registry);
    }

    private static void gauge(
            PrometheusMeterRegistry registry,
            String name,
            Watched watched,
            ToDoubleFunction<Watched> value) {
        Gauge.builder(name, watched, value).strongReference(true).register(registry);
    }
}
