package dev.sluice.simulator.openai.responses;

import dev.sluice.simulator.endpoint.Answer;
import dev.sluice.simulator.endpoint.Endpoint;
import dev.sluice.simulator.endpoint.ErrorShape;
import dev.sluice.simulator.endpoint.Incoming;
import dev.sluice.simulator.endpoint.Models;
import dev.sluice.simulator.endpoint.Refusal;
import dev.sluice.simulator.openai.OpenAiErrors;
import dev.sluice.simulator.script.Script;
import dev.sluice.simulator.script.Scriptwriter;
import java.time.Clock;

/** {@code POST /v1/responses}. */
public final class ResponsesEndpoint implements Endpoint {
    private final ResponsesReader reader;
    private final StoredResponses stored;
    private final Clock clock;
    private final Scriptwriter scriptwriter = new Scriptwriter();
    private final ErrorShape errors = new OpenAiErrors();

    public ResponsesEndpoint(Models models, StoredResponses stored, Clock clock) {
        this.reader = new ResponsesReader(models, stored);
        this.stored = stored;
        this.clock = clock;
    }

    @Override
    public Answer answer(Incoming incoming) throws Refusal {
        ResponsesRequest request = reader.read(incoming);
        Script script = scriptwriter.write(request.ask());
        long created = clock.instant().getEpochSecond();
        ResponseObject response = new ResponseObject(request, script, created);
        if (request.stored()) {
            stored.put(response.id(), response.ended(), request.input());
        }
        return new Answer(
                request.ask().model(),
                request.ask().behaviour(),
                new ResponsesErrors(response),
                OpenAiErrors.HEADERS,
                content(request, script, response));
    }

    @Override
    public ErrorShape errors(Incoming incoming) {
        return errors;
    }

    private static Answer.Content content(
            ResponsesRequest request, Script script, ResponseObject response) {
        if (request.stream()) {
            return Answer.events(new ResponsesEvents(request, script, response).frames());
        }
        return Answer.json(request.background() ? response.inStatus("queued") : response.ended());
    }
}
