package dev.sluice.simulator.openai.tasks;

import dev.sluice.simulator.behaviour.Behaviour;
import dev.sluice.simulator.endpoint.Answer;
import dev.sluice.simulator.endpoint.Endpoint;
import dev.sluice.simulator.endpoint.ErrorShape;
import dev.sluice.simulator.endpoint.Incoming;
import dev.sluice.simulator.endpoint.ModelName;
import dev.sluice.simulator.endpoint.Models;
import dev.sluice.simulator.endpoint.Refusal;
import dev.sluice.simulator.openai.Fields;
import dev.sluice.simulator.openai.OpenAiErrors;
import tools.jackson.databind.node.ObjectNode;

/** An endpoint whose JSON request names a model and is answered in OpenAI's manner. */
public final class Task implements Endpoint {
    private final Models models;
    private final Work work;
    private final ErrorShape errors = new OpenAiErrors();

    /** What one kind of task does with its request. */
    @FunctionalInterface
    public interface Work {
        Answer.Content answer(Job job) throws Refusal;
    }

    /**
     * @param model the model's name without directives
     */
    public record Job(String model, Behaviour behaviour, ObjectNode body, Incoming incoming) {}

    public Task(Models models, Work work) {
        this.models = models;
        this.work = work;
    }

    @Override
    public Answer answer(Incoming incoming) throws Refusal {
        ObjectNode body = incoming.json();
        ModelName model = Fields.model(body);
        Behaviour behaviour = incoming.behaviour(model);
        String name = OpenAiErrors.checked(models, model.name());
        Answer.Content content = work.answer(new Job(name, behaviour, body, incoming));
        return new Answer(name, behaviour, errors, OpenAiErrors.HEADERS, content);
    }

    @Override
    public ErrorShape errors(Incoming incoming) {
        return errors;
    }
}
