package dev.sluice.simulator.delivery;

import dev.sluice.http.Exchange;
import dev.sluice.http.Handler;
import dev.sluice.http.Headers;
import dev.sluice.http.HttpFailure;
import dev.sluice.http.Response;
import dev.sluice.simulator.behaviour.FaultGate;
import dev.sluice.simulator.endpoint.Answer;
import dev.sluice.simulator.endpoint.Endpoint;
import dev.sluice.simulator.endpoint.ErrorShape;
import dev.sluice.simulator.endpoint.Incoming;
import dev.sluice.simulator.endpoint.Refusal;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;

/** Where an endpoint's answers are performed. */
public final class Stage {
    private static final int LARGE_BODY = 64 << 10;

    private final Entrance entrance;
    private final FaultGate gate;
    private final Sightings sightings;

    public Stage(Entrance entrance, FaultGate gate, Sightings sightings) {
        this.entrance = entrance;
        this.gate = gate;
        this.sightings = sightings;
    }

    public Handler handler(Endpoint endpoint) {
        return exchange ->
                exchange.body()
                        .onSuccess(body -> perform(exchange, endpoint, body.getBytes()))
                        .onFailure(failure -> unread(exchange, endpoint, failure));
    }

    private void perform(Exchange exchange, Endpoint endpoint, byte[] body) {
        Incoming incoming = incoming(exchange, body);
        exchange.releaseBody();
        Sighting sighting =
                sightings.see(
                        new Sighting.Request(
                                exchange.method(), target(exchange), exchange.headers(), body));
        exchange.onClientGone(() -> sightings.ended(sighting, Sighting.Outcome.CLIENT_LEFT));
        Performance performance = new Performance(exchange, sightings, sighting);
        decide(exchange, endpoint, incoming)
                .onSuccess(answer -> performance.begin(limited(answer)))
                .onFailure(failure -> performance.refuse(endpoint.errors(incoming), failure));
    }

    private Future<Answer> decide(Exchange exchange, Endpoint endpoint, Incoming incoming) {
        try {
            entrance.check(exchange, incoming.body());
            return incoming.body().length > LARGE_BODY
                    ? exchange.onWorker(() -> endpoint.answer(incoming))
                    : Future.succeededFuture(endpoint.answer(incoming));
        } catch (Refusal | RuntimeException refusal) {
            return Future.failedFuture(refusal);
        }
    }

    private Answer limited(Answer answer) {
        return new Answer(
                answer.model(),
                gate.pass(answer.model(), answer.behaviour()),
                answer.errors(),
                answer.headers(),
                answer.content());
    }

    private static void unread(Exchange exchange, Endpoint endpoint, Throwable failure) {
        if (exchange.isClientGone() || exchange.hasBegun()) {
            return;
        }
        Refusal refusal =
                failure instanceof HttpFailure http
                        ? new Refusal(
                                http.status(), http.code(), String.valueOf(http.getMessage()), null)
                        : Refusal.simulated(500);
        ErrorShape errors = endpoint.errors(incoming(exchange, new byte[0]));
        exchange.respond(
                new Response(
                        errors.status(refusal),
                        Headers.of("content-type", Answer.JSON),
                        Buffer.buffer(errors.body(refusal))));
    }

    private static Incoming incoming(Exchange exchange, byte[] body) {
        return new Incoming(
                exchange.path(),
                exchange.pathParameters(),
                exchange::queryParameter,
                exchange.headers(),
                body);
    }

    private static String target(Exchange exchange) {
        return exchange.query() == null
                ? exchange.path()
                : exchange.path() + "?" + exchange.query();
    }
}
