package dev.sluice.admin.limit;

import dev.sluice.admin.Actor;
import dev.sluice.admin.AdminException;
import dev.sluice.admin.AdminGate;
import dev.sluice.admin.AdminJson;
import dev.sluice.admin.AdminRequest;
import dev.sluice.admin.AdminRule;
import dev.sluice.admin.CatalogChanges;
import dev.sluice.admin.Conditions;
import dev.sluice.catalog.ApiKey;
import dev.sluice.catalog.Catalog;
import dev.sluice.catalog.Catalogs;
import dev.sluice.catalog.User;
import dev.sluice.catalog.limit.Limit;
import dev.sluice.catalog.limit.Scope;
import dev.sluice.catalog.limit.Subject;
import dev.sluice.http.Response;
import dev.sluice.http.Route;
import dev.sluice.proxy.ledger.SpendLedger;
import dev.sluice.proxy.ledger.Standing;
import dev.sluice.store.Database;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code /admin/limits}. */
public final class LimitResource {
    private final Database database;
    private final CatalogChanges changes;
    private final Catalogs catalogs;
    private final SpendLedger ledger;
    private final Clock clock;

    public LimitResource(
            Database database,
            CatalogChanges changes,
            Catalogs catalogs,
            SpendLedger ledger,
            Clock clock) {
        this.database = database;
        this.changes = changes;
        this.catalogs = catalogs;
        this.ledger = ledger;
        this.clock = clock;
    }

    public List<Route> routes(AdminGate gate) {
        return List.of(
                gate.route("GET", "/admin/limits", AdminRule.READ, this::list),
                gate.route("PUT", "/admin/limits", AdminRule.WRITE, this::replace),
                gate.route("GET", "/admin/limits/explain", AdminRule.SIGNED_IN, this::explain));
    }

    Response list(AdminRequest request) {
        Conditions conditions =
                new Conditions()
                        .require("scope = :scope", "scope", request.query("scope"))
                        .require("subject_id = :subject", "subject", request.queryId("subject_id"))
                        .search(request.query("search"), "subject");
        return database.read(handle -> Limits.page(handle, conditions, request.paging()))
                .response(limited -> view(limited).put("subject", name(limited)));
    }

    Response replace(AdminRequest request) {
        JsonNode body = request.body();
        Scope scope = Scope.named(body.path("scope").asString("")).orElseThrow();
        String model = body.path("model").isString() ? body.path("model").stringValue() : null;
        Subject subject = Limits.subject(scope, id(body.path("subject_id")), model);
        if (subject == null) {
            String missing = scope == Scope.MODEL ? "model" : "subject_id";
            throw AdminException.invalidField(
                    missing, "missing", "is missing: it says whose limits these are");
        }
        requireKnown(subject);
        Limited limited =
                new Limited(
                        subject,
                        scope == Scope.MODEL ? model : null,
                        LimitJson.read("limits", body.path("limits")));
        changes.make(handle ->
                new CatalogChanges.Made<>(
                        limited,
                        List.of(
                                Limits.replace(
                                        handle,
                                        limited,
                                        clock.instant().truncatedTo(ChronoUnit.MICROS)))));
        return Response.json(200, view(limited).put("subject", name(limited)).toString());
    }

    private static @Nullable UUID id(JsonNode node) {
        return node.isString() ? UUID.fromString(node.stringValue()) : null;
    }

    private void requireKnown(Subject subject) {
        Catalog catalog = catalogs.current();
        boolean isKnown =
                switch (subject.scope()) {
                    case GLOBAL, MODEL -> true;
                    case ORGANIZATION ->
                            catalog.governance().organizations().containsKey(subject.id());
                    case USER -> catalog.governance().users().containsKey(subject.id());
                    case KEY -> catalog.key(subject.id()).isPresent();
                    case UPSTREAM -> catalog.upstream(subject.id()).isPresent();
                };
        if (!isKnown) {
            throw AdminException.notFound(
                    "There is no " + subject.scope().wireName() + " with the id " + subject.id());
        }
    }

    private static ObjectNode view(Limited limited) {
        ObjectNode view = AdminJson.object();
        view.put("scope", limited.subject().scope().wireName());
        boolean isNamed =
                limited.subject().scope() != Scope.GLOBAL
                        && limited.subject().scope() != Scope.MODEL;
        view.put("subject_id", isNamed ? limited.subject().id().toString() : null);
        view.put("model", limited.model());
        view.set("limits", LimitJson.write(limited.limits()));
        return view;
    }

