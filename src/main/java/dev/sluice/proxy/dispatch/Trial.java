package dev.sluice.proxy.dispatch;

import dev.sluice.chat.UpstreamError;
import dev.sluice.http.client.OutboundCall;
import dev.sluice.proxy.call.Call;
import dev.sluice.proxy.call.Delivery;
import dev.sluice.proxy.dispatch.Dispatcher.Means;
import dev.sluice.proxy.dispatch.Dispatcher.Order;
import dev.sluice.proxy.dispatch.attempt.Answer;
import dev.sluice.proxy.dispatch.attempt.Attempt;
import dev.sluice.proxy.dispatch.attempt.AttemptFailed;
import dev.sluice.proxy.dispatch.attempt.Outgoing;
import dev.sluice.proxy.dispatch.failure.FailureClass;
import dev.sluice.proxy.dispatch.visit.Visit;
import dev.sluice.proxy.route.Candidate;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One attempt with all that belongs to it: the visit, its line in the record, the lease's share.
 */
final class Trial {
    private final Candidate candidate;
    private final Visit visit;
    private final Outgoing outgoing;
    private final Order order;
    private final Call.AttemptLog log;
    private final Attempt attempt;

    /** Ends the slower one of two attempts; not a failure of anybody. */
    private static final class Outrun extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Outrun() {
            super("another attempt was faster", null, false, false);
        }
    }

    /**
     * @param patience until there must be output
     */
    Trial(Prepared prepared, Order order, Call call, Means means, Duration patience) {
        this.candidate = prepared.candidate();
        this.visit = prepared.visit();
        this.outgoing = prepared.outgoing();
        this.order = order;
        this.log =
                call.attempts(
                        candidate,
                        outgoing.key() == null ? null : outgoing.key().label(),
                        outgoing.target(),
                        outgoing.warnings());
        this.attempt =
                new Attempt(
                        candidate,
                        outgoing,
                        order.exchange(),
                        new Attempt.Patience(means.limits(), patience, means.clock()));
    }

    /** What can be sent. */
    record Prepared(Candidate candidate, Visit visit, Outgoing outgoing) {}

    Candidate candidate() {
        return candidate;
    }

    @Nullable String keyLabel() {
        return outgoing.key() == null ? null : outgoing.key().label();
    }

    /** {@return whether the upstream may take it without what it refused with that error} */
    boolean canBeMended(UpstreamError refusal) {
        return outgoing.mended(refusal) != null;
    }

    /** {@return the answer at its commit point; fails as the attempt does} */
    Future<Answer> start(Means means) {
        visit.begin();
        return sent(means)
                .onSuccess(answer -> {
                    visit.answered(answer.headers(), answer instanceof Answer.Streamed);
                    log.ended(answer.status(), "answered", null);
                })
                .onFailure(this::failed);
    }

    private Future<Answer> sent(Means means) {
        try {
            OutboundCall sent = means.client().send(outgoing.request());
            return attempt.start(sent, order.request().stream());
        } catch (RuntimeException unsendable) {
            return Future.failedFuture(unsendable);
        }
    }

    /** Its answer is the one that the client gets. {@return who is to be told how that ends} */
    Consumer<Delivery> serves() {
        // Where another was asked beside it, that one had the share last.
        order.lease().takeShareFor(candidate);
        log.serves();
        return visit::delivered;
    }

    /** Stops it; it fails with that reason unless it is over. */
    void abandon(RuntimeException reason) {
        attempt.abandon(reason);
    }

    /** Nobody wants its answer any more. */
    void discard() {
        visit.abandoned();
        outrun();
    }

    /** Stops it: another attempt was faster. */
    void outrun() {
        attempt.abandon(new Outrun());
    }

    private void failed(Throwable failure) {
        switch (failure) {
            case AttemptFailed failed -> {
                UpstreamError error = failed.error();
                if (saysOnlyOfThisTask(failed.failureClass())) {
                    visit.abandoned();
                } else {
                    visit.failed(failed.failureClass(), error.retryAfterMillis());
                }
                log.ended(
                        error.status() == 0 ? null : error.status(),
                        failed.failureClass().wireName(),
                        masked(error.message()));
            }
            case Outrun _ -> {
                visit.outrun(order.request().stream());
                log.ended(null, "outrun", null);
                if (!order.plan().conduct().hedging().billsBoth()) {
                    return;
                }
            }
            default -> {
                visit.abandoned();
                log.ended(null, "gateway_error", failure.getClass().getSimpleName());
            }
        }
        if (AttemptFailed.mayBeBilled(failure)) {
            order.lease().lost(candidate);
        }
    }

    /** A model that does not embed may well chat: it is not gone, nor the key refused, for all. */
    private boolean saysOnlyOfThisTask(FailureClass failure) {
        return order.request().isTask()
                && (failure == FailureClass.MODEL_GONE || failure == FailureClass.FORBIDDEN);
    }

    /** An upstream may echo the key it refuses. */
    private String masked(String text) {
        return outgoing.key() == null ? text : text.replace(outgoing.key().secret().value(), "***");
    }
}
