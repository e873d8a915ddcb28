package dev.sluice.gauge;

import dev.sluice.catalog.Catalogs;
import dev.sluice.catalog.Upstream;
import dev.sluice.proxy.target.CircuitBreaker;
import dev.sluice.proxy.target.Target;
import dev.sluice.proxy.target.Targets;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.MultiGauge.Row;
import io.micrometer.core.instrument.Tags;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * What is known of each upstream at one moment. The only labels are the names of the upstreams that
 * are configured; one that is gone takes its figures along.
 */
public final class UpstreamGauges {
    private final Catalogs catalogs;
    private final Targets targets;
    private final List<Figure> figures;

    private record Figure(MultiGauge gauge, ToDoubleFunction<Upstream> value) {}

    public UpstreamGauges(MeterRegistry registry, Catalogs catalogs, Targets targets) {
        this.catalogs = catalogs;
        this.targets = targets;
        this.figures =
                List.of(
                        figure(
                                registry,
                                "sluice.upstream.running",
                                "Calls under way at the upstream",
                                upstream -> targets.upstream(upstream.id()).gate().running()),
                        figure(
                                registry,
                                "sluice.upstream.waiting",
                                "Calls that wait for room at the upstream",
                                upstream -> targets.upstream(upstream.id()).gate().waiting()),
                        figure(
                                registry,
                                "sluice.upstream.breakers.open",
                                "Models of the upstream whose circuit breaker is not closed",
                                this::breakersOpen),
                        figure(
                                registry,
                                "sluice.upstream.keys.resting",
                                "Keys of the upstream that rest, for all models or for some",
                                this::keysResting),
                        figure(
                                registry,
                                "sluice.upstream.down",
                                "1 while the last health check found the upstream down, else 0",
                                upstream ->
                                        targets.upstream(upstream.id()).health().isDown() ? 1 : 0));
    }

    private static Figure figure(
            MeterRegistry registry,
            String name,
            String description,
            ToDoubleFunction<Upstream> value) {
        return new Figure(
                MultiGauge.builder(name).description(description).register(registry), value);
    }

    /** Reads all figures anew. */
    public synchronized void refresh() {
        List<Upstream> active =
                catalogs.current().upstreams().values().stream().filter(Upstream::active).toList();
        for (Figure figure : figures) {
            figure.gauge()
                    .register(
                            active.stream().map(upstream -> row(figure, upstream)).toList(), true);
        }
    }

    private static Row<?> row(Figure figure, Upstream upstream) {
        double value = figure.value().applyAsDouble(upstream);
        return Row.of(Tags.of("upstream", upstream.name()), value);
    }

    private double breakersOpen(Upstream upstream) {
        long now = targets.now();
        return targets.of(upstream.id()).stream()
                .filter(target -> target.breaker().state(now) != CircuitBreaker.State.CLOSED)
                .count();
    }

    private double keysResting(Upstream upstream) {
        List<Target> used = targets.of(upstream.id());
        return targets.upstream(upstream.id()).keys().resting(upstream.keys(), used, targets.now());
    }
}