    /** Shows every limit that a call of the key, or whatever else is named, would have to fit. */
    Response explain(AdminRequest request) {
        ArrayNode items = AdminJson.MAPPER.createArrayNode();
        for (Standing standing : ledger.explain(subjects(request))) {
            write(standing, items.addObject());
        }
        ObjectNode body = AdminJson.object();
        body.set("items", items);
        SpendLedger.Reserved reserved = ledger.reserved();
        if (request.actor().isGatewayWide()) {
            body.putObject("running")
                    .put("calls", reserved.calls())
                    .put("reserved_tokens", reserved.tokens());
        }
        return Response.json(200, body.toString());
    }

    private List<Subject> subjects(AdminRequest request) {
        Actor actor = request.actor();
        UUID key = request.queryId("key");
        if (key != null) {
            ApiKey found =
                    catalogs.current()
                            .key(key)
                            .filter(one -> actor.sees(one.organizationId(), one.userId()))
                            .orElseThrow(
                                    () -> AdminException.notFound("API key not found: " + key));
            return ofKey(found, request.query("model"));
        }
        return others(request, actor);
    }

    private List<Subject> ofKey(ApiKey key, @Nullable String model) {
        List<Subject> subjects = new ArrayList<>(List.of(Subject.key(key.id())));
        if (key.userId() != null) {
            subjects.add(Subject.user(key.userId()));
        }
        if (key.organizationId() != null) {
            subjects.add(Subject.organization(key.organizationId()));
        }
        subjects.add(Subject.global());
        if (model != null) {
            subjects.add(Subject.model(model));
        }
        catalogs.current().upstreams().values().stream()
                .filter(key::mayUse)
                .forEach(upstream -> subjects.add(Subject.upstream(upstream.id())));
        return subjects;
    }

    private List<Subject> others(AdminRequest request, Actor actor) {
        List<Subject> subjects = new ArrayList<>();
        UUID organization = request.queryId("organization");
        if (organization != null && actor.sees(organization, null)) {
            subjects.add(Subject.organization(organization));
        }
        UUID user = request.queryId("user");
        if (user != null) {
            User found = catalogs.current().governance().users().get(user);
            if (found != null && actor.sees(found.organizationId(), user)) {
                subjects.add(Subject.user(user));
            }
        }
        if (actor.isGatewayWide()) {
            UUID upstream = request.queryId("upstream");
            if (upstream != null) {
                subjects.add(Subject.upstream(upstream));
            }
            String model = request.query("model");
            if (model != null) {
                subjects.add(Subject.model(model));
            }
            if (subjects.isEmpty()) {
                subjects.addAll(catalogs.current().governance().limits().keySet());
            }
        }
        return subjects;
    }

    private void write(Standing standing, ObjectNode item) {
        Limit limit = standing.limit();
        Subject subject = standing.subject();
        item.put("scope", subject.scope().wireName());
        item.put("subject_id", subject.scope() == Scope.GLOBAL ? null : subject.id().toString());
        item.put("subject", name(subject));
        LimitJson.write(limit, item);
        for (Map.Entry<String, Long> amount :
                Map.of(
                                "used", standing.used(),
                                "reserved", standing.reserved(),
                                "left", standing.left(),
                                "debt", standing.debt())
                        .entrySet()) {
            LimitJson.put(item, amount.getKey(), limit, amount.getValue());
        }
        item.put("since", standing.since() == null ? null : standing.since().toString());
        item.put("resets_at", standing.resetsAt() == null ? null : standing.resetsAt().toString());
        item.put("complete", standing.isComplete());
    }

    private @Nullable String name(Limited limited) {
        return limited.model() == null ? name(limited.subject()) : limited.model();
    }

    private @Nullable String name(Subject subject) {
        Catalog catalog = catalogs.current();
        return switch (subject.scope()) {
            case GLOBAL, MODEL -> null;
            case ORGANIZATION -> {
                var organization = catalog.governance().organizations().get(subject.id());
                yield organization == null ? null : organization.name();
            }
            case USER -> {
                User user = catalog.governance().users().get(subject.id());
                yield user == null ? null : user.username();
            }
            case KEY -> catalog.key(subject.id()).map(ApiKey::name).orElse(null);
            case UPSTREAM -> catalog.upstream(subject.id()).map(one -> one.name()).orElse(null);
        };
    }
}
