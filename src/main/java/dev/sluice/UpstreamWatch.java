package dev.sluice;

import dev.sluice.catalog.Catalogs;
import dev.sluice.proxy.cloud.AccessTokens;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Asks upstreams for their models now and then and whenever they change, for their health when that
 * is due, and has access tokens renewed before they end.
 */
final class UpstreamWatch implements AutoCloseable {
    private final DataPlane dataPlane;
    private final AccessTokens tokens;
    private final Catalogs catalogs;
    private final Duration period;
    private final ScheduledExecutorService executor =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().name("discovery").daemon().factory());

    /** Lists of models are fetched anew after each period. */
    UpstreamWatch(DataPlane dataPlane, AccessTokens tokens, Catalogs catalogs, Duration period) {
        this.dataPlane = dataPlane;
        this.tokens = tokens;
        this.catalogs = catalogs;
        this.period = period;
    }

    void start() {
        catalogs.observe(_ -> executor.execute(dataPlane.discovery()::refreshChanged));
        var _ =
                executor.scheduleWithFixedDelay(
                        dataPlane.discovery()::refresh,
                        0,
                        period.toMillis(),
                        TimeUnit.MILLISECONDS);
        var _ =
                executor.scheduleWithFixedDelay(
                        dataPlane.healthChecks()::checkDue, 1, 1, TimeUnit.SECONDS);
        var _ = executor.scheduleWithFixedDelay(this::renewTokens, 1, 1, TimeUnit.SECONDS);
    }

    private void renewTokens() {
        tokens.renewDue(
                catalogs.current().upstreams().values().stream()
                        .flatMap(upstream -> upstream.keys().stream())
                        .toList());
    }

    @Override
    public void close() {
        executor.shutdownNow();
    }
}
