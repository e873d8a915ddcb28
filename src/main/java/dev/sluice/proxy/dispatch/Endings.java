package dev.sluice.proxy.dispatch;

import dev.sluice.chat.ErrorKind;
import dev.sluice.chat.Loss;
import dev.sluice.chat.UpstreamError;
import dev.sluice.proxy.GatewayException;
import dev.sluice.proxy.dispatch.attempt.Answer;
import dev.sluice.proxy.dispatch.attempt.AttemptFailed;
import dev.sluice.proxy.dispatch.attempt.ClientErrors;
import dev.sluice.proxy.route.rank.Obstacle;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** What a client gets when nothing is left to try. */
final class Endings {
    private Endings() {}

    /**
     * {@return the upstream's own words where they are for the client and in its dialect, else
     * ours}
     */
    static Future<Answer> of(AttemptFailed failed) {
        AttemptFailed.Spoken spoken = failed.spoken();
        if (failed.failureClass().isTheOperators()
                || spoken == null
                || spoken.status() < 400
                || !looksLikeAnError(spoken.body())) {
            return Future.failedFuture(ClientErrors.exception(failed));
        }
        UpstreamError error = failed.error();
        String code = error.code() == null ? failed.failureClass().wireName() : error.code();
        return Future.succeededFuture(
                new Answer.Refused(
                        spoken.status(),
                        spoken.headers(),
                        Buffer.buffer(spoken.body()),
                        code,
                        error.message()));
    }

    private static boolean looksLikeAnError(byte[] body) {
        return body.length > 1 && body[0] == '{' && body[body.length - 1] == '}';
    }

    /** No candidate could be asked at all. */
    static GatewayException nobody(@Nullable Loss unsayable, @Nullable Obstacle obstacle) {
        if (unsayable != null) {
            String message =
                    unsayable.isRefusal()
                            ? unsayable.message()
                                    + " Leave it out, or send 'x-sluice-translation: lenient' to"
                                    + " go on without it."
                            : unsayable.message();
            return GatewayException.parameter("unsupported_parameter", message, unsayable.param());
        }
        return obstacle == Obstacle.FULL
                ? GatewayException.overloaded(
                        "upstream_busy",
                        "The upstreams of this model have as many calls as they may have; try"
                                + " again.")
                : GatewayException.overloaded(
                        "no_candidate", "No upstream can take this call at the moment.");
    }

    /** Who could be asked said for how long not to be. */
    static GatewayException limited(long nanos) {
        return GatewayException.upstreamLimited(TimeUnit.NANOSECONDS.toMillis(nanos) + 1);
    }

    static GatewayException clientLeft() {
        return GatewayException.client(
                ErrorKind.BAD_REQUEST, "client_left", "The client closed the connection.");
    }

    static GatewayException shuttingDown() {
        return GatewayException.overloaded(
                "shutting_down", "The gateway is shutting down; send the request again.");
    }

    /** The call's own deadline is over before anybody was asked. */
    static GatewayException late() {
        return GatewayException.upstream(
                ErrorKind.UPSTREAM_TIMEOUT,
                "gateway_timeout",
                "No upstream began to answer within the model's deadline.",
                null);
    }
}
