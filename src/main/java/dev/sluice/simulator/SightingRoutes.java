package dev.sluice.simulator;

import dev.sluice.http.Exchange;
import dev.sluice.http.Headers;
import dev.sluice.http.Response;
import dev.sluice.http.Route;
import dev.sluice.http.Rule;
import dev.sluice.simulator.behaviour.FaultGate;
import dev.sluice.simulator.delivery.Sighting;
import dev.sluice.simulator.delivery.Sightings;
import dev.sluice.simulator.script.Json;
import java.util.List;
import java.util.Locale;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** What was seen, over HTTP: {@code GET} lists it, {@code DELETE} forgets it and counts anew. */
final class SightingRoutes {
    private static final String PATH = "/simulator/sightings";

    private final Sightings sightings;
    private final FaultGate gate;

    SightingRoutes(Sightings sightings, FaultGate gate) {
        this.sightings = sightings;
        this.gate = gate;
    }

    List<Route> routes(Rule rule) {
        if (!sightings.isRecording()) {
            return List.of();
        }
        return List.of(
                new Route("GET", PATH, rule, this::list),
                new Route("DELETE", PATH, rule, this::reset));
    }

    private void list(Exchange exchange) {
        ObjectNode body = Json.object().put("count", sightings.count());
        ArrayNode items = body.putArray("items");
        sightings.all().forEach(sighting -> items.add(json(sighting)));
        exchange.respond(Response.json(200, Json.text(body)));
    }

    private void reset(Exchange exchange) {
        sightings.reset();
        gate.reset();
        exchange.respond(Response.empty(204));
    }

    private static ObjectNode json(Sighting sighting) {
        ObjectNode node = Json.object().put("number", sighting.number());
        node.put("at", sighting.at().toString());
        node.put("method", sighting.method()).put("target", sighting.target());
        ArrayNode headers = node.putArray("headers");
        for (Headers.Header header : sighting.headers()) {
            headers.addObject().put("name", header.name()).put("value", header.value());
        }
        node.put("body", sighting.bodyText());
        node.put("status", sighting.status()).put("events", sighting.events());
        node.put("outcome", sighting.outcome().name().toLowerCase(Locale.ROOT));
        node.put("ended_at", sighting.endedAt() == null ? null : sighting.endedAt().toString());
        return node;
    }
}
