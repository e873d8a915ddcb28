package dev.sluice.proxy;

import dev.sluice.chat.ChatError;
import dev.sluice.chat.ErrorKind;
import dev.sluice.chat.Usage;
import dev.sluice.dialect.Dialect;
import dev.sluice.http.Exchange;
import dev.sluice.http.Headers;
import dev.sluice.http.HttpFailure;
import dev.sluice.http.Response;
import dev.sluice.proxy.account.Ending;
import dev.sluice.proxy.account.Fault;
import dev.sluice.proxy.call.Call;
import dev.sluice.proxy.call.Delivery;
import io.vertx.core.buffer.Buffer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a client is told when its call cannot go on, and how that is recorded.
 *
 * @param ending {@code REFUSED} if no upstream had been asked
 * @param further headers of the answer
 */
public record Refusal(
        ChatError error,
        Fault fault,
        Ending ending,
        @Nullable Long retryAfterMillis,
        Headers further) {
    private static final Logger LOG = LoggerFactory.getLogger(Refusal.class);

    /**
     * {@return the refusal for any failure} One that nobody expected is logged, and told without
     * detail.
     */
    public static Refusal of(Throwable failure, Call call) {
        Refusal refusal = of(failure);
        boolean asked = call.attemptsMade() > 0;
        if (!asked || refusal.ending() != Ending.REFUSED) {
            return refusal;
        }
        Ending ending =
                refusal.error().kind() == ErrorKind.UPSTREAM_TIMEOUT
                        ? Ending.TIMED_OUT
                        : Ending.FAILED;
        return new Refusal(
                refusal.error(),
                refusal.fault(),
                ending,
                refusal.retryAfterMillis(),
                refusal.further());
    }

    /** {@return the refusal for a failure outside any call} */
    public static Refusal of(Throwable failure) {
        return switch (failure) {
            case GatewayException known ->
                    new Refusal(
                            known.error(),
                            known.fault(),
                            Ending.REFUSED,
                            known.retryAfterMillis(),
                            known.headers());
            case HttpFailure http -> of(http);
            default -> {
                LOG.error("A request failed for a reason nobody expected", failure);
                yield new Refusal(
                        ChatError.of(
                                ErrorKind.INTERNAL,
                                "internal_error",
                                "The gateway failed. Its log says why, under this request's id."),
                        Fault.GATEWAY,
                        Ending.FAILED,
                        null,
                        Headers.EMPTY);
            }
        };
    }

    private static Refusal of(HttpFailure failure) {
        ErrorKind kind =
                switch (failure.status()) {
                    case 403 -> ErrorKind.FORBIDDEN;
                    case 404 -> ErrorKind.NOT_FOUND;
                    case 405 -> ErrorKind.METHOD_NOT_ALLOWED;
                    case 408 -> ErrorKind.TIMEOUT_READING;
                    case 413 -> ErrorKind.TOO_LARGE;
                    case 415 -> ErrorKind.UNSUPPORTED_ENCODING;
                    case 431 -> ErrorKind.HEADERS_TOO_LARGE;
                    case 503 -> ErrorKind.OVERLOADED;
                    case 500 -> ErrorKind.INTERNAL;
                    default -> ErrorKind.BAD_REQUEST;
                };
        Fault fault = failure.status() >= 500 ? Fault.GATEWAY : Fault.CLIENT;
        String message = failure.getMessage() == null ? failure.code() : failure.getMessage();
        return new Refusal(
                ChatError.of(kind, failure.code(), message),
                fault,
                Ending.REFUSED,
                kind == ErrorKind.OVERLOADED ? 1_000L : null,
                Headers.EMPTY);
    }

    /** Records a call whose client left before it was told anything. */
    static void clientLeft(Call call) {
        call.close(Delivery.clientLeft(Delivery.CLIENT_CLOSED_REQUEST, Usage.NONE, null, 0, 0));
    }

    /** Records the refusal, then tells the client. */
    public void answer(Exchange exchange, Dialect client, Call call) {
        Response response = response(client, exchange.id());
        Headers headers =
                call.attemptsMade() == 0
                        ? response.headers()
                        : response.headers().and(call.trail());
        answer(exchange, new Response(response.status(), headers, response.body()), call);
    }

    /** Records the refusal, then answers so. */
    void answer(Exchange exchange, Response response, Call call) {
        exchange.releaseBody();
        Delivery delivery =
                exchange.isClientGone() || "client_left".equals(error.code())
                        ? Delivery.clientLeft(
                                Delivery.CLIENT_CLOSED_REQUEST, Usage.NONE, null, 0, 0)
                        : Delivery.refused(
                                ending,
                                response.status(),
                                fault,
                                error.code(),
                                error.message(),
                                response.body().length());
        call.close(delivery).onComplete(_ -> tell(exchange, response));
    }

    private static void tell(Exchange exchange, Response response) {
        if (!exchange.isClientGone() && !exchange.hasBegun()) {
            exchange.respond(response);
        }
    }

    /** {@return this in the dialect's own shape} */
    public Response response(Dialect client, String requestId) {
        Headers headers = Headers.of("content-type", "application/json");
        return new Response(
                client.status(error),
                withRetryAfter(headers),
                Buffer.buffer(client.errorBody(error, requestId)));
    }

    /**
     * {@return those headers, the refusal's own, and when to come back, where that is known}
     * Seconds are rounded up.
     */
    public Headers withRetryAfter(Headers headers) {
        Long millis = retryAfterMillis;
        Headers all = headers.and(further);
        if (millis == null) {
            return all;
        }
        return all.with("retry-after", Long.toString((millis + 999) / 1000))
                .with("retry-after-ms", Long.toString(millis));
    }
}
