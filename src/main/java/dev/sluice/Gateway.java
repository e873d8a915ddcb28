package dev.sluice;

import dev.sluice.admin.AdminGate;
import dev.sluice.admin.apikey.ImportedKeys;
import dev.sluice.admin.bootstrap.CatalogRefresh;
import dev.sluice.admin.bootstrap.DatabaseWatch;
import dev.sluice.admin.log.DatabaseRecordImport;
import dev.sluice.admin.spend.LedgerUpkeep;
import dev.sluice.admin.spend.RecordedSpend;
import dev.sluice.admin.state.DatabaseReferences;
import dev.sluice.admin.translate.TranslateResource;
import dev.sluice.catalog.Catalogs;
import dev.sluice.catalog.price.PriceList;
import dev.sluice.catalog.price.ShippedPrices;
import dev.sluice.catalog.snapshot.SnapshotWriter;
import dev.sluice.configuration.Settings;
import dev.sluice.gauge.Watched;
import dev.sluice.http.Route;
import dev.sluice.http.engine.HttpEngine;
import dev.sluice.journal.Importer;
import dev.sluice.journal.Journal;
import dev.sluice.journal.JournalSettings;
import dev.sluice.proxy.account.AccessLog;
import dev.sluice.proxy.account.Metrics;
import dev.sluice.proxy.account.Pricing;
import dev.sluice.proxy.account.RequestRecord;
import dev.sluice.proxy.admit.Admission;
import dev.sluice.proxy.authenticate.Authenticator;
import dev.sluice.proxy.authenticate.FailedAttempts;
import dev.sluice.proxy.authenticate.FirstSight;
import dev.sluice.proxy.call.Calls;
import dev.sluice.proxy.ledger.MemoryLedger;
import dev.sluice.proxy.ledger.Priming;
import dev.sluice.proxy.state.KeptReferences;
import dev.sluice.store.Database;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The composition root: every object is made here, by constructor, in the order in which a request
 * meets it. Reading it is reading the architecture.
 */
public final class Gateway implements Service {
    private static final Logger LOG = LoggerFactory.getLogger(Gateway.class);

    private final Closing closing;
    private final Importer importer;
    private final List<Route> routes;
    private final Operations operations;
    private final Listener listener;
    private final int port;

    private Gateway(Settings settings, Clock clock, Closing closing)
            throws IOException, InterruptedException {
        this.closing = closing;
        Supplier<UUID> ids = new TimeOrderedIds(clock);

        // What is kept.
        Storage storage = new Storage(settings, closing, clock, ids);
        Database database = storage.database();
        Catalogs catalogs = storage.catalogs();

        // What must not be lost.
        Journal journal =
                closing.with(Journal.open(journal(settings, storage.journalFolder()), clock));
        this.importer =
                closing.with(
                        new Importer(journal, new DatabaseRecordImport(database, clock), clock));

        // The journey.
        PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        Consumer<RequestRecord> metrics = new Metrics(registry)::count;
        Calls calls =
                new Calls(
                        journal,
                        metrics.andThen(new AccessLog(settings.log().access())::write),
                        clock,
                        System::nanoTime);
        HttpEngine engine = closing.with(Engines.engine(settings.server()));
        Identity.Known known = Identity.Known.under(storage.sessionSigningKey(), catalogs, clock);
        Authenticator authenticator =
                new Authenticator(
                        catalogs,
                        storage.digestKey(),
                        settings.security().adminToken(),
                        new FailedAttempts(System::nanoTime),
                        known.live(),
                        clock);
        MemoryLedger ledger = new MemoryLedger(clock, System::nanoTime);
        Pricing pricing = pricing(settings.spending(), catalogs);
        LedgerUpkeep ledgerUpkeep =
                closing.with(
                        new LedgerUpkeep(
                                ledger,
                                new Priming(ledger, new RecordedSpend(database)),
                                catalogs,
                                new LedgerUpkeep.Recorded(journal::entries, importer::imported),
                                clock));
        Admission admission =
                new Admission(journal, ledger, pricing, settings.spending().admission());
        Routing routing =
                new Routing(catalogs, settings.routes(), pricing, clock, System::nanoTime);
        DatabaseReferences kept = closing.with(new DatabaseReferences(database, clock));
        KeptReferences references = new KeptReferences(KeptReferences.STANDARD_BOUND, kept, clock);
        Outward outward = Outward.of(settings.security(), engine.client(), clock);
        DataPlane dataPlane =
                new DataPlane(
                        settings,
                        catalogs,
                        routing,
                        authenticator,
                        admission,
                        calls,
                        outward,
                        references,
                        clock);

        // Those who look after it.
        ControlPlane controlPlane =
                closing.with(
                        new ControlPlane(
                                settings,
                                storage,
                                ledger,
                                pricing,
                                authenticator,
                                known,
                                outward,
                                gate -> routingRoutes(routing, dataPlane, gate),
                                clock,
                                ids));
        CatalogRefresh refresh = closing.with(storage.refresh());
        SnapshotWriter snapshots = closing.with(storage.snapshots());
        DatabaseWatch databaseWatch = closing.with(new DatabaseWatch(database, System::nanoTime));
        this.operations =
                new Operations(
                        settings,
                        clock,
                        new Watched(
                                catalogs,
                                refresh,
                                journal,
                                importer,
                                databaseWatch,
                                engine,
                                admission,
                                calls,
                                routing.targets()),
                        authenticator,
                        registry);

        // All of it begins.
        ImportedKeys imported =
                closing.with(
                        new ImportedKeys(
                                database,
                                storage.changes(),
                                catalogs,
                                storage.digestKey(),
                                System::nanoTime));
        this.routes = routes(dataPlane, controlPlane, new FirstSight(imported));
        this.listener =
                new Listener(settings.server(), engine, routes, dataPlane.errors(), calls, ids);
        references.recall(kept.newest(KeptReferences.STANDARD_BOUND));
        kept.start();
        importer.start();
        ledgerUpkeep.start();
        controlPlane.start();
        imported.start();
        refresh.start();
        databaseWatch.start();
        snapshots.start();
        closing.with(
                        new UpstreamWatch(
                                dataPlane,
                                outward.tokens(),
                                catalogs,
                                settings.upstreams().modelsCacheTtl()))
                .start();
        this.port = listen();
        controlPlane.warmUp();
    }

