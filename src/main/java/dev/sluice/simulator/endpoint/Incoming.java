package dev.sluice.simulator.endpoint;

import dev.sluice.http.Headers;
import dev.sluice.simulator.behaviour.Behaviour;
import dev.sluice.simulator.behaviour.BehaviourReader;
import dev.sluice.simulator.behaviour.UnknownDirective;
import dev.sluice.simulator.script.Fingerprint;
import dev.sluice.simulator.script.Json;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** A request with its whole body. */
public record Incoming(
        String path,
        Map<String, String> pathParameters,
        Query query,
        Headers headers,
        byte[] body) {
    private static final String HEADER = "x-simulate";

    /** The parameters in the query. */
    @FunctionalInterface
    public interface Query {
        @Nullable String first(String name);
    }

    /** {@return the same request with another body} */
    public Incoming with(byte[] other) {
        return new Incoming(path, pathParameters, query, headers, other);
    }

    public String pathParameter(String name) {
        return pathParameters.getOrDefault(name, "");
    }

    public Fingerprint fingerprint() {
        return Fingerprint.of(path, body);
    }

    public ObjectNode json() throws Refusal {
        return Json.read(body)
                .orElseThrow(() ->
                        Refusal.invalid(
                                "We could not parse the JSON body of your request: it has to be one JSON object.",
                                null));
    }

    /** {@return what the model's name and the header ask for} */
    public Behaviour behaviour(ModelName model) throws Refusal {
        try {
            return BehaviourReader.read(model.directives(), headers.get(HEADER));
        } catch (UnknownDirective unknown) {
            throw Refusal.invalid(String.valueOf(unknown.getMessage()), HEADER);
        }
    }
}
