package dev.sluice.proxy.route;

import dev.sluice.catalog.ApiKey;
import dev.sluice.catalog.Catalog;
import dev.sluice.catalog.Catalogs;
import dev.sluice.catalog.DeclaredModel;
import dev.sluice.catalog.Upstream;
import dev.sluice.catalog.UpstreamModel;
import dev.sluice.chat.ErrorKind;
import dev.sluice.proxy.GatewayException;
import dev.sluice.proxy.InboundRequest;
import dev.sluice.proxy.route.rank.Placement;
import dev.sluice.proxy.state.Keeper;
import dev.sluice.proxy.state.KeptReferences;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Decides which upstreams may serve a call, among those that the key may use, and in which order
 * they are tried. Plain code over the catalogue and what is measured; nothing here waits.
 */
public final class Router {
    private final Catalogs catalogs;
    private final DiscoveredModels discovered;
    private final Rules rules;
    private final Planner planner;
    private final KeptReferences references;
    private volatile @Nullable Derived derived;

    private record Derived(
            Object upstreams, Object logical, Object discovered, ServedModels models) {}

    /**
     * What the settings say of where calls go.
     *
     * @param declared logical models that they bring along
     * @param clientRequestIds whether chance is drawn from {@code X-Request-ID}, where it is a UUID
     */
    public record Rules(List<DeclaredModel> declared, boolean clientRequestIds) {
        public static final Rules NONE = new Rules(List.of(), false);

        public Rules {
            declared = List.copyOf(declared);
        }
    }

    public Router(
            Catalogs catalogs,
            DiscoveredModels discovered,
            Rules rules,
            Planner planner,
            KeptReferences references) {
        this.catalogs = catalogs;
        this.discovered = discovered;
        this.rules = rules;
        this.planner = planner;
        this.references = references;
    }

    /**
     * {@return the candidates, best first}
     *
     * @throws GatewayException 404 {@code model_not_found}, or 400 if no model is named and none is
     *     preset; 403 if the key may use none of the upstreams that serve it; 400 if it refers to
     *     what an upstream does not keep for this key
     */
    public Plan plan(ApiKey key, InboundRequest request) {
        Optional<Keeper> keeper = references.keeperOf(key, request.references());
        Question question = Question.of(key, request, rules.clientRequestIds());
        ServedModels served = served();
        Resolution found = resolve(question, served);
        Decision decision = planner.decide(question, found, served);
        Plan plan = decision.plan();
        if (plan == null) {
            throw Refusals.nobody(found.group(), found.logical(), decision.leftOut());
        }
        return keeper.isEmpty() ? plan : plan.at(keeper.get());
    }

    /**
     * {@return the upstream that keeps that response for the key}
     *
     * @throws GatewayException 404 if none is known to; 503 if it is not there any more
     */
    public Upstream keeperOf(ApiKey key, String responseId) {
        Upstream keeper =
                catalogs.current()
                        .upstreams()
                        .get(references.keeperOf(key, responseId).upstreamId());
        if (keeper == null || !keeper.active() || !key.mayUse(keeper)) {
            throw GatewayException.overloaded(
                    "service_unavailable", "The upstream that keeps this response is not there.");
        }
        return keeper;
    }

    /**
     * {@return where a call would go, and why; without a plan where all were left out}
     *
     * @throws GatewayException as a call would meet it, if there is no such model or nobody to be
     *     left out
     */
    public Decision decide(Question question) {
        ServedModels served = served();
        Resolution found = resolve(question, served);
        Decision decision = planner.decide(question, found, served);
        if (decision.plan() == null && decision.leftOut().isEmpty()) {
            throw Refusals.nobody(found.group(), found.logical(), decision.leftOut());
        }
        return decision;
    }

    private static Resolution resolve(Question question, ServedModels served) {
        String model = question.model();
        Resolution found =
                (model == null
                                ? Resolution.preset(served, usableBy(question))
                                : Resolution.of(served, model, usableBy(question)))
                        .orElseThrow(() -> Refusals.notFound(model));
        ApiKey key = question.key();
        if (key != null && !key.rules().allowsModel(model == null ? found.group() : model)) {
            throw Refusals.notFound(model == null ? found.group() : model);
        }
        if (found.isDisabled()) {
            throw Refusals.disabled(found.group());
        }
        return found;
    }

    private static Predicate<Upstream> usableBy(Question question) {
        ApiKey key = question.key();
        return upstream -> key == null || key.mayUse(upstream);
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
        return Resolution.defaultOf(served, key::mayUse)
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
        ServedModels served = served();
        SequencedMap<String, Upstream> models = new TreeMap<>();
        served.byModel().forEach((id, placements) -> add(models, id, placements, key));
        served.logical()
                .forEach((id, logical) -> {
                    models.remove(id);
                    if (logical.model().enabled()) {
                        add(models, id, logical.placements(), key);
                    }
                });
        return models;
    }

    private static void add(
            SequencedMap<String, Upstream> models,
            String id,
            List<Placement> placements,
            ApiKey key) {
        if (!key.rules().allowsModel(id)) {
            return;
        }
        for (Placement placement : placements) {
            if (key.mayUse(placement.upstream())) {
                models.put(id, placement.upstream());
                return;
            }
        }
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
                || known.logical() != catalog.logicalModels()
                || known.discovered() != found) {
            known =
                    new Derived(
                            catalog.upstreams(),
                            catalog.logicalModels(),
                            found,
                            ServedModels.of(catalog, found, rules.declared()));
            derived = known;
        }
        return known.models();
    }
}
