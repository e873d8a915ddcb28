package dev.sluice.gauge;

import dev.sluice.catalog.price.Money;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.function.ToDoubleFunction;

/**
 * What the gateway holds at one moment, read when it is asked for. docs/operation.md explains it.
 */
public final class Gauges {
    private final MeterRegistry registry;
    private final Watched watched;

    private Gauges(MeterRegistry registry, Watched watched) {
        this.registry = registry;
        this.watched = watched;
    }

    public static void register(MeterRegistry registry, Watched watched) {
        Gauges gauges = new Gauges(registry, watched);
        gauges.calls();
        gauges.journal();
        gauges.database();
        gauges.connections();
    }

    private void calls() {
        gauge("sluice.calls.running", "Calls under way", w -> w.calls().running().size());
        gauge(
                "sluice.streams.open",
                "Calls under way that stream their answer",
                w -> w.calls().openStreams());
        gauge("sluice.leases", "Calls that hold a reservation", w -> w.admission().running());
        gauge(
                "sluice.reserved.tokens",
                "Tokens that running calls hold",
                w -> w.admission().reserved().tokens());
        gauge(
                "sluice.reserved.cost",
                "Money that running calls hold, in the ledger's currency",
                w -> w.admission().reserved().nanos() / (double) Money.NANOS_PER_UNIT);
    }

    private void journal() {
        gauge("sluice.journal.bytes", "Size of the journal on disk", w -> w.journal().bytes());
        gauge(
                "sluice.journal.lag",
                "Journal entries that have not reached the database",
                w -> w.importer().lag());
        gauge(
                "sluice.journal.oldest.seconds",
                "Age of the oldest of them",
                w -> w.importer().oldestWaiting().toMillis() / 1000.0);
        gauge(
                "sluice.journal.open",
                "Calls of which the journal knows the beginning alone",
                w -> w.journal().openCalls());
        gauge(
                "sluice.journal.set.aside",
                "Entries that could not be read or stored and lie beside the journal",
                w -> w.journal().setAside());
        gauge(
                "sluice.journal.accepting",
                "1 while there is room for the records of new calls, else 0",
                w -> w.journal().acceptsCalls() ? 1 : 0);
    }

    private void database() {
        gauge(
                "sluice.database.answering",
                "1 while the database answers in time, else 0",
                w -> w.database().isAnswering() ? 1 : 0);
        gauge(
                "sluice.database.up",
                "1 while the database answers and takes records, else 0",
                w -> w.isDatabaseWell() ? 1 : 0);
        gauge(
                "sluice.configuration.stale",
                "1 while the configuration is that of the last snapshot, else 0",
                w -> w.refresh().isFromSnapshot() ? 1 : 0);
    }

    private void connections() {
        gauge(
                "sluice.http.connections",
                "Open connections of clients",
                w -> w.engine().statistics().openConnections());
        gauge(
                "sluice.http.exchanges",
                "Requests whose answer has not ended",
                w -> w.engine().statistics().openExchanges());
        gauge(
                "sluice.http.buffered.bytes",
                "Bytes of request bodies in memory",
                w -> w.engine().statistics().bufferedBodyBytes());
        FunctionCounter.builder(
                        "sluice.http.connections.refused",
                        watched,
                        w -> w.engine().statistics().refusedConnections())
                .description("Connections closed at once because there were too many")
                .register(registry);
        FunctionCounter.builder(
                        "sluice.http.clients.left",
                        watched,
                        w -> w.engine().statistics().clientsLeft())
                .description("Requests whose client left before the answer had ended")
                .register(registry);
        gauge(
                "sluice.upstream.connections",
                "Connections to upstreams, busy or idle",
                w -> w.engine().statistics().openUpstreamConnections());
        gauge(
                "sluice.upstream.connections.idle",
                "Connections to upstreams that no call uses",
                w -> w.engine().statistics().idleUpstreamConnections());
        gauge(
                "sluice.upstream.calls.connecting",
                "Calls that wait for a connection to an upstream",
                w -> w.engine().statistics().connectingUpstreamCalls());
        gauge(
                "sluice.upstream.calls",
                "Calls to upstreams under way",
                w -> w.engine().statistics().openUpstreamCalls());
    }

    private void gauge(String name, String description, ToDoubleFunction<Watched> value) {
        Gauge.builder(name, watched, value)
                .description(description)
                .strongReference(true)
                .register(registry);
    }
}
