package dev.sluice.simulator.openai.chat;

import dev.sluice.simulator.endpoint.Answer;
import dev.sluice.simulator.endpoint.Endpoint;
import dev.sluice.simulator.endpoint.ErrorShape;
import dev.sluice.simulator.endpoint.Incoming;
import dev.sluice.simulator.endpoint.Models;
import dev.sluice.simulator.endpoint.Refusal;
import dev.sluice.simulator.openai.OpenAiErrors;
import dev.sluice.simulator.script.Ask;
import dev.sluice.simulator.script.Script;
import dev.sluice.simulator.script.Scriptwriter;
import java.time.Clock;

/** {@code POST /v1/chat/completions}. */
public final class ChatEndpoint implements Endpoint {
    private final ChatReader reader;
    private final Clock clock;
    private final Scriptwriter scriptwriter = new Scriptwriter();
    private final ErrorShape errors = new OpenAiErrors();

    public ChatEndpoint(Models models, Clock clock) {
        this.reader = new ChatReader(models);
        this.clock = clock;
    }

    @Override
    public Answer answer(Incoming incoming) throws Refusal {
        ChatRequest request = reader.read(incoming);
        Ask ask = request.ask();
        Script script = scriptwriter.write(ask);
        long created = clock.instant().getEpochSecond();
        Answer.Content content =
                request.stream()
                        ? Answer.events(new ChatEvents(request, script, created).frames())
                        : Answer.json(ChatAnswer.of(ask, script, created));
        return new Answer(ask.model(), ask.behaviour(), errors, OpenAiErrors.HEADERS, content);
    }

    @Override
    public ErrorShape errors(Incoming incoming) {
        return errors;
    }
}
