package dev.sluice.http.engine;

import dev.sluice.http.client.Authorization;
import dev.sluice.http.client.OutboundAnswer;
import dev.sluice.http.client.OutboundCall;
import dev.sluice.http.client.OutboundFailure;
import dev.sluice.http.client.OutboundRequest;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A call that is given its credential before it is sent, and another one, once, if the upstream
 * answers 401. It stays on the event loop on which it was started; from elsewhere it goes on by
 * whichever thread has the credential.
 */
final class AuthorizedCall implements OutboundCall {
    private static final int UNAUTHORIZED = 401;

    private final Authorization authorization;
    private final Function<OutboundRequest, OutboundCall> sender;
    private final OutboundRequest request;
    private final Promise<OutboundAnswer> answer = Promise.promise();
    private @Nullable OutboundCall call;
    private boolean cancelled;

    AuthorizedCall(
            Authorization authorization,
            Function<OutboundRequest, OutboundCall> sender,
            OutboundRequest request) {
        this.authorization = authorization;
        this.sender = sender;
        this.request = request;
    }

    AuthorizedCall start() {
        here(authorization.authorized(request))
                .onSuccess(authorized -> send(authorized, true))
                .onFailure(answer::tryFail);
        return this;
    }

    @Override
    public Future<OutboundAnswer> answer() {
        return answer.future();
    }

    @Override
    public void cancel() {
        OutboundCall sent;
        synchronized (this) {
            cancelled = true;
            sent = call;
        }
        if (sent != null) {
            sent.cancel();
        }
        answer.tryFail(
                new OutboundFailure(OutboundFailure.Kind.CANCELLED, "The call was cancelled"));
    }

    private void send(OutboundRequest authorized, boolean isFirst) {
        OutboundCall sent = begun(authorized);
        if (sent != null) {
            sent.answer()
                    .onSuccess(head -> answered(authorized, head, isFirst))
                    .onFailure(answer::tryFail);
        }
    }

    /** {@return the call on its way; null if it was cancelled before, or cannot be sent} */
    private synchronized @Nullable OutboundCall begun(OutboundRequest authorized) {
        if (cancelled) {
            return null;
        }
        try {
            call = sender.apply(authorized);
            return call;
        } catch (RuntimeException unsendable) {
            answer.tryFail(unsendable);
            return null;
        }
    }

    private void answered(OutboundRequest sent, OutboundAnswer head, boolean isFirst) {
        if (head.status() != UNAUTHORIZED || !isFirst || sent.bodyStream() != null) {
            answer.tryComplete(head);
            return;
        }
        here(authorization.renewed(sent))
                .onSuccess(renewed -> {
                    head.cancel();
                    send(renewed, false);
                })
                .onFailure(_ -> answer.tryComplete(head));
    }

    /** {@return the same, completed on the event loop that asks for it} */
    private static <T> Future<T> here(Future<T> elsewhere) {
        Context own = Vertx.currentContext();
        if (own == null || elsewhere.isComplete()) {
            return elsewhere;
        }
        Promise<T> here = Promise.promise();
        elsewhere.onComplete(outcome -> own.runOnContext(_ -> here.handle(outcome)));
        return here.future();
    }
}
