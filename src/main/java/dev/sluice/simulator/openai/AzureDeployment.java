package dev.sluice.simulator.openai;

import dev.sluice.simulator.endpoint.Answer;
import dev.sluice.simulator.endpoint.Endpoint;
import dev.sluice.simulator.endpoint.ErrorShape;
import dev.sluice.simulator.endpoint.Incoming;
import dev.sluice.simulator.endpoint.Refusal;
import dev.sluice.simulator.script.Json;
import tools.jackson.databind.node.ObjectNode;

/**
 * A path of Azure OpenAI that wants an {@code api-version}: below a deployment, which stands for
 * the model whatever the body says, or beside the deployments.
 */
public record AzureDeployment(Endpoint endpoint) implements Endpoint {

    @Override
    public Answer answer(Incoming incoming) throws Refusal {
        String version = incoming.query().first("api-version");
        if (version == null || version.isEmpty()) {
            throw new Refusal(404, "404", "Resource not found", null);
        }
        String deployment = incoming.pathParameter("deployment");
        String type = String.valueOf(incoming.headers().get("content-type"));
        if (deployment.isEmpty() || !type.startsWith("application/json")) {
            return endpoint.answer(incoming);
        }
        ObjectNode body = incoming.json();
        body.put("model", deployment);
        return endpoint.answer(incoming.with(Json.bytes(body)));
    }

    @Override
    public ErrorShape errors(Incoming incoming) {
        return endpoint.errors(incoming);
    }
}
