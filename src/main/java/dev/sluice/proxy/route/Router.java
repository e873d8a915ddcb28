package dev.sluice.proxy.route;

import dev.sluice.catalog.ApiKey;
import dev.sluice.catalog.Catalog;
import dev.sluice.catalog.Catalogs;
import dev.sluice.catalog.Upstream;
import dev.sluice.catalog.UpstreamModel;
import dev.sluice.chat.ErrorKind;
import dev.sluice.proxy.GatewayException;
import dev.sluice.proxy.InboundRequest;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Decides which upstreams may serve a call, among those that the key may use: those that list the
 * exact model id; else, of {@code name/rest}, the upstream of that name; else those that list
 * {@code rest}; else the default upstream, if it has no list at all.
 */
public final class Router {
    private final Catalogs catalogs;
    private final DiscoveredModels discovered;
    private final ProtocolChoice protocols;
    private volatile @Nullable Derived derived;

    private record Derived(Object upstreams, Object discovered, ServedModels models) {}

    public Router(Catalogs catalogs, DiscoveredModels discovered, ProtocolChoice protocols) {
        this.catalogs = catalogs;
        this.discovered = discovered;
        this.protocols = protocols;
    }

    /**
     * {@return the candidates, best first}
     *
     * @throws GatewayException 404 {@code model_not_found}, or 400 if no model is named and none is
     *     preset
     */
    public Plan plan(ApiKey key, InboundRequest request) {
        ServedModels served = served();
        Predicate<Upstream> usable = key::mayUse;
        String model = request.model();
        if (model == null || model.isBlank()) {
            model = key.defaultModel();
        }
        List<Candidate> candidates =
                model == null
                        ? presetModel(served, usable, request)
                        : candidates(served, usable, model, request);
        if (candidates.isEmpty()) {
            throw notFound(model);
        }
        return new Plan(candidates);
    }

    /**
     * {@return the upstream of that name, or without a name the default or else the first, among
     * those the key may use}
     */
    public Upstream upstream(ApiKey key, @Nullable String name) {
        ServedModels served = served();
        if (name != null) {
            return pinned(key, name, served);
        }
        return defaultOf(served, key::mayUse)
                .or(() -> served.upstreams().stream().filter(key::mayUse).findFirst())
                .orElseThrow(() ->
                        GatewayException.client(
                                ErrorKind.BAD_REQUEST,
                                "upstream_not_found",
                                "No upstream is configured that this API key may use."));
    }

    /**
     * {@return the models that the key may use, by id, each with the first upstream that serves it}
     */
    public SequencedMap<String, Upstream> models(ApiKey key) {
        SequencedMap<String, Upstream> models = new TreeMap<>();
        served().byModel()
                .forEach((id, upstreams) ->
                        upstreams.stream()
                                .filter(key::mayUse)
                                .findFirst()
                                .ifPresent(upstream -> models.put(id, upstream)));
        return models;
    }

    /** {@return the names of the active upstreams that the key may use} */
    public List<Upstream> upstreams(ApiKey key) {
        return served().upstreams().stream().filter(key::mayUse).toList();
    }

    private Upstream pinned(ApiKey key, String name, ServedModels served) {
        Optional<Upstream> upstream =
                catalogs.current().upstreams().values().stream()
                        .filter(configured -> configured.name().equals(name))
                        .findFirst();
        if (upstream.isEmpty()) {
            throw GatewayException.client(
                    ErrorKind.BAD_REQUEST,
                    "upstream_not_found",
                    "Upstream '" + name + "' is not configured.");
        }
        if (!key.mayUse(upstream.get())) {
            throw GatewayException.client(
                    ErrorKind.FORBIDDEN,
                    "forbidden",
                    "API key not authorized for upstream: " + name);
        }
        return served.named(name)
                .orElseThrow(() ->
                        GatewayException.overloaded(
                                "service_unavailable", "Upstream " + name + " is not available"));
    }

    private List<Candidate> candidates(
            ServedModels served, Predicate<Upstream> usable, String model, InboundRequest request) {
        List<Candidate> exact = listing(served, usable, model, request, "exact");
        if (!exact.isEmpty()) {
            return exact;
        }
        int slash = model.indexOf('/');
        if (slash > 0) {
            String rest = model.substring(slash + 1);
            Optional<Upstream> pinned = served.named(model.substring(0, slash));
            if (pinned.isPresent()) {
                return pinned.filter(usable).stream()
                        .flatMap(upstream -> candidate(upstream, rest, request, "pinned").stream())
                        .toList();
            }
            List<Candidate> unprefixed = listing(served, usable, rest, request, "unprefixed");
            if (!unprefixed.isEmpty()) {
                return unprefixed;
            }
        }
        return defaultOf(served, usable)
                .filter(upstream -> upstream.models().isEmpty())
                .flatMap(upstream -> candidate(upstream, model, request, "default"))
                .map(List::of)
                .orElse(List.of());
    }

    private List<Candidate> listing(
            ServedModels served,
            Predicate<Upstream> usable,
            String model,
            InboundRequest request,
            String reason) {
        return served.byModel().getOrDefault(model, List.of()).stream()
                .filter(usable)
                .flatMap(upstream -> candidate(upstream, model, request, reason).stream())
                .toList();
    }

    private List<Candidate> presetModel(
            ServedModels served, Predicate<Upstream> usable, InboundRequest request) {
        Predicate<Upstream> hasPreset = upstream -> upstream.defaultModel() != null;
        Optional<Upstream> upstream =
                defaultOf(served, usable.and(hasPreset))
                        .or(() ->
                                served.upstreams().stream()
                                        .filter(usable.and(hasPreset))
                                        .findFirst());
        return upstream.flatMap(preset ->
                        candidate(
                                preset,
                                preset.defaultModel() == null ? "" : preset.defaultModel(),
                                request,
                                "preset"))
                .map(List::of)
                .orElse(List.of());
    }

    private Optional<Candidate> candidate(
            Upstream upstream, String model, InboundRequest request, String reason) {
        return protocols
                .choose(request, upstream, model)
                .map(chosen -> new Candidate(upstream, model, chosen.protocol(), reason));
    }

    private static Optional<Upstream> defaultOf(ServedModels served, Predicate<Upstream> usable) {
        return served.upstreams().stream().filter(Upstream::isDefault).filter(usable).findFirst();
    }

    private static GatewayException notFound(@Nullable String model) {
        if (model == null) {
            return GatewayException.parameter(
                    "missing_model",
                    "No model given, and neither the API key nor an upstream presets one.",
                    "model");
        }
        return GatewayException.client(
                ErrorKind.NOT_FOUND,
                "model_not_found",
                "The model '"
                        + model
                        + "' does not exist or this API key may not use it. GET /v1/models lists"
                        + " what it may use.");
    }

    /**
     * Identity is the cheap and exact test here: a change of keys keeps the very same map of
     * upstreams.
     */
    @SuppressWarnings("ReferenceEquality")
    private ServedModels served() {
        Catalog catalog = catalogs.current();
        Map<UUID, List<UpstreamModel>> found = discovered.byUpstream();
        Derived known = derived;
        if (known == null
                || known.upstreams() != catalog.upstreams()
                || known.discovered() != found) {
            known = new Derived(catalog.upstreams(), found, ServedModels.of(catalog, found));
            derived = known;
        }
        return known.models();
    }
}
