package dev.sluice;

import dev.sluice.admin.AdminGate;
import dev.sluice.admin.CatalogChanges;
import dev.sluice.admin.audit.AuditLog;
import dev.sluice.admin.bootstrap.Bootstrap;
import dev.sluice.admin.bootstrap.CatalogRefresh;
import dev.sluice.admin.bootstrap.DatabaseWatch;
import dev.sluice.admin.log.DatabaseRecordImport;
import dev.sluice.admin.spend.LedgerUpkeep;
import dev.sluice.admin.spend.RecordedSpend;
import dev.sluice.admin.state.DatabaseReferences;
import dev.sluice.admin.translate.TranslateResource;
import dev.sluice.admin.upstream.UpstreamKeeping;
import dev.sluice.catalog.Catalogs;
import dev.sluice.catalog.DigestKey;
import dev.sluice.catalog.Secret;
import dev.sluice.catalog.price.PriceList;
import dev.sluice.catalog.price.ShippedPrices;
import dev.sluice.catalog.snapshot.CatalogSnapshot;
import dev.sluice.catalog.snapshot.SnapshotWriter;
import dev.sluice.http.CrossOrigin;
import dev.sluice.http.Route;
import dev.sluice.http.TrustedProxies;
import dev.sluice.http.engine.HttpEngine;
import dev.sluice.http.engine.HttpServer;
import dev.sluice.http.engine.ServerSetup;
import dev.sluice.http.engine.TlsFiles;
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
import dev.sluice.proxy.call.Call;
import dev.sluice.proxy.call.Calls;
import dev.sluice.proxy.ledger.MemoryLedger;
import dev.sluice.proxy.ledger.Priming;
import dev.sluice.proxy.state.KeptReferences;
import dev.sluice.store.DataFolder;
import dev.sluice.store.Database;
import dev.sluice.store.Encryption;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Future;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
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
    private static final Duration REFRESH = Duration.ofSeconds(5);

    /** How long calls that are cut may take to say so. */
    private static final Duration LAST_WORDS = Duration.ofSeconds(3);

    private final Settings settings;
    private final Deque<AutoCloseable> closing = new ArrayDeque<>();
    private final Calls calls;
    private final Importer importer;
    private final HttpServer server;
    private final List<Route> routes;
    private final Operations operations;
    private final int port;

    private Gateway(Settings settings, Clock clock) throws IOException, InterruptedException {
        this.settings = settings;
        Supplier<UUID> ids = new TimeOrderedIds(clock);

        // What is kept.
        DataFolder folder = DataFolder.at(settings.storage().data());
        String encryptionKey = encryptionKey(folder);
        Encryption encryption = new Encryption(encryptionKey, new SecureRandom());
        Database database = closedLast(Database.open(settings.storage().databaseUrl(), clock));
        CatalogSnapshot snapshot =
                new CatalogSnapshot(
                        folder.resolve("catalog.snapshot"),
                        encryption::encrypt,
                        encryption::decrypt);
        Bootstrap bootstrap =
                new Bootstrap(
                        database,
                        new UpstreamKeeping(encryption, settings.upstreams().timeouts()),
                        snapshot,
                        new SecureRandom(),
                        clock);
        Bootstrap.Started started = bootstrap.start();
        Catalogs catalogs = new Catalogs(started.catalog());
        AuditLog trail = new AuditLog(clock, ids);
        CatalogChanges changes = new CatalogChanges(database, catalogs, trail);
        DigestKey digestKey = new DigestKey(started.digestKey());

        // What must not be lost.
        Journal journal =
                closedLast(Journal.open(journalSettings(folder.resolve("journal")), clock));
        this.importer =
                closedLast(new Importer(journal, new DatabaseRecordImport(database, clock), clock));

        // The journey.
        PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        Consumer<RequestRecord> metrics = new Metrics(registry)::count;
        this.calls =
                new Calls(
                        journal,
                        metrics.andThen(new AccessLog(settings.log().access())::write),
                        clock,
                        System::nanoTime);
        HttpEngine engine = closedLast(Engines.engine(settings.server()));
        Identity.Known known =
                Identity.Known.under(Encryption.derive(encryptionKey, "sessions"), catalogs, clock);
        Authenticator authenticator =
                new Authenticator(
                        catalogs,
                        digestKey,
                        settings.security().adminToken(),
                        new FailedAttempts(System::nanoTime),
                        known.live(),
                        clock);
        MemoryLedger ledger = new MemoryLedger(clock, System::nanoTime);
        Pricing pricing =
                new Pricing(
                        () -> catalogs.current().governance().prices(),
                        List.of(
                                new PriceList(settings.spending().prices()),
                                new PriceList(ShippedPrices.all())),
                        settings.spending().currency(),
                        settings.spending().exchangeRates());
        LedgerUpkeep ledgerUpkeep =
                closedLast(
                        new LedgerUpkeep(
                                ledger,
                                new Priming(ledger, new RecordedSpend(database)),
                                catalogs,
                                new LedgerUpkeep.Recorded(journal::entries, importer::imported),
                                clock));
        Admission admission =
                new Admission(journal, ledger, pricing, settings.spending().admission());
        Routing routing = new Routing(catalogs, pricing, clock, System::nanoTime);
        DatabaseReferences kept = closedLast(new DatabaseReferences(database, clock));
        KeptReferences references = new KeptReferences(KeptReferences.STANDARD_BOUND, kept, clock);
        DataPlane dataPlane =
                new DataPlane(
                        settings,
                        catalogs,
                        routing,
                        authenticator,
                        admission,
                        calls,
                        engine.client(),
                        references,
                        clock);

        // Those who look after it.
        ControlPlane controlPlane =
                closedLast(
                        new ControlPlane(
                                settings,
                                new ControlPlane.Storage(
                                        database, encryption, digestKey, changes, catalogs, trail),
                                ledger,
                                pricing,
                                authenticator,
                                known,
                                engine.client(),
                                gate -> routingRoutes(routing, dataPlane, gate),
                                clock,
                                ids));
        CatalogRefresh refresh =
                closedLast(new CatalogRefresh(bootstrap, started, changes, catalogs, REFRESH));
        SnapshotWriter snapshots =
                closedLast(
                        new SnapshotWriter(
                                snapshot, catalogs, started.digestKey(), Duration.ofMillis(200)));
        DatabaseWatch databaseWatch = closedLast(new DatabaseWatch(database, System::nanoTime));
        this.operations =
                new Operations(
                        settings,
                        clock,
                        new Operations.Watched(
                                catalogs,
                                refresh,
                                journal,
                                importer,
                                databaseWatch,
                                engine,
                                admission,
                                calls),
                        authenticator,
                        registry);

        this.routes = routes(dataPlane, controlPlane);
        this.server = engine.server(setup(dataPlane, ids));
        references.recall(kept.newest(KeptReferences.STANDARD_BOUND));
        kept.start();
        importer.start();
        ledgerUpkeep.start();
        controlPlane.start();
        refresh.start();
        databaseWatch.start();
        snapshots.start();
        closedLast(new UpstreamWatch(dataPlane, catalogs, settings.upstreams().modelsCacheTtl()))
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
        return new Gateway(settings, clock);
    }

    public int port() {
        return port;
    }

    /** {@return where to reach it from this machine} */
    @Override
    public String url() {
        String scheme = settings.server().tlsCertificate() == null ? "http" : "https";
        String host = settings.server().host();
        return scheme + "://" + (host.equals("0.0.0.0") ? "127.0.0.1" : host) + ":" + port;
    }

    /** {@return every route that is served, each with its rule} */
    List<Route> routes() {
        return routes;
    }

    /** Closes that as well when the gateway closes. */
    public void closeWith(AutoCloseable companion) {
        closing.push(companion);
    }

    /**
     * Stops in good order: not ready any more, running streams finish up to the deadline and are
     * then told, records go to the database or stay safely on disk.
     */
    @Override
    public void close() {
        operations.drain();
        Duration deadline = settings.server().shutdownDeadline();
        if (!await(server.drain(deadline.plus(LAST_WORDS)), deadline)) {
            List<Call> cut = calls.running();
            LOG.warn(
                    "{} calls did not end within {} s and are cut",
                    cut.size(),
                    deadline.toSeconds());
            cut.forEach(Call::interrupt);
            awaitNoneRunning();
        }
        try {
            if (!importer.drain(Duration.ofSeconds(3))) {
                LOG.warn("{} journal entries wait on disk for the next start", importer.lag());
            }
        } catch (InterruptedException interruption) {
            Thread.currentThread().interrupt();
        }
        closing.forEach(Gateway::closeQuietly);
    }

    /** What operators see of routing and translation. */
    private static List<Route> routingRoutes(Routing routing, DataPlane dataPlane, AdminGate gate) {
        List<Route> routes = new ArrayList<>(routing.routes(dataPlane.router(), gate));
        routes.addAll(new TranslateResource(dataPlane.rehearsal()).routes(gate));
        return routes;
    }

    private List<Route> routes(DataPlane dataPlane, ControlPlane controlPlane) {
        List<Route> routes = new ArrayList<>();
        routes.addAll(dataPlane.routes());
        routes.addAll(controlPlane.routes());
        routes.addAll(operations.routes());
        return List.copyOf(routes);
    }

    private ServerSetup setup(DataPlane dataPlane, Supplier<UUID> ids) {
        return new ServerSetup(
                routes,
                dataPlane.errors()::render,
                new CrossOrigin(settings.server().corsOrigins()),
                new TrustedProxies(settings.server().trustedProxies()),
                ids);
    }

    private int listen() throws InterruptedException {
        Path certificate = settings.server().tlsCertificate();
        Path key = settings.server().tlsKey();
        TlsFiles tls = certificate == null || key == null ? null : new TlsFiles(certificate, key);
        try {
            int bound =
                    server.start(settings.server().host(), settings.server().port(), tls)
                            .toCompletionStage()
                            .toCompletableFuture()
                            .get();
            String host = settings.server().host();
            LOG.info("Sluice {} listens on {}:{}", Version.current(), host, bound);
            return bound;
        } catch (ExecutionException unavailable) {
            closing.forEach(Gateway::closeQuietly);
            throw new IllegalStateException(
                    "cannot listen on %s:%d: %s"
                            .formatted(
                                    settings.server().host(),
                                    settings.server().port(),
                                    unavailable.getMessage()),
                    unavailable);
        }
    }

    /** The one that is set, else one that is made for the embedded database. */
    private String encryptionKey(DataFolder folder) throws IOException {
        Secret set = settings.security().encryptionKey();
        if (set != null) {
            return set.value();
        }
        DataFolder.Kept key =
                folder.keep("encryption.key", () -> Encryption.generateKey(new SecureRandom()));
        if (key.isNew()) {
            LOG.warn(
                    "An encryption key was made in {}: keep a copy, without it the stored upstream"
                            + " keys are lost",
                    key.file());
        }
        return key.value();
    }

    private JournalSettings journalSettings(Path folder) {
        Settings.Journal journal = settings.journal();
        return new JournalSettings(
                folder, journal.segmentBytes(), journal.maxBytes(), journal.fsyncInterval());
    }

    private void awaitNoneRunning() {
        for (int i = 0; i < 100 && !calls.running().isEmpty(); i++) {
            try {
                Thread.sleep(20);
            } catch (InterruptedException interruption) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    private static boolean await(Future<Void> future, Duration atMost) {
        try {
            future.toCompletionStage()
                    .toCompletableFuture()
                    .get(atMost.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (InterruptedException interruption) {
            Thread.currentThread().interrupt();
            return false;
        } catch (ExecutionException | TimeoutException late) {
            return false;
        }
    }

    private <T extends AutoCloseable> T closedLast(T resource) {
        closing.push(resource);
        return resource;
    }

    private static void closeQuietly(AutoCloseable resource) {
        try {
            resource.close();
        } catch (Exception failure) {
            LOG.warn(
                    "{} did not close well: {}",
                    resource.getClass().getSimpleName(),
                    failure.getMessage());
        }
    }
}
