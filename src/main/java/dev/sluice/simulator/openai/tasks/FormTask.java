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

/** An endpoint whose request is a form with files. */
public final class FormTask implements Endpoint {
    private final Models models;
    private final Work work;
    private final ErrorShape errors = new OpenAiErrors();

    /** What one kind of task does with its form. */
    @FunctionalInterface
    interface Work {
        Answer.Content answer(Multipart form, Incoming incoming) throws Refusal;
    }

    private FormTask(Models models, Work work) {
        this.models = models;
        this.work = work;
    }

    /** {@return {@code POST /v1/images/edits}} */
    public static FormTask imageEdits(Models models, Images images) {
        return new FormTask(
                models,
                (form, _) -> {
                    int inputs = form.files("image").size();
                    if (inputs == 0) {
                        throw Fields.missing("image");
                    }
                    return Answer.json(images.answer(form.text("prompt"), 1, inputs));
                });
    }

    /** {@return {@code POST /v1/images/variations}} */
    public static FormTask imageVariations(Models models, Images images) {
        return new FormTask(
                models,
                (form, _) -> {
                    if (form.files("image").isEmpty()) {
                        throw Fields.missing("image");
                    }
                    return Answer.json(images.answer("a variation", 1, 1));
                });
    }

    /** {@return {@code POST /v1/audio/transcriptions}, or {@code /v1/audio/translations}} */
    public static FormTask transcriptions(Models models) {
        return new FormTask(models, Transcriptions::answer);
    }

    @Override
    public Answer answer(Incoming incoming) throws Refusal {
        Multipart form = Multipart.read(incoming);
        String text = form.text("model");
        if (text == null) {
            throw Refusal.invalid("you must provide a model parameter", "model");
        }
        ModelName model = ModelName.of(text);
        Behaviour behaviour = incoming.behaviour(model);
        String name = OpenAiErrors.checked(models, model.name());
        return new Answer(
                name, behaviour, errors, OpenAiErrors.HEADERS, work.answer(form, incoming));
    }

    @Override
    public ErrorShape errors(Incoming incoming) {
        return errors;
    }
}
