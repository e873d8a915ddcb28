package dev.sluice.simulator;

import dev.sluice.http.Headers;
import dev.sluice.http.HttpFailure;
import dev.sluice.http.Renderer;
import dev.sluice.http.Response;
import dev.sluice.http.Route;
import dev.sluice.http.Rule;
import dev.sluice.simulator.anthropic.AnthropicModels;
import dev.sluice.simulator.anthropic.CountTokensEndpoint;
import dev.sluice.simulator.anthropic.MessagesEndpoint;
import dev.sluice.simulator.behaviour.FaultGate;
import dev.sluice.simulator.delivery.ApiKeyEntrance;
import dev.sluice.simulator.delivery.Sightings;
import dev.sluice.simulator.delivery.Stage;
import dev.sluice.simulator.endpoint.Answer;
import dev.sluice.simulator.endpoint.Endpoint;
import dev.sluice.simulator.endpoint.ErrorShape;
import dev.sluice.simulator.endpoint.Models;
import dev.sluice.simulator.endpoint.Refusal;
import dev.sluice.simulator.gemini.GeminiEndpoint;
import dev.sluice.simulator.gemini.GeminiEndpoint.Method;
import dev.sluice.simulator.gemini.GeminiModels;
import dev.sluice.simulator.openai.ModelsEndpoint;
import dev.sluice.simulator.openai.OpenAiErrors;
import dev.sluice.simulator.openai.chat.ChatEndpoint;
import dev.sluice.simulator.openai.responses.InputTokensEndpoint;
import dev.sluice.simulator.openai.responses.ResponsesEndpoint;
import dev.sluice.simulator.openai.responses.StoredResponseEndpoint;
import dev.sluice.simulator.openai.responses.StoredResponseEndpoint.Action;
import dev.sluice.simulator.openai.responses.StoredResponses;
import dev.sluice.simulator.openai.tasks.Completions;
import dev.sluice.simulator.openai.tasks.Embeddings;
import dev.sluice.simulator.openai.tasks.FormTask;
import dev.sluice.simulator.openai.tasks.Images;
import dev.sluice.simulator.openai.tasks.Moderations;
import dev.sluice.simulator.openai.tasks.Rerank;
import dev.sluice.simulator.openai.tasks.Speech;
import dev.sluice.simulator.openai.tasks.Task;
import io.vertx.core.buffer.Buffer;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

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
    private final CloudRoutes clouds;

    public Simulator(SimulatorSettings settings, Clock clock) {
        this.clock = clock;
        this.models = new Models(settings.models(), settings.strict());
        this.sightings = new Sightings(settings.sightings(), clock);
        this.stage = new Stage(new ApiKeyEntrance(settings.apiKey()), gate, sightings);
        CloudRoutes.Watch watch = new CloudRoutes.Watch(gate, sightings);
        this.clouds = new CloudRoutes(settings, models, watch, clock, OPEN);
    }

    /** {@return what was seen so far; empty unless the settings ask for it} */
    public Sightings sightings() {
        return sightings;
    }

    /** {@return what says that a path is unknown or a request malformed, in OpenAI's shape} */
    public Renderer renderer() {
        ErrorShape errors = new OpenAiErrors();
        return (exchange, failure) -> {
            Refusal refusal =
                    failure instanceof HttpFailure http
                            ? new Refusal(http.status(), http.code(), text(http), null)
                            : Refusal.simulated(500);
            return new Response(
                    refusal.status(),
                    Headers.of("content-type", Answer.JSON),
                    Buffer.buffer(errors.body(refusal)));
        };
    }

    private static String text(HttpFailure failure) {
        return String.valueOf(failure.getMessage());
    }

    public List<Route> routes() {
        List<Route> routes = new ArrayList<>();
        Endpoint list =
                new ByHeader(
                        "anthropic-version",
                        new AnthropicModels(models),
                        new ModelsEndpoint(models));
        routes.add(get("/v1/models", list));
        routes.add(get("/v1/models/{id...}", list));
        routes.add(post("/v1/chat/completions", new ChatEndpoint(models, clock)));
        routes.add(post("/v1/messages", new MessagesEndpoint(models)));
        routes.add(post("/v1/messages/count_tokens", new CountTokensEndpoint(models)));
        routes.addAll(gemini());
        routes.addAll(responses());
        tasks().forEach((path, task) -> routes.add(post("/v1/" + path, task)));
        routes.addAll(clouds.routes(tasks()));
        routes.addAll(new SightingRoutes(sightings, gate).routes(OPEN));
        return List.copyOf(routes);
    }

    private List<Route> gemini() {
        List<Route> routes = new ArrayList<>();
        routes.add(get("/v1beta/models", new GeminiModels(models)));
        routes.add(get("/v1beta/models/{model...}", new GeminiModels(models)));
        for (Method method : Method.values()) {
            String template = "/v1beta/models/{model...}:" + method.word();
            routes.add(post(template, new GeminiEndpoint(models, method)));
        }
        return routes;
    }

    private List<Route> responses() {
        StoredResponses stored = new StoredResponses();
        String one = "/v1/responses/{id}";
        return List.of(
                post("/v1/responses", new ResponsesEndpoint(models, stored, clock)),
                post("/v1/responses/input_tokens", new InputTokensEndpoint(models, stored)),
                get(one, new StoredResponseEndpoint(stored, Action.READ)),
                route("DELETE", one, new StoredResponseEndpoint(stored, Action.DELETE)),
                post(one + "/cancel", new StoredResponseEndpoint(stored, Action.CANCEL)),
                get(one + "/input_items", new StoredResponseEndpoint(stored, Action.LIST_INPUT)));
    }

    private Map<String, Endpoint> tasks() {
        Images images = new Images(clock);
        return Map.of(
                "embeddings", new Task(models, Embeddings::answer),
                "completions", new Task(models, new Completions(clock)::answer),
                "moderations", new Task(models, Moderations::answer),
                "rerank", new Task(models, Rerank::answer),
                "images/generations", new Task(models, images::generate),
                "images/edits", FormTask.imageEdits(models, images),
                "images/variations", FormTask.imageVariations(models, images),
                "audio/speech", new Task(models, Speech::answer),
                "audio/transcriptions", FormTask.transcriptions(models),
                "audio/translations", FormTask.transcriptions(models));
    }

    private Route get(String template, Endpoint endpoint) {
        return route("GET", template, endpoint);
    }

    private Route post(String template, Endpoint endpoint) {
        return route("POST", template, endpoint);
    }

    private Route route(String method, String template, Endpoint endpoint) {
        return new Route(method, template, OPEN, stage.handler(endpoint));
    }
}
