package dev.sluice.simulator;

import dev.sluice.http.Route;
import dev.sluice.http.Rule;
import dev.sluice.simulator.anthropic.BedrockCounts;
import dev.sluice.simulator.anthropic.BedrockMessages;
import dev.sluice.simulator.anthropic.VertexMessages;
import dev.sluice.simulator.behaviour.FaultGate;
import dev.sluice.simulator.cloud.AwsEntrance;
import dev.sluice.simulator.cloud.EntraTokens;
import dev.sluice.simulator.cloud.GoogleCloud;
import dev.sluice.simulator.cloud.IssuedTokens;
import dev.sluice.simulator.delivery.ApiKeyEntrance;
import dev.sluice.simulator.delivery.AzureEntrance;
import dev.sluice.simulator.delivery.Entrance;
import dev.sluice.simulator.delivery.Sightings;
import dev.sluice.simulator.delivery.Stage;
import dev.sluice.simulator.endpoint.Endpoint;
import dev.sluice.simulator.endpoint.Models;
import dev.sluice.simulator.gemini.GeminiEndpoint;
import dev.sluice.simulator.gemini.GeminiEndpoint.Method;
import dev.sluice.simulator.openai.AzureDeployment;
import dev.sluice.simulator.openai.ModelsEndpoint;
import dev.sluice.simulator.openai.chat.ChatEndpoint;
import dev.sluice.simulator.openai.responses.ResponsesEndpoint;
import dev.sluice.simulator.openai.responses.StoredResponses;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The clouds' own paths, and where their access tokens are issued. */
final class CloudRoutes {
    private static final String VERTEX =
            "/v1/projects/{project}/locations/{location}/publishers/%s/models/{model...}:";

    private final Rule rule;
    private final Models models;
    private final Clock clock;
    private final Stage cloud;
    private final Stage azure;
    private final Stage open;
    private final GoogleCloud accounts;
    private final EntraTokens entra;

    /** Where requests are seen, and faults counted. */
    record Watch(FaultGate gate, Sightings sightings) {
        Stage stage(Entrance entrance) {
            return new Stage(entrance, gate, sightings);
        }
    }

    CloudRoutes(SimulatorSettings settings, Models models, Watch watch, Clock clock, Rule rule) {
        this.rule = rule;
        this.models = models;
        this.clock = clock;
        IssuedTokens tokens = new IssuedTokens(clock);
        Entrance keys = new ApiKeyEntrance(settings.apiKey());
        this.cloud = watch.stage(new AwsEntrance(settings.apiKey(), clock, tokens.or(keys)));
        this.azure = watch.stage(tokens.or(new AzureEntrance(settings.apiKey())));
        this.open = watch.stage(Entrance.OPEN);
        this.accounts = new GoogleCloud(clock, tokens);
        this.entra = new EntraTokens(tokens, settings.apiKey());
    }

    /**
     * {@return all of them}
     *
     * @param tasks what OpenAI has beside chat and responses, by its path
     */
    List<Route> routes(Map<String, Endpoint> tasks) {
        List<Route> routes = new ArrayList<>(vertex());
        routes.addAll(azure(tasks));
        routes.addAll(bedrock());
        routes.addAll(accounts());
        return routes;
    }

    private List<Route> vertex() {
        List<Route> routes = new ArrayList<>();
        for (Method method : Method.values()) {
            String template = VERTEX.formatted("google") + method.word();
            routes.add(route("POST", template, cloud, new GeminiEndpoint(models, method)));
        }
        String claude = VERTEX.formatted("anthropic");
        routes.add(route("POST", claude + "rawPredict", cloud, new VertexMessages(models, false)));
        routes.add(
                route(
                        "POST",
                        claude + "streamRawPredict",
                        cloud,
                        new VertexMessages(models, true)));
        return routes;
    }

    /**
     * Azure and Bedrock have OpenAI's paths below {@code /openai/v1}; Azure older ones by
     * deployment.
     */
    private List<Route> azure(Map<String, Endpoint> tasks) {
        Map<String, Endpoint> asked = new HashMap<>(tasks);
        asked.put("chat/completions", new ChatEndpoint(models, clock));
        Endpoint responses = new ResponsesEndpoint(models, new StoredResponses(), clock);
        Endpoint list = new ModelsEndpoint(models);
        List<Route> routes = new ArrayList<>();
        asked.forEach((path, endpoint) -> {
            Endpoint byDeployment = new AzureDeployment(endpoint);
            String deployment = "/openai/deployments/{deployment}/" + path;
            routes.add(route("POST", "/openai/v1/" + path, cloud, endpoint));
            routes.add(route("POST", deployment, azure, byDeployment));
        });
        routes.add(route("POST", "/openai/v1/responses", cloud, responses));
        routes.add(route("GET", "/openai/v1/models", cloud, list));
        routes.add(route("POST", "/openai/responses", azure, new AzureDeployment(responses)));
        routes.add(route("GET", "/openai/models", azure, new AzureDeployment(list)));
        return routes;
    }

    private List<Route> bedrock() {
        String model = "/model/{model}/";
        return List.of(
                route("POST", model + "count-tokens", cloud, new BedrockCounts(models)),
                route("POST", model + "invoke", cloud, new BedrockMessages(models, false)),
                route(
                        "POST",
                        model + "invoke-with-response-stream",
                        cloud,
                        new BedrockMessages(models, true)));
    }

    private List<Route> accounts() {
        return List.of(
                route("POST", GoogleCloud.TOKEN_PATH, open, accounts.token()),
                route(
                        "GET",
                        "/simulator/google/service-accounts/{name}",
                        open,
                        accounts.serviceAccount()),
                route("DELETE", "/simulator/google/tokens", open, accounts.revocation()),
                route("POST", "/{tenant}/oauth2/v2.0/token", open, entra));
    }

    private Route route(String method, String template, Stage stage, Endpoint endpoint) {
        return new Route(method, template, rule, stage.handler(endpoint));
    }
}
