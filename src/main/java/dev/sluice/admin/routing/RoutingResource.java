package dev.sluice.admin.routing;

import dev.sluice.admin.AdminException;
import dev.sluice.admin.AdminGate;
import dev.sluice.admin.AdminJson;
import dev.sluice.admin.AdminRequest;
import dev.sluice.admin.AdminRule;
import dev.sluice.catalog.ApiKey;
import dev.sluice.catalog.Catalogs;
import dev.sluice.catalog.RoutingStrategy;
import dev.sluice.chat.Protocol;
import dev.sluice.http.Response;
import dev.sluice.http.Route;
import dev.sluice.proxy.GatewayException;
import dev.sluice.proxy.InboundRequest;
import dev.sluice.proxy.route.Candidate;
import dev.sluice.proxy.route.Candidate.Use;
import dev.sluice.proxy.route.Decision;
import dev.sluice.proxy.route.Plan;
import dev.sluice.proxy.route.Plan.LeftOut;
import dev.sluice.proxy.route.Question;
import dev.sluice.proxy.route.Router;
import dev.sluice.proxy.route.memory.SessionKey;
import dev.sluice.proxy.route.rank.Rated;
import dev.sluice.proxy.translate.Rehearsal;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * {@code POST /admin/routing/decide}: where a call would go at this moment, and why
 * (seed-contract-b §1.6). Nothing remembers that it was asked.
 */
public final class RoutingResource {
    private final Router router;
    private final Rehearsal rehearsal;
    private final Catalogs catalogs;
    private final LongSupplier ticker;

    /** The ticker counts nanoseconds, monotonic. */
    public RoutingResource(
            Router router, Rehearsal rehearsal, Catalogs catalogs, LongSupplier ticker) {
        this.router = router;
        this.rehearsal = rehearsal;
        this.catalogs = catalogs;
        this.ticker = ticker;
    }

    public List<Route> routes(AdminGate gate) {
        return List.of(gate.route("POST", "/admin/routing/decide", AdminRule.READ, this::decide));
    }

    Response decide(AdminRequest request) {
        long began = ticker.getAsLong();
        Question question;
        Decision decision;
        try {
            question = question(request.body());
            decision = router.decide(question);
        } catch (GatewayException refused) {
            String code = refused.error().code();
            throw new AdminException(
                    refused.error().kind().status(),
                    code == null ? "no_upstream" : code,
                    refused.error().message());
        }
        double millis = (ticker.getAsLong() - began) / 1e6;
        return Response.json(200, view(decision, question, millis).toString());
    }

    private Question question(JsonNode body) {
        ApiKey key = key(text(body, "key_id"));
        String session = text(body, "conversation_id");
        if (session != null && key == null) {
            throw AdminException.invalidField(
                    "conversation_id", "value_error", "needs key_id: sessions belong to API keys");
        }
        SessionKey bound = key == null ? null : Question.session(key.id(), session);
        String seed = text(body, "request_id");
        Set<String> excluded = new HashSet<>();
        body.path("exclude_providers").forEach(name -> excluded.add(name.stringValue()));
        return new Question(
                key,
                text(body, "logical_model"),
                sent(body),
                bound,
                text(body, "preferred_region"),
                Optional.ofNullable(text(body, "strategy"))
                        .flatMap(RoutingStrategy::named)
                        .orElse(null),
                excluded,
                seed == null ? 0 : UUID.fromString(seed).getLeastSignificantBits(),
                true);
    }

    /** {@return what the client would send, or null where nothing is told of it} */
    private @Nullable InboundRequest sent(JsonNode body) {
        JsonNode request = body.path("request");
        if (!request.isObject()) {
            return null;
        }
        return rehearsal.request(
                new Rehearsal.Script(
                        Protocol.named(request.path("protocol").stringValue()).orElseThrow(),
                        AdminJson.MAPPER.writeValueAsBytes(request.path("body")),
                        text(body, "logical_model"),
                        false,
                        false));
    }

