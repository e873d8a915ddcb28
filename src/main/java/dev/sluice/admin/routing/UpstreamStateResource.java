package dev.sluice.admin.routing;

import dev.sluice.admin.AdminException;
import dev.sluice.admin.AdminGate;
import dev.sluice.admin.AdminJson;
import dev.sluice.admin.AdminRequest;
import dev.sluice.admin.AdminRule;
import dev.sluice.catalog.Catalogs;
import dev.sluice.catalog.Upstream;
import dev.sluice.catalog.UpstreamKey;
import dev.sluice.catalog.UpstreamModel;
import dev.sluice.http.Response;
import dev.sluice.http.Route;
import dev.sluice.proxy.route.DiscoveredModels;
import dev.sluice.proxy.target.Target;
import dev.sluice.proxy.target.Targets;
import dev.sluice.proxy.target.UpstreamState;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code /admin/upstreams/{id}/health}, {@code /metrics} and {@code /models}. */
public final class UpstreamStateResource {
    private final Catalogs catalogs;
    private final Targets targets;
    private final DiscoveredModels discovered;

    public UpstreamStateResource(Catalogs catalogs, Targets targets, DiscoveredModels discovered) {
        this.catalogs = catalogs;
        this.targets = targets;
        this.discovered = discovered;
    }

    public List<Route> routes(AdminGate gate) {
        String one = "/admin/upstreams/{id}";
        return List.of(
                gate.route("GET", one + "/health", AdminRule.READ, this::health),
                gate.route("GET", one + "/metrics", AdminRule.READ, this::metrics),
                gate.route("GET", one + "/models", AdminRule.READ, this::models));
    }

    Response health(AdminRequest request) {
        Upstream upstream = upstream(request);
        long now = targets.now();
        UpstreamState state = targets.upstream(upstream.id());
        List<Target> used = targets.of(upstream.id());
        UpstreamState.Health checked = state.health();
        ObjectNode view =
                AdminJson.object()
                        .put("upstream", upstream.name())
                        .put("status", status(upstream, state, used, now))
                        .put("in_flight", state.gate().running())
                        .put("waiting", state.gate().waiting());
        view.putObject("check")
                .put("is_up", checked.isUp())
                .put("checked_at", text(checked.checkedAt()))
                .put("last_up_at", text(checked.lastUpAt()))
                .put("response_time_ms", checked.millis())
                .put("error_message", checked.problem());
        ArrayNode open = view.putArray("open_breakers");
        for (Target target : used) {
            if (target.breaker().refuses(now)) {
                open.addObject()
                        .put("model", target.id().model())
                        .put("state", target.breaker().state(now).name().toLowerCase(Locale.ROOT))
                        .put("seconds_left", seconds(target.breaker().nanosLeft(now)));
            }
        }
        view.set("resting_keys", restingKeys(upstream, state, used, now));
        return Response.json(200, view.toString());
    }

    private static String status(
            Upstream upstream, UpstreamState state, List<Target> used, long now) {
        if (!upstream.active()) {
            return "inactive";
        }
        boolean anyOpen = used.stream().anyMatch(target -> target.breaker().refuses(now));
        boolean allOpen =
                !used.isEmpty() && used.stream().allMatch(target -> target.breaker().refuses(now));
        if (state.health().isDown() || allOpen) {
            return "down";
        }
        if (anyOpen) {
            return "degraded";
        }
        return used.stream()
                .map(target -> target.measurements(now).status())
                .max(Enum::compareTo)
                .map(worst -> worst.name().toLowerCase(Locale.ROOT))
                .orElse(state.health().isUp() == null ? "unknown" : "healthy");
    }

    private static ArrayNode restingKeys(
            Upstream upstream, UpstreamState state, List<Target> used, long now) {
        ArrayNode resting = AdminJson.MAPPER.createArrayNode();
        for (UpstreamKey key : upstream.keys()) {
            for (Target target : used) {
                long left = state.keys().nanosLeft(key, target, now);
                if (left > 0) {
                    resting.addObject()
                            .put("label", key.label())
                            .put("model", target.id().model())
                            .put("seconds_left", seconds(left));
                }
            }
        }
        return resting;
    }

    Response metrics(AdminRequest request) {
        Upstream upstream = upstream(request);
        long now = targets.now();
        ObjectNode body = AdminJson.object().put("upstream", upstream.name());
        ArrayNode items = body.putArray("metrics");
        for (Target target : targets.of(upstream.id())) {
            ObjectNode item = MeasuredView.of(target.measurements(now));
            items.add(
                    item.put("model", target.id().model())
                            .put("in_flight", target.inFlight())
                            .put("weight_factor", target.weightFactor(now))
                            .put(
                                    "breaker",
                                    target.breaker().state(now).name().toLowerCase(Locale.ROOT)));
        }
        return Response.json(200, body.toString());
    }

    Response models(AdminRequest request) {
        Upstream upstream = upstream(request);
        Map<String, ObjectNode> all = new LinkedHashMap<>();
        upstream.models().forEach(model -> all.put(model.id(), view(model, "configured")));
        if (upstream.discoverModels()) {
            discovered
                    .byUpstream()
                    .getOrDefault(upstream.id(), List.of())
                    .forEach(model -> all.putIfAbsent(model.id(), view(model, "discovered")));
        }
        ObjectNode body = AdminJson.object();
        ArrayNode models = body.putArray("models");
        all.values().forEach(models::add);
        return Response.json(200, body.put("total", all.size()).toString());
    }

    private static ObjectNode view(UpstreamModel model, String source) {
        ObjectNode view = AdminJson.object().put("id", model.id()).put("source", source);
        view.set("entry", entry(model.json()));
        return view;
    }

    private static JsonNode entry(@Nullable String json) {
        if (json == null) {
            return AdminJson.MAPPER.nullNode();
        }
        try {
            return AdminJson.tree(json);
        } catch (JacksonException unreadable) {
            return AdminJson.MAPPER.nullNode();
        }
    }

    private Upstream upstream(AdminRequest request) {
        return catalogs.current()
                .upstream(request.id())
                .orElseThrow(() -> AdminException.notFound("Upstream not found: " + request.id()));
    }

    private static @Nullable String text(@Nullable Instant instant) {
        return instant == null ? null : instant.toString();
    }

    private static double seconds(long nanos) {
        return TimeUnit.NANOSECONDS.toMillis(nanos) / 1_000.0;
    }
}
