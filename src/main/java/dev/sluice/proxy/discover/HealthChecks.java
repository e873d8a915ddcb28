package dev.sluice.proxy.discover;

import dev.sluice.catalog.Catalogs;
import dev.sluice.catalog.Upstream;
import dev.sluice.catalog.UpstreamKey;
import dev.sluice.http.client.OutboundAnswer;
import dev.sluice.http.client.OutboundCall;
import dev.sluice.http.client.OutboundClient;
import dev.sluice.proxy.dispatch.attempt.UpstreamClient;
import dev.sluice.proxy.target.Targets;
import dev.sluice.proxy.target.UpstreamState;
import dev.sluice.proxy.target.UpstreamState.Health;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks upstreams, as often as each wants it, for their list of models, which costs nothing. A
 * transport failure or a 5xx means that it is down; whatever else it says, it lives
 * (seed-contract-b §1.6).
 */
public final class HealthChecks {
    private static final Logger LOG = LoggerFactory.getLogger(HealthChecks.class);

    private final Catalogs catalogs;
    private final OutboundClient client;
    private final UpstreamClient upstreams;
    private final Targets targets;
    private final Clock clock;
    private final Map<UUID, Long> lastBegun = new ConcurrentHashMap<>();

    public HealthChecks(
            Catalogs catalogs,
            OutboundClient client,
            UpstreamClient upstreams,
            Targets targets,
            Clock clock) {
        this.catalogs = catalogs;
        this.client = client;
        this.upstreams = upstreams;
        this.targets = targets;
        this.clock = clock;
    }

    /** Begins the checks that are due; to be called about every second. */
    public void checkDue() {
        Map<UUID, Upstream> configured = catalogs.current().upstreams();
        lastBegun.keySet().retainAll(configured.keySet());
        for (Upstream upstream : configured.values()) {
            Duration every = upstream.healthCheck();
            if (every == null || !upstream.active()) {
                targets.upstream(upstream.id()).checked(Health.UNKNOWN);
            } else if (isDue(upstream.id(), every)) {
                check(upstream);
            }
        }
    }

    private boolean isDue(UUID id, Duration every) {
        long now = targets.now();
        Long last = lastBegun.get(id);
        if (last != null && now - last < every.toNanos()) {
            return false;
        }
        lastBegun.put(id, now);
        return true;
    }

    private void check(Upstream upstream) {
        long began = targets.now();
        UpstreamKey key =
                targets.upstream(upstream.id())
                        .keys()
                        .leastRefused(upstream.keys(), Set.of(), began);
        OutboundCall call = client.send(ModelListRequest.of(upstream, key, upstreams));
        call.answer()
                .onSuccess(answer -> {
                    note(upstream, began, problem(answer), answer.status() < 500);
                    answer.cancel();
                })
                .onFailure(failure ->
                        note(upstream, began, String.valueOf(failure.getMessage()), false));
    }

    private static @Nullable String problem(OutboundAnswer answer) {
        return answer.status() < 400 ? null : "HTTP " + answer.status();
    }

    private void note(Upstream upstream, long began, @Nullable String problem, boolean isUp) {
        UpstreamState state = targets.upstream(upstream.id());
        Health before = state.health();
        Instant now = clock.instant();
        long millis = TimeUnit.NANOSECONDS.toMillis(targets.now() - began);
        state.checked(new Health(isUp, now, isUp ? now : before.lastUpAt(), millis, problem));
        if (before.isDown() == isUp) {
            LOG.info(
                    "The health check of upstream {} {}{}",
                    upstream.name(),
                    isUp ? "succeeds" : "fails",
                    problem == null ? "" : ": " + problem);
        }
    }
}
