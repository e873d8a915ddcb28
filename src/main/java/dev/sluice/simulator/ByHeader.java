package dev.sluice.simulator;

import dev.sluice.simulator.endpoint.Answer;
import dev.sluice.simulator.endpoint.Endpoint;
import dev.sluice.simulator.endpoint.ErrorShape;
import dev.sluice.simulator.endpoint.Incoming;
import dev.sluice.simulator.endpoint.Refusal;

/** A path that two dialects share: a header tells whose it is. */
record ByHeader(String header, Endpoint present, Endpoint absent) implements Endpoint {

    @Override
    public Answer answer(Incoming incoming) throws Refusal {
        return chosen(incoming).answer(incoming);
    }

    @Override
    public ErrorShape errors(Incoming incoming) {
        return chosen(incoming).errors(incoming);
    }

    private Endpoint chosen(Incoming incoming) {
        return incoming.headers().contains(header) ? present : absent;
    }
}