    /**
     * Starts a gateway that serves when this returns.
     *
     * @throws IOException if a folder or file cannot be used
     */
    public static Gateway start(Settings settings, Clock clock)
            throws IOException, InterruptedException {
        Closing closing = new Closing();
        try {
            return new Gateway(settings, clock, closing);
        } catch (IOException | InterruptedException | RuntimeException failed) {
            closing.close();
            throw failed;
        }
    }

    public int port() {
        return port;
    }

    /** {@return where to reach it from this machine} */
    @Override
    public String url() {
        return listener.url(port);
    }

    /** {@return every route that is served, each with its rule} */
    List<Route> routes() {
        return routes;
    }

    /** Closes that as well when the gateway closes. */
    public void closeWith(AutoCloseable companion) {
        closing.with(companion);
    }

    /**
     * Stops in good order: not ready any more, running streams finish up to the deadline and are
     * then told, records go to the database or stay safely on disk.
     */
    @Override
    public void close() {
        operations.drain();
        listener.drain();
        try {
            if (!importer.drain(Duration.ofSeconds(3))) {
                LOG.warn("{} journal entries wait on disk for the next start", importer.lag());
            }
        } catch (InterruptedException interruption) {
            Thread.currentThread().interrupt();
        }
        closing.close();
    }

    /** What operators see of routing and translation. */
    private static List<Route> routingRoutes(Routing routing, DataPlane dataPlane, AdminGate gate) {
        List<Route> routes =
                new ArrayList<>(routing.routes(dataPlane.router(), dataPlane.rehearsal(), gate));
        routes.addAll(new TranslateResource(dataPlane.rehearsal()).routes(gate));
        return routes;
    }

    private List<Route> routes(
            DataPlane dataPlane, ControlPlane controlPlane, FirstSight firstSight) {
        List<Route> routes = new ArrayList<>();
        dataPlane.routes().forEach(route -> routes.add(firstSight.before(route)));
        controlPlane.routes().forEach(route -> routes.add(firstSight.before(route)));
        routes.addAll(operations.routes());
        return List.copyOf(routes);
    }

    private int listen() throws InterruptedException {
        return listener.listen();
    }

    /** What operators price themselves comes before what is shipped. */
    private static Pricing pricing(Settings.Spending spending, Catalogs catalogs) {
        return new Pricing(
                () -> catalogs.current().governance().prices(),
                List.of(new PriceList(spending.prices()), new PriceList(ShippedPrices.all())),
                spending.currency(),
                spending.exchangeRates());
    }

    private static JournalSettings journal(Settings settings, Path folder) {
        Settings.Journal journal = settings.journal();
        return new JournalSettings(
                folder, journal.segmentBytes(), journal.maxBytes(), journal.fsyncInterval());
    }
}
