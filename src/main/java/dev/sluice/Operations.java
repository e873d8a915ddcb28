package dev.sluice;

import dev.sluice.catalog.Upstream;
import dev.sluice.configuration.Settings;
import dev.sluice.configuration.Version;
import dev.sluice.gauge.Gauges;
import dev.sluice.gauge.UpstreamGauges;
import dev.sluice.gauge.Watched;
import dev.sluice.http.Route;
import dev.sluice.ops.Health;
import dev.sluice.ops.MetricsPage;
import dev.sluice.ops.Readiness;
import dev.sluice.proxy.authenticate.Access;
import dev.sluice.proxy.authenticate.Authenticator;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Clock;
import java.util.List;
import java.util.stream.Collectors;

/** What operators look at: health, readiness, metrics. */
final class Operations {
    private final Health health;
    private final Readiness readiness;
    private final MetricsPage metrics;

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
        UpstreamGauges upstreams =
                new UpstreamGauges(registry, watched.catalogs(), watched.targets());
        this.metrics =
                new MetricsPage(
                        () -> {
                            upstreams.refresh();
                            return registry.scrape();
                        },
                        settings.security().metricsToken() == null
                                ? null
                                : settings.security().metricsToken().value());
        Gauges.register(registry, watched);
        FunctionCounter.builder(
                        "sluice.credentials.refused", authenticator, Authenticator::refusals)
                .description("Requests whose credential was refused")
                .register(registry);
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
        if (watched.isDatabaseWell()) {
            return new Readiness.Part(true, false, "takes records");
        }
        String state = watched.database().isAnswering() ? "takes no records" : "does not answer";
        return new Readiness.Part(
                false, false, state + "; " + watched.importer().lag() + " entries wait for it");
    }
}
