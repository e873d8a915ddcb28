package dev.sluice;

import dev.sluice.admin.AdminGate;
import dev.sluice.admin.apikey.ApiKeyResource;
import dev.sluice.admin.apikey.ApiKeys;
import dev.sluice.admin.apikey.HashWriter;
import dev.sluice.admin.apikey.KeyGenerator;
import dev.sluice.admin.limit.LimitResource;
import dev.sluice.admin.log.LogResource;
import dev.sluice.admin.log.Retention;
import dev.sluice.admin.log.UsageResource;
import dev.sluice.admin.logicalmodel.LogicalModelResource;
import dev.sluice.admin.logicalmodel.LogicalModels;
import dev.sluice.admin.openapi.Contract;
import dev.sluice.admin.openapi.ContractGate;
import dev.sluice.admin.openapi.DocumentationPages;
import dev.sluice.admin.openapi.OpenApi;
import dev.sluice.admin.organization.OrganizationResource;
import dev.sluice.admin.organization.Organizations;
import dev.sluice.admin.price.PriceResource;
import dev.sluice.admin.price.Prices;
import dev.sluice.admin.upstream.UpstreamKeeping;
import dev.sluice.admin.upstream.UpstreamResource;
import dev.sluice.admin.upstream.Upstreams;
import dev.sluice.admin.upstream.probe.UpstreamProbe;
import dev.sluice.catalog.Catalogs;
import dev.sluice.configuration.Settings;
import dev.sluice.http.Route;
import dev.sluice.proxy.account.Pricing;
import dev.sluice.proxy.authenticate.Access;
import dev.sluice.proxy.authenticate.Authenticator;
import dev.sluice.proxy.ledger.SpendLedger;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Supplier;

/** The control plane: one resource after another, behind one gate. */
final class ControlPlane implements AutoCloseable {
    private static final int BCRYPT_COST = 12;

    private final Identity identity;
    private final OpenApi description = OpenApi.bundled();
    private final Contract contract = new Contract(description);
    private final ApiKeyResource apiKeys;
    private final Upstreams stored;
    private final UpstreamResource upstreams;
    private final List<Settings.InitialUpstream> initial;
    private final LimitResource limits;
    private final OrganizationResource organizations;
    private final PriceResource prices;
    private final LogResource logs;
    private final Catalogs catalogs;
    private final LogicalModels storedModels;
    private final UsageResource usage;
    private final LogicalModelResource models;
    private final Function<AdminGate, List<Route>> routing;
    private final HashWriter hashes;
    private final Retention retention;

    /**
     * @param routing what operators see of routing, behind that gate
     */
    ControlPlane(
            Settings settings,
            Storage storage,
            SpendLedger ledger,
            Pricing pricing,
            Authenticator authenticator,
            Identity.Known known,
            Outward outward,
            Function<AdminGate, List<Route>> routing,
            Clock clock,
            Supplier<UUID> ids) {
        this.hashes = new HashWriter(storage.database(), BCRYPT_COST);
        ApiKeys keys =
                new ApiKeys(
                        storage.database(),
                        storage.changes(),
                        storage.digestKey(),
                        new KeyGenerator(new SecureRandom(), settings.security().keyPrefix()),
                        hashes,
                        clock,
                        ids);
        this.apiKeys = new ApiKeyResource(keys);
        this.identity = new Identity(known, storage, authenticator, keys, clock, ids);
        this.stored =
                new Upstreams(
                        storage.database(),
                        storage.changes(),
                        new UpstreamKeeping(storage.encryption(), settings.upstreams().timeouts()),
                        clock,
                        ids);
        this.upstreams =
                new UpstreamResource(
                        stored,
                        new UpstreamProbe(
                                outward.client(),
                                outward.reach(),
                                outward.tokens()::authorization,
                                System::nanoTime));
        this.initial = settings.upstreams().initial();
        this.limits =
                new LimitResource(
                        storage.database(), storage.changes(), storage.catalogs(), ledger, clock);
        this.organizations =
                new OrganizationResource(
                        new Organizations(storage.database(), storage.changes(), clock, ids));
        this.prices =
                new PriceResource(
                        new Prices(storage.database(), storage.changes(), clock, ids),
                        pricing,
                        storage.catalogs(),
                        clock);
        this.logs = new LogResource(storage.database());
        this.catalogs = storage.catalogs();
        this.storedModels =
                new LogicalModels(
                        storage.database(), storage.changes(), clock, settings.routes().models());
        this.models = new LogicalModelResource(storedModels);
        this.usage = new UsageResource(storage.database());
        this.routing = routing;
        this.retention =
                new Retention(storage.database(), clock, settings.storage().logRetentionDays());
    }

    List<Route> routes() {
        AdminGate gate = new ContractGate(contract, identity.entrance());
        List<Route> routes = new ArrayList<>();
        routes.addAll(identity.routes(gate));
        routes.addAll(apiKeys.routes(gate));
        routes.addAll(upstreams.routes(gate));
        routes.addAll(limits.routes(gate));
        routes.addAll(organizations.routes(gate));
        routes.addAll(prices.routes(gate));
        routes.addAll(models.routes(gate));
        routes.addAll(routing.apply(gate));
        routes.addAll(logs.routes(gate));
        routes.addAll(usage.routes(gate));
        routes.addAll(new DocumentationPages(description).routes(Access.OPEN));
        return List.copyOf(routes);
    }

    void start() {
        stored.beginWith(initial.stream().map(Settings.InitialUpstream::request).toList());
        storedModels.warnOfMissing(catalogs.current().upstreams().values());
        identity.start();
        retention.start();
    }

    /**
     * Reads the contract beside the first calls, so that the first operator need not wait for it.
     */
    void warmUp() {
        Thread.ofPlatform().name("contract").daemon().start(() -> contract.prepare("/admin/"));
    }

    @Override
    public void close() {
        retention.close();
        hashes.close();
        identity.close();
    }
}
