package dev.sluice.proxy.discover;

import dev.sluice.catalog.Catalogs;
import dev.sluice.catalog.Upstream;
import dev.sluice.catalog.UpstreamKey;
import dev.sluice.catalog.UpstreamModel;
import dev.sluice.http.client.OutboundAnswer;
import dev.sluice.http.client.OutboundClient;
import dev.sluice.proxy.dispatch.attempt.UpstreamClient;
import dev.sluice.proxy.route.DiscoveredModels;
import dev.sluice.proxy.target.Targets;
import io.vertx.core.Future;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fetches the model lists of the upstreams that are to be discovered. A list that cannot be fetched
 * stays as it was, and so does one that is suddenly empty: that is a fault more often than the
 * truth, and would leave nothing to call. Its failure is logged once, until it works again.
 */
public final class ModelDiscovery {
    private static final Logger LOG = LoggerFactory.getLogger(ModelDiscovery.class);
    private static final int LARGEST_LIST = 16 << 20;

    /** Of a key, not of the upstream. */
    private static final Set<Integer> REFUSALS = Set.of(401, 402, 403, 429);

    private final Catalogs catalogs;
    private final OutboundClient client;
    private final UpstreamClient upstreams;
    private final DiscoveredModels discovered;
    private final Targets targets;
    private final Map<UUID, Upstream> asked = new ConcurrentHashMap<>();
    private final Map<UUID, String> failures = new ConcurrentHashMap<>();

    public ModelDiscovery(
            Catalogs catalogs,
            OutboundClient client,
            UpstreamClient upstreams,
            DiscoveredModels discovered,
            Targets targets) {
        this.catalogs = catalogs;
        this.client = client;
        this.upstreams = upstreams;
        this.discovered = discovered;
        this.targets = targets;
    }

    /**
     * Asks all upstreams that are to be discovered. {@return completes when each has answered or
     * failed}
     */
    public Future<Void> refresh() {
        List<Upstream> discovering =
                catalogs.current().upstreams().values().stream()
                        .filter(upstream -> upstream.active() && upstream.discoverModels())
                        .toList();
        discovered.retain(discovering.stream().map(Upstream::id).collect(Collectors.toSet()));
        return Future.join(discovering.stream().map(this::refresh).toList()).mapEmpty();
    }

    /** Asks the upstreams that have been added or changed since they were last asked. */
    public void refreshChanged() {
        for (Upstream upstream : catalogs.current().upstreams().values()) {
            boolean asks = upstream.active() && upstream.discoverModels();
            if (asks && !upstream.equals(asked.put(upstream.id(), upstream))) {
                var _ = refresh(upstream);
            }
        }
    }

    /** Asks one upstream. {@return what it serves; fails if it gave no list} */
    public Future<List<UpstreamModel>> refresh(Upstream upstream) {
        return list(upstream, Set.of())
                .compose(models ->
                        isSuddenlyEmpty(upstream, models)
                                ? Future.failedFuture(
                                        new IllegalStateException("listed no model at all"))
                                : Future.succeededFuture(models))
                .onSuccess(models -> noted(upstream, models))
                .onFailure(failure -> failed(upstream, failure));
    }

    private boolean isSuddenlyEmpty(Upstream upstream, List<UpstreamModel> models) {
        List<UpstreamModel> known = discovered.byUpstream().get(upstream.id());
        return models.isEmpty() && known != null && !known.isEmpty();
    }

    /** A key that the upstream refuses, or that may not list models, makes room for the next. */
    private Future<List<UpstreamModel>> list(Upstream upstream, Set<String> tried) {
        UpstreamKey key =
                targets.upstream(upstream.id())
                        .keys()
                        .leastRefused(upstream.keys(), tried, targets.now());
        return client.send(ModelListRequest.of(upstream, key, upstreams))
                .answer()
                .compose(answer -> {
                    boolean isLast = tried.size() + 1 >= upstream.keys().size();
                    if (key == null || isLast || !REFUSALS.contains(answer.status())) {
                        return read(answer);
                    }
                    answer.cancel();
                    Set<String> more = new HashSet<>(tried);
                    more.add(key.label());
                    return list(upstream, more);
                });
    }

    private static Future<List<UpstreamModel>> read(OutboundAnswer answer) {
        if (answer.status() != 200) {
            answer.cancel();
            return Future.failedFuture(
                    new IllegalStateException("answered with status " + answer.status()));
        }
        return answer.unpacked()
                .bodyUpTo(LARGEST_LIST)
                .compose(body -> {
                    Optional<List<UpstreamModel>> models = ModelListReader.read(body.getBytes());
                    return models.<Future<List<UpstreamModel>>>map(Future::succeededFuture)
                            .orElseGet(() ->
                                    Future.failedFuture(
                                            new IllegalStateException("gave no list of models")));
                });
    }

    private void noted(Upstream upstream, List<UpstreamModel> models) {
        discovered.put(upstream.id(), models);
        if (failures.remove(upstream.id()) != null) {
            LOG.info("The model list of upstream {} can be read again", upstream.name());
        }
    }

    private void failed(Upstream upstream, Throwable failure) {
        String reason = String.valueOf(failure.getMessage());
        if (!reason.equals(failures.put(upstream.id(), reason))) {
            LOG.warn(
                    "The model list of upstream {} could not be read ({}); the last known one"
                            + " stays",
                    upstream.name(),
                    reason);
        }
    }
}
