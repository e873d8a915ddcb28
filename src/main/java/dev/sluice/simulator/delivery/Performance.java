package dev.sluice.simulator.delivery;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sluice.http.Exchange;
import dev.sluice.http.Headers;
import dev.sluice.http.Response;
import dev.sluice.simulator.behaviour.Behaviour;
import dev.sluice.simulator.behaviour.Directive;
import dev.sluice.simulator.endpoint.Answer;
import dev.sluice.simulator.endpoint.ErrorShape;
import dev.sluice.simulator.endpoint.Refusal;
import io.vertx.core.buffer.Buffer;

/** One answer on its way: what is decided before anything is sent. Lives on the exchange's loop. */
final class Performance {
    private static final byte[] HTML =
            "<!DOCTYPE html><html><head><title>Sign in</title></head><body><h1>Sign in to continue</h1></body></html>"
                    .getBytes(UTF_8);

    private final Exchange exchange;
    private final Sightings sightings;
    private final Sighting sighting;

    Performance(Exchange exchange, Sightings sightings, Sighting sighting) {
        this.exchange = exchange;
        this.sightings = sightings;
        this.sighting = sighting;
    }

    void begin(Answer answer) {
        long delay = answer.behaviour().duration(Directive.DELAY).toMillis();
        if (delay == 0) {
            act(answer);
            return;
        }
        Exchange.Timer timer = exchange.after(delay, () -> act(answer));
        exchange.onClientGone(timer::cancel);
    }

    void refuse(ErrorShape errors, Throwable failure) {
        Refusal refusal =
                failure instanceof Refusal known
                        ? known
                        : new Refusal(500, null, "The simulator failed: " + failure, null);
        send(errors.status(refusal), Headers.EMPTY, Answer.JSON, errors.body(refusal));
    }

    private void act(Answer answer) {
        Behaviour behaviour = answer.behaviour();
        if (behaviour.has(Directive.HANG)) {
            return;
        }
        if (behaviour.has(Directive.STATUS)) {
            sendStatus(answer);
        } else if (behaviour.has(Directive.ERROR_200)) {
            Refusal refusal = Refusal.simulated(behaviour.count(Directive.ERROR, 500));
            send(200, answer.headers(), Answer.JSON, answer.errors().body(refusal));
        } else if (behaviour.has(Directive.HTML)) {
            send(200, Headers.EMPTY, "text/html; charset=utf-8", HTML);
        } else if (behaviour.has(Directive.EMPTY)) {
            send(200, answer.headers(), answer.content().type(), new byte[0]);
        } else if (behaviour.has(Directive.EMPTY_STREAM)) {
            send(200, answer.headers(), Answer.EVENT_STREAM, new byte[0]);
        } else {
            sendContent(answer);
        }
    }

    private void sendStatus(Answer answer) {
        Behaviour behaviour = answer.behaviour();
        Refusal refusal = Refusal.simulated(behaviour.count(Directive.STATUS, 500));
        FaultyBody body = FaultyBody.of(behaviour.text(Directive.BODY, "dialect"), answer, refusal);
        send(refusal.status(), headers(answer), body.type(), body.bytes());
    }

    /** {@return the answer's headers} Providers send {@code retry-after} with a 200, too. */
    private Headers headers(Answer answer) {
        String retryAfter = answer.behaviour().text(Directive.RETRY_AFTER);
        return retryAfter == null
                ? answer.headers()
                : answer.headers()
                        .with("retry-after", RetryAfter.header(retryAfter, sighting.at()));
    }

    private void sendContent(Answer answer) {
        Headers headers = headers(answer);
        if (answer.behaviour().has(Directive.GZIP)) {
            headers = headers.with("content-encoding", "gzip");
        }
        if (answer.behaviour().isPlain() && answer.content() instanceof Answer.Whole whole) {
            send(200, headers, whole.type(), whole.bytes());
            return;
        }
        String type = answer.behaviour().text(Directive.CONTENT_TYPE, answer.content().type());
        sighting.began(200);
        new FrameSender(exchange, sightings, sighting, answer)
                .begin(headers.with("content-type", type));
    }

    private void send(int status, Headers headers, String type, byte[] body) {
        sighting.began(status);
        Response response =
                new Response(status, headers.with("content-type", type), Buffer.buffer(body));
        exchange.respond(response)
                .onSuccess(_ -> {
                    sighting.sent(1);
                    sightings.ended(sighting, Sighting.Outcome.ANSWERED);
                })
                .onFailure(_ -> sightings.ended(sighting, Sighting.Outcome.CLIENT_LEFT));
    }
}
