package dev.sluice.proxy.dispatch;

import dev.sluice.http.Exchange;
import dev.sluice.http.client.OutboundClient;
import dev.sluice.proxy.GatewayException;
import dev.sluice.proxy.InboundRequest;
import dev.sluice.proxy.admit.Lease;
import dev.sluice.proxy.call.Call;
import dev.sluice.proxy.dispatch.attempt.Answer;
import dev.sluice.proxy.dispatch.attempt.Attempt;
import dev.sluice.proxy.dispatch.attempt.OutgoingRequests;
import dev.sluice.proxy.dispatch.visit.Visits;
import dev.sluice.proxy.route.Plan;
import dev.sluice.proxy.route.memory.RoutingMemory;
import dev.sluice.proxy.transcript.Transcripts;
import io.vertx.core.Future;
import java.time.Clock;

/**
 * Walks plans: one {@link Attempt} after another until one has begun to answer with output.
 * Completes at that commit point, or fails with what the client is to be told.
 */
public final class Dispatcher {
    private final Means means;
    private final RoutingMemory memory;
    private final Transcripts transcripts;
    private final Walk.Extra extra;

    public Dispatcher(Means means, RoutingMemory memory, Transcripts transcripts) {
        this.means = means;
        this.memory = memory;
        this.transcripts = transcripts;
        this.extra = new Walk.Extra(new Retries(means.visits()), new Hedges(means.visits()));
    }

    /** What is walked, and for whom. */
    public record Order(Plan plan, InboundRequest request, Lease lease, Exchange exchange) {}

    /** What attempts are made with. */
    public record Means(
            OutboundClient client,
            OutgoingRequests requests,
            Visits visits,
            Attempt.Limits limits,
            Clock clock) {}

    /** {@return the answer at its commit point} Fails with {@link GatewayException}. */
    public Future<Answer> dispatch(Order order, Call call) {
        if (order.exchange().isClientGone()) {
            return Future.failedFuture(Endings.clientLeft());
        }
        call.overheardBy(
                transcripts.note(order.plan().conduct().session(), order.request().body()));
        extra.hedges().called(order.plan());
        return call.open()
                .compose(_ -> new Walk(order, call, means, extra).start())
                .onSuccess(walked -> bind(order, walked))
                .map(Walk.Walked::answer)
                .onSuccess(_ -> order.exchange().releaseBody());
    }

    /** A session stays where it was served; after a failover it moves there. */
    private void bind(Order order, Walk.Walked walked) {
        Plan.Conduct conduct = order.plan().conduct();
        if (conduct.session() != null && conduct.model() != null && walked.served() != null) {
            memory.bind(conduct.session(), conduct.model(), walked.served().targetId());
        }
    }
}
