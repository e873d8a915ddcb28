package dev.sluice.simulator.gemini;

import dev.sluice.http.Headers;
import dev.sluice.simulator.behaviour.Behaviour;
import dev.sluice.simulator.behaviour.Directive;
import dev.sluice.simulator.endpoint.Answer;
import dev.sluice.simulator.endpoint.Endpoint;
import dev.sluice.simulator.endpoint.ErrorShape;
import dev.sluice.simulator.endpoint.Incoming;
import dev.sluice.simulator.endpoint.Models;
import dev.sluice.simulator.endpoint.Refusal;
import dev.sluice.simulator.script.Ask;
import dev.sluice.simulator.script.Json;
import dev.sluice.simulator.script.Script;
import dev.sluice.simulator.script.Scriptwriter;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * {@code POST /v1beta/models/{model}:generateContent}, {@code :streamGenerateContent}, {@code
 * :countTokens}.
 */
public final class GeminiEndpoint implements Endpoint {
    private final Models models;
    private final GeminiReader reader;
    private final Scriptwriter scriptwriter = new Scriptwriter();

    public GeminiEndpoint(Models models) {
        this.models = models;
        this.reader = new GeminiReader(models.strict());
    }

    @Override
    public Answer answer(Incoming incoming) throws Refusal {
        GeminiCall call = GeminiCall.of(incoming);
        Behaviour behaviour = incoming.behaviour(call.model());
        String name = GeminiErrors.checked(models, call.model().name());
        boolean array = !"sse".equals(incoming.query().first("alt"));
        Answer.Content content =
                switch (call.method()) {
                    case "generateContent" -> generate(incoming, name, behaviour, false, array);
                    case "streamGenerateContent" ->
                            generate(incoming, name, behaviour, true, array);
                    case "countTokens" -> count(incoming.json());
                    default ->
                            throw new Refusal(
                                    404, null, "There is no method " + call.method() + ".", null);
                };
        boolean inArray = array && content instanceof Answer.Events;
        ErrorShape errors = GeminiErrors.of(behaviour, inArray);
        return new Answer(name, behaviour, errors, Headers.EMPTY, content);
    }

    @Override
    public ErrorShape errors(Incoming incoming) {
        return GeminiErrors.PLAIN;
    }

    private Answer.Content generate(
            Incoming incoming, String model, Behaviour behaviour, boolean asked, boolean array)
            throws Refusal {
        Ask ask = reader.read(incoming.json(), model, behaviour, incoming.fingerprint());
        Script script = scriptwriter.write(ask);
        GeminiAnswer answer = new GeminiAnswer(ask, script);
        boolean always = behaviour.has(Directive.ALWAYS_STREAM);
        if (!always && (!asked || behaviour.has(Directive.NEVER_STREAM))) {
            return Answer.json(answer.whole());
        }
        boolean asArray = array && asked;
        return new Answer.Events(
                asArray ? Answer.JSON : Answer.EVENT_STREAM,
                new GeminiEvents(answer, script, asArray).frames());
    }

    private Answer.Content count(ObjectNode body) throws Refusal {
        JsonNode inner = GeminiReader.field(body, "generateContentRequest");
        int tokens = reader.conversation(inner.isMissingNode() ? body : inner).inputTokens();
        ObjectNode answer = Json.object().put("totalTokens", tokens);
        answer.putArray("promptTokensDetails")
                .addObject()
                .put("modality", "TEXT")
                .put("tokenCount", tokens);
        return Answer.json(answer);
    }
}
