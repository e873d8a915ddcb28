package dev.sluice.simulator;

import dev.sluice.http.Route;
import dev.sluice.http.Rule;
import dev.sluice.simulator.behaviour.FaultGate;
import dev.sluice.simulator.delivery.Sightings;
import dev.sluice.simulator.delivery.Stage;
import dev.sluice.simulator.endpoint.Endpoint;
import dev.sluice.simulator.endpoint.Models;
import dev.sluice.simulator.openai.ModelsEndpoint;
import dev.sluice.simulator.openai.chat.ChatEndpoint;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;

/**
 * A provider that needs no provider. The same request is always answered with the same bytes, but
 * for the time in them.
 */
public final class Simulator {
    /** It guards itself, by the key in its settings. */
    private static final Rule OPEN = () -> "simulator";

    private final Clock clock;
    private final Models models;
    private final FaultGate gate = new FaultGate();
    private final Sightings sightings;
    private final Stage stage;

    public Simulator(SimulatorSettings settings, Clock clock) {
        this.clock = clock;
        this.models = new Models(settings.models(), settings.strict());
        this.sightings = new Sightings(settings.sightings(), clock);
        this.stage = new Stage(settings.apiKey(), gate, sightings);
    }

    /** {@return what was seen so far; empty unless the settings ask for it} */
    public Sightings sightings() {
        return sightings;
    }

    public List<Route> routes() {
        List<Route> routes = new ArrayList<>();
        ModelsEndpoint list = new ModelsEndpoint(models);
        routes.add(get("/v1/models", list));
        routes.add(get("/v1/models/{id}", list));
        routes.add(post("/v1/chat/completions", new ChatEndpoint(models, clock)));
        routes.addAll(new SightingRoutes(sightings, gate).routes(OPEN));
        return List.copyOf(routes);
    }

    private Route get(String template, Endpoint endpoint) {
        return new Route("GET", template, OPEN, stage.handler(endpoint));
    }

    private Route post(String template, Endpoint endpoint) {
        return new Route("POST", template, OPEN, stage.handler(endpoint));
    }
}
