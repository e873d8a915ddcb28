package dev.sluice.admin;

import dev.sluice.admin.apikey.ApiKeyResource;
import dev.sluice.admin.apikey.ApiKeys;
import dev.sluice.admin.apikey.HashWriter;
import dev.sluice.admin.apikey.KeyGenerator;
import dev.sluice.admin.audit.AuditLog;
import dev.sluice.admin.audit.AuditResource;
import dev.sluice.admin.limit.LimitResource;
import dev.sluice.admin.log.DatabaseRecordImport;
import dev.sluice.admin.log.LogResource;
import dev.sluice.admin.log.UsageResource;
import dev.sluice.admin.logicalmodel.LogicalModelResource;
import dev.sluice.admin.logicalmodel.LogicalModels;
import dev.sluice.admin.openapi.Contract;
import dev.sluice.admin.openapi.OpenApi;
import dev.sluice.admin.organization.OrganizationResource;
import dev.sluice.admin.organization.Organizations;
import dev.sluice.admin.price.PriceResource;
import dev.sluice.admin.price.Prices;
import dev.sluice.admin.upstream.UpstreamKeeping;
import dev.sluice.admin.upstream.UpstreamResource;
import dev.sluice.admin.upstream.Upstreams;
import dev.sluice.admin.upstream.probe.UpstreamProbe;
import dev.sluice.admin.user.Passwords;
import dev.sluice.admin.user.UserResource;
import dev.sluice.admin.user.Users;
import dev.sluice.catalog.ApiKey;
import dev.sluice.catalog.Catalog;
import dev.sluice.catalog.Catalogs;
import dev.sluice.catalog.DeclaredModel;
import dev.sluice.catalog.DigestKey;
import dev.sluice.catalog.price.PriceList;
import dev.sluice.catalog.price.ShippedPrices;
import dev.sluice.http.Response;
import dev.sluice.http.Route;
import dev.sluice.http.address.AddressPolicy;
import dev.sluice.http.client.OutboundClient;
import dev.sluice.proxy.account.Pricing;
import dev.sluice.proxy.cloud.AccessTokens;
import dev.sluice.proxy.ledger.MemoryLedger;
import dev.sluice.store.Database;
import dev.sluice.store.Encryption;
import dev.sluice.store.TestDatabase;
import dev.sluice.store.Vendor;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;

/**
 * A control plane over a real database, asked without sockets: requests are held to the contract
 * and failures become answers as they do behind HTTP.
 */
public final class TestGateway implements AutoCloseable {
    public static final Instant START = Instant.parse("2026-05-01T10:00:00Z");

    public final Database database;
    public final Encryption encryption;
    public final DigestKey digestKey = new DigestKey(new byte[32]);
    public final Catalogs catalogs = new Catalogs(Catalog.EMPTY);
    public final DatabaseRecordImport records;

    /** Who asks from now on. */
    public Actor actor = Actor.operator("127.0.0.1");

    private final AtomicReference<Instant> now = new AtomicReference<>(START);
    private final Contract contract = new Contract(OpenApi.bundled());
    private final Map<String, AdminOperation> operations = new HashMap<>();
    private final List<Route> routes = new ArrayList<>();
    private final HashWriter hashes;
    private final ApiKeyResource keyResource;
    private final UpstreamResource upstreamResource;
    private final LogResource logResource;
    private final LimitResource limitResource;
    private final OrganizationResource organizationResource;
    private final PriceResource priceResource;
    private final Passwords passwords = new Passwords(4);
    private final UserResource userResource;
    private final AuditResource auditResource;
    private final LogicalModelResource modelResource;
    public final TestRouting routing;

    /** An answer of the control plane. */
    public record Reply(int status, JsonNode body) {
        /** {@return what the first problem of a 422 is about} */
        public String param() {
            return body.path("error").path("param").asString("");
        }

        public String id() {
            return body.path("id").asString("");
        }
    }

    public TestGateway(Vendor vendor) {
        this(
                vendor,
                _ -> {
                    throw new AssertionError("no call was expected");
                });
    }

    public TestGateway(Vendor vendor, OutboundClient client) {
        this(vendor, client, List.of());
    }

    /** With logical models that the settings declare. */
    public TestGateway(Vendor vendor, OutboundClient client, List<DeclaredModel> declared) {
        this.database = TestDatabase.migrated(vendor);
        SecureRandom random = new SecureRandom();
        this.encryption = new Encryption(Encryption.generateKey(random), random);
        Clock clock = new MovingClock(now);
        CatalogChanges changes =
                new CatalogChanges(database, catalogs, new AuditLog(clock, new TimeOrdered(clock)));
        this.hashes = new HashWriter(database, 4);
        this.records = new DatabaseRecordImport(database, clock);
        ApiKeys keys =
                new ApiKeys(
                        database,
                        changes,
                        digestKey,
                        new KeyGenerator(random, KeyGenerator.DEFAULT_PREFIX),
                        hashes,
                        clock,
                        UUID::randomUUID);
        Upstreams upstreams =
                new Upstreams(
                        database,
                        changes,
                        new UpstreamKeeping(encryption),
                        clock,
                        UUID::randomUUID);
        UpstreamProbe probe =
                new UpstreamProbe(
                        client,
                        AddressPolicy.OPERATOR,
                        new AccessTokens(
                                        client,
                                        AddressPolicy.OPERATOR,
                                        Runnable::run,
                                        clock,
                                        System::nanoTime)
                                ::authorization,
                        System::nanoTime);
        this.keyResource = new ApiKeyResource(keys);
        this.upstreamResource = new UpstreamResource(upstreams, probe);
        this.logResource = new LogResource(database);
        MemoryLedger ledger = new MemoryLedger(clock, System::nanoTime);
        this.limitResource = new LimitResource(database, changes, catalogs, ledger, clock);
        this.organizationResource =
                new OrganizationResource(
                        new Organizations(database, changes, clock, UUID::randomUUID));
        this.priceResource =
                new PriceResource(
                        new Prices(database, changes, clock, UUID::randomUUID),
                        new Pricing(
                                () -> catalogs.current().governance().prices(),
                                List.of(new PriceList(ShippedPrices.all())),
                                "USD",
                                Map.of()),
                        catalogs,
                        clock);
        this.userResource =
                new UserResource(new Users(database, changes, passwords, clock, UUID::randomUUID));
        this.auditResource = new AuditResource(database);
        this.routing = new TestRouting(catalogs, declared);
        this.modelResource =
                new LogicalModelResource(new LogicalModels(database, changes, clock, declared));
        routes.addAll(routes(this::route));
    }

