package dev.sluice;

import dev.sluice.dialect.openai.chat.OpenAiChatDialect;
import dev.sluice.http.CrossOrigin;
import dev.sluice.http.HttpLimits;
import dev.sluice.http.address.TrustedProxies;
import dev.sluice.http.engine.HttpEngine;
import dev.sluice.http.engine.ServerSetup;
import dev.sluice.http.outbound.UpstreamProtocol;
import dev.sluice.proxy.Refusal;
import dev.sluice.simulator.Simulator;
import dev.sluice.simulator.SimulatorSettings;
import java.net.InetAddress;
import java.time.Clock;
import java.util.concurrent.ExecutionException;

/** The simulated provider on a port of its own. */
public final class SimulatedProvider implements Service {
    private final HttpEngine engine;
    private final Simulator simulator;
    private final String url;

    private SimulatedProvider(HttpEngine engine, Simulator simulator, String url) {
        this.engine = engine;
        this.simulator = simulator;
        this.url = url;
    }

    static SimulatedProvider start(String host, int port) throws InterruptedException {
        return start(host, port, SimulatorSettings.DEFAULT);
    }

    /** Port 0 takes a free one. */
    public static SimulatedProvider start(String host, int port, SimulatorSettings settings)
            throws InterruptedException {
        Clock clock = Clock.systemUTC();
        Simulator simulator = new Simulator(settings, clock);
        HttpEngine engine =
                new HttpEngine(
                        HttpLimits.standard(),
                        UpstreamProtocol.HTTP_1_1,
                        System::nanoTime,
                        InetAddress::getAllByName);
        OpenAiChatDialect errors = new OpenAiChatDialect();
        ServerSetup setup =
                new ServerSetup(
                        simulator.routes(),
                        (exchange, failure) -> Refusal.of(failure).response(errors, exchange.id()),
                        CrossOrigin.NONE,
                        TrustedProxies.NONE,
                        new TimeOrderedIds(clock));
        try {
            int bound =
                    engine.server(setup)
                            .start(host, port, null)
                            .toCompletionStage()
                            .toCompletableFuture()
                            .get();
            return new SimulatedProvider(engine, simulator, "http://" + host + ":" + bound);
        } catch (ExecutionException unavailable) {
            engine.close();
            throw new IllegalStateException(
                    "cannot listen on " + host + ":" + port + ": " + unavailable.getCause(),
                    unavailable);
        }
    }

    @Override
    public String url() {
        return url;
    }

    public Simulator simulator() {
        return simulator;
    }

    @Override
    public void close() {
        engine.close();
    }
}
