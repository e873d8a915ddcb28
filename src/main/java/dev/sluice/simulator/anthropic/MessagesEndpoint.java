package dev.sluice.simulator.anthropic;

import dev.sluice.simulator.behaviour.Behaviour;
import dev.sluice.simulator.endpoint.Answer;
import dev.sluice.simulator.endpoint.Endpoint;
import dev.sluice.simulator.endpoint.ErrorShape;
import dev.sluice.simulator.endpoint.Incoming;
import dev.sluice.simulator.endpoint.Models;
import dev.sluice.simulator.endpoint.Refusal;
import dev.sluice.simulator.script.Script;
import dev.sluice.simulator.script.Scriptwriter;

/** {@code POST /v1/messages}. */
public final class MessagesEndpoint implements Endpoint {
    private final MessagesReader reader;
    private final Scriptwriter scriptwriter = new Scriptwriter();
    private final ErrorShape errors = new AnthropicErrors();

    public MessagesEndpoint(Models models) {
        this.reader = new MessagesReader(models);
    }

    @Override
    public Answer answer(Incoming incoming) throws Refusal {
        MessagesReader.MessagesRequest request = reader.read(incoming);
        Script script = scriptwriter.write(request.ask());
        Behaviour behaviour = request.ask().behaviour();
        Answer.Content content =
                request.stream()
                        ? Answer.events(new MessagesEvents(script, behaviour).frames())
                        : Answer.json(MessagesAnswer.of(script, behaviour));
        return new Answer(
                request.ask().model(), behaviour, errors, AnthropicErrors.HEADERS, content);
    }

    @Override
    public ErrorShape errors(Incoming incoming) {
        return errors;
    }
}