    /** {@return all routes of the control plane, through that gate} */
    public List<Route> routes(AdminGate gate) {
        List<Route> all = new ArrayList<>(keyResource.routes(gate));
        all.addAll(upstreamResource.routes(gate));
        all.addAll(userResource.routes(gate));
        all.addAll(auditResource.routes(gate));
        all.addAll(logResource.routes(gate));
        all.addAll(new UsageResource(database).routes(gate));
        all.addAll(limitResource.routes(gate));
        all.addAll(organizationResource.routes(gate));
        all.addAll(priceResource.routes(gate));
        all.addAll(modelResource.routes(gate));
        all.addAll(routing.routes(gate));
        return all;
    }

    private Route route(String method, String template, AdminRule rule, AdminOperation operation) {
        operations.put(method + " " + template, operation);
        return new Route(method, template, rule, _ -> {});
    }

    public List<Route> routes() {
        return List.copyOf(routes);
    }

    public void advance(java.time.Duration duration) {
        now.updateAndGet(instant -> instant.plus(duration));
    }

    public Reply post(String path, String body) {
        return call("POST", path, body);
    }

    public Reply put(String path, String body) {
        return call("PUT", path, body);
    }

    public Reply get(String path) {
        return call("GET", path, null);
    }

    public Reply delete(String path) {
        return call("DELETE", path, null);
    }

    public Reply call(String method, String target, @Nullable String body) {
        int question = target.indexOf('?');
        String path = question < 0 ? target : target.substring(0, question);
        Map<String, String> query = query(question < 0 ? "" : target.substring(question + 1));
        Response response;
        try {
            Route route = matching(method, path);
            JsonNode tree =
                    body == null ? MissingNode.getInstance() : AdminJson.MAPPER.readTree(body);
            AdminRequest request =
                    contract.check(
                            method,
                            route.template(),
                            pathParameters(route, path),
                            query::get,
                            tree);
            response =
                    Optional.ofNullable(operations.get(method + " " + route.template()))
                            .orElseThrow()
                            .handle(request.by(actor));
        } catch (RuntimeException failure) {
            response = AdminErrors.response(failure);
        }
        return new Reply(
                response.status(),
                response.body().length() == 0
                        ? MissingNode.getInstance()
                        : AdminJson.tree(response.body().toString()));
    }

    private Route matching(String method, String path) {
        return routes.stream()
                .filter(route -> route.method().equals(method))
                .filter(route ->
                        path.matches(route.template().replaceAll("\\{[a-z_]+\\}", "[^/]+")))
                .findFirst()
                .orElseThrow();
    }

    private static Map<String, String> pathParameters(Route route, String path) {
        String[] names = route.template().split("/", -1);
        String[] values = path.split("/", -1);
        Map<String, String> parameters = new HashMap<>();
        for (int i = 0; i < names.length; i++) {
            if (names[i].startsWith("{")) {
                parameters.put(names[i].substring(1, names[i].length() - 1), values[i]);
            }
        }
        return parameters;
    }

    private static Map<String, String> query(String query) {
        Map<String, String> parameters = new HashMap<>();
        for (String pair : query.split("&", -1)) {
            int equals = pair.indexOf('=');
            if (equals > 0) {
                parameters.put(
                        pair.substring(0, equals),
                        URLDecoder.decode(pair.substring(equals + 1), StandardCharsets.UTF_8));
            }
        }
        return parameters;
    }

    /** {@return the key that a client would be known by} */
    public Optional<ApiKey> known(String key) {
        return catalogs.current().key(digestKey.digest(key));
    }

    @Override
    public void close() {
        hashes.close();
        passwords.close();
        database.close();
    }

    /** Ids that sort as they were made. */
    private static final class TimeOrdered implements java.util.function.Supplier<UUID> {
        private final Clock clock;
        private final java.util.concurrent.atomic.AtomicLong made =
                new java.util.concurrent.atomic.AtomicLong();

        TimeOrdered(Clock clock) {
            this.clock = clock;
        }

        @Override
        public UUID get() {
            return new UUID(
                    clock.millis() << 16 | 0x7000L, Long.MIN_VALUE | made.incrementAndGet());
        }
    }

    /** A clock that a test moves. */
    private static final class MovingClock extends Clock {
        private final AtomicReference<Instant> now;

        MovingClock(AtomicReference<Instant> now) {
            this.now = now;
        }

        @Override
        public java.time.ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(java.time.ZoneId zone) {
            return this;
        }

        @Override
        public Instant instant() {
            return now.get();
        }
    }
}