    private @Nullable ApiKey key(@Nullable String id) {
        return id == null
                ? null
                : catalogs.current()
                        .key(UUID.fromString(id))
                        .orElseThrow(() ->
                                AdminException.invalidField(
                                        "key_id", "value_error", "is the id of no API key"));
    }

    private static @Nullable String text(JsonNode body, String field) {
        JsonNode node = body.path(field);
        return node.isString() ? node.stringValue() : null;
    }

    private static ObjectNode view(Decision decision, Question question, double millis) {
        Plan plan = decision.plan();
        List<Candidate> candidates = plan == null ? List.of() : plan.candidates();
        ObjectNode view =
                AdminJson.object()
                        .put("logical_model", decision.model())
                        .put("strategy_used", decision.strategy().wireName());
        view.set("selected_upstream", candidates.isEmpty() ? null : place(candidates.getFirst()));
        ArrayNode alternatives = view.putArray("alternative_upstreams");
        candidates.stream().skip(1).forEach(candidate -> alternatives.add(place(candidate)));
        view.put("reasoning", reasoning(decision, candidates, question));
        ArrayNode all = view.putArray("all_candidates");
        decision.ranked().forEach(rated -> all.add(candidate(rated)));
        ArrayNode leftOut = view.putArray("left_out");
        for (LeftOut left : decision.leftOut()) {
            leftOut.addObject()
                    .put("upstream", left.upstream())
                    .put("model", left.model())
                    .put("why", left.why().wireName());
        }
        return view.put("trail", plan == null ? null : plan.trail())
                .put("decision_time", Math.round(millis * 1_000) / 1_000.0);
    }

    private static ObjectNode place(Candidate candidate) {
        return AdminJson.object()
                .put("upstream", candidate.upstream().name())
                .put("upstream_id", candidate.upstream().id().toString())
                .put("model", candidate.model())
                .put("protocol", candidate.protocol().wireName())
                .put(
                        "use",
                        candidate.use() == Use.ALWAYS
                                ? "always"
                                : candidate.use().name().toLowerCase(Locale.ROOT));
    }

    private static ObjectNode candidate(Rated rated) {
        ObjectNode view =
                AdminJson.object()
                        .put("upstream", rated.placement().upstream().name())
                        .put("upstream_id", rated.placement().upstream().id().toString())
                        .put("model", rated.placement().model())
                        .put("protocol", rated.protocol().wireName())
                        .put("lossy", rated.isLossy())
                        .put("weight", rated.placement().weight())
                        .put("dynamic_weight", rated.dynamicWeight())
                        .put("priority", rated.placement().priority())
                        .put("region", rated.placement().region())
                        .put("in_flight", rated.target().inFlight())
                        .put(
                                "obstacle",
                                rated.obstacle() == null ? null : rated.obstacle().wireName())
                        .put("reason", rated.word());
        if (rated.score() == null) {
            view.putNull("score").putNull("parts");
        } else {
            view.put("score", rated.score().value())
                    .putObject("parts")
                    .put("base", rated.score().base())
                    .put("latency", rated.score().latency())
                    .put("errors", rated.score().errors())
                    .put("cost", rated.score().cost())
                    .put("quota", rated.score().quota());
        }
        view.set("metrics", MeasuredView.of(rated.measurements()));
        return view;
    }

    private static String reasoning(
            Decision decision, List<Candidate> candidates, Question question) {
        if (candidates.isEmpty()) {
            return "All that serve the model are left out.";
        }
        Candidate first = candidates.getFirst();
        String region = question.region();
        return "Of %d candidates the strategy %s puts %s first (%s)%s."
                .formatted(
                        candidates.size(),
                        decision.strategy().wireName(),
                        first.upstream().name(),
                        first.reason().compact(),
                        region == null ? "" : ", with region " + region + " preferred");
    }
}
