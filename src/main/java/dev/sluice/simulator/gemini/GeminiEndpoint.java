package dev.sluice.simulator.gemini;

import dev.sluice.http.Headers;
import dev.sluice.simulator.behaviour.Behaviour;
import dev.sluice.simulator.behaviour.Directive;
import dev.sluice.simulator.endpoint.Answer;
import dev.sluice.simulator.endpoint.Endpoint;
import dev.sluice.simulator.endpoint.ErrorShape;
import dev.sluice.simulator.endpoint.Incoming;
import dev.sluice.simulator.endpoint.ModelName;
import dev.sluice.simulator.endpoint.Models;
import dev.sluice.simulator.endpoint.Refusal;
import dev.sluice.simulator.script.Ask;
import dev.sluice.simulator.script.Json;
import dev.sluice.simulator.script.Script;
import dev.sluice.simulator.script.Scriptwriter;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code POST /v1beta/models/{model}:generateContent} and its like. */
public final class GeminiEndpoint implements Endpoint {
    private final Models models;
    private final Method method;
    private final GeminiReader reader;
    private final Scriptwriter scriptwriter = new Scriptwriter();

    /** What follows the colon in the path. */
    public enum Method {
        GENERATE("generateContent"),
        STREAM("streamGenerateContent"),
        COUNT("countTokens");

        private final String word;

        Method(String word) {
            this.word = word;
        }

        public String word() {
            return word;
        }
    }

    public GeminiEndpoint(Models models, Method method) {
        this.models = models;
        this.method = method;
        this.reader = new GeminiReader(models.strict());
    }

    @Override
    public Answer answer(Incoming incoming) throws Refusal {
        ModelName model = ModelName.of(incoming.pathParameter("model"));
        Behaviour behaviour = incoming.behaviour(model);
        String name = GeminiErrors.checked(models, model.name());
        Answer.Content content =
                method == Method.COUNT
                        ? count(incoming.json())
                        : generate(incoming, name, behaviour);
        boolean inArray =
                content instanceof Answer.Events && !content.type().equals(Answer.EVENT_STREAM);
        ErrorShape errors = GeminiErrors.of(behaviour, inArray);
        return new Answer(name, behaviour, errors, Headers.EMPTY, content);
    }

    @Override
    public ErrorShape errors(Incoming incoming) {
        return GeminiErrors.PLAIN;
    }

    private Answer.Content generate(Incoming incoming, String model, Behaviour behaviour)
            throws Refusal {
        Ask ask = reader.read(incoming.json(), model, behaviour, incoming.fingerprint());
        Script script = scriptwriter.write(ask);
        GeminiAnswer answer = new GeminiAnswer(ask, script);
        boolean asked = method == Method.STREAM;
        boolean always = behaviour.has(Directive.ALWAYS_STREAM);
        if (!always && (!asked || behaviour.has(Directive.NEVER_STREAM))) {
            return Answer.json(answer.whole());
        }
        boolean array = asked && !"sse".equals(incoming.query().first("alt"));
        return new Answer.Events(
                array ? Answer.JSON : Answer.EVENT_STREAM,
                new GeminiEvents(answer, script, array).frames());
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
