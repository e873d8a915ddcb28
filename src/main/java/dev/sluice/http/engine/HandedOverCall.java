package dev.sluice.http.engine;

import dev.sluice.http.client.OutboundAnswer;
import dev.sluice.http.client.OutboundCall;
import dev.sluice.http.client.OutboundRequest;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import org.jspecify.annotations.Nullable;

/** A call that was asked for outside of the event loops, and is made on one of them. */
final class HandedOverCall implements OutboundCall {
    private final HttpEngine.Loop loop;
    private final Promise<OutboundAnswer> answer = Promise.promise();
    private @Nullable OutboundCall call;
    private boolean cancelled;

    HandedOverCall(HttpEngine.Loop loop, OutboundRequest request) {
        this.loop = loop;
        loop.context().runOnContext(_ -> start(request));
    }

    @Override
    public Future<OutboundAnswer> answer() {
        return answer.future();
    }

    @Override
    public void cancel() {
        loop.context()
                .runOnContext(_ -> {
                    cancelled = true;
                    if (call != null) {
                        call.cancel();
                    }
                });
    }

    private void start(OutboundRequest request) {
        OutboundCall started;
        try {
            started = loop.pool().send(request, loop.context().duplicate());
        } catch (RuntimeException refused) {
            answer.fail(refused);
            return;
        }
        call = started;
        started.answer().onComplete(answer);
        if (cancelled) {
            started.cancel();
        }
    }
}
