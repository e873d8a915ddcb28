package dev.sluice.proxy.dispatch.attempt;

import dev.sluice.chat.ChatError;
import dev.sluice.chat.ErrorKind;
import dev.sluice.chat.UpstreamError;
import dev.sluice.http.client.OutboundFailure;
import dev.sluice.proxy.GatewayException;
import dev.sluice.proxy.account.Fault;
import dev.sluice.proxy.dispatch.failure.FailureClass;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What a client is told of an upstream's failure, in our words and the client's dialect
 * (wire-contract §2.11): the upstream's message where it is for the client, nothing of the
 * operator's account.
 */
public final class ClientErrors {
    private ClientErrors() {}

    /** {@return the error for a client} */
    static ChatError of(FailureClass failureClass, UpstreamError error) {
        return switch (failureClass) {
            case CREDENTIAL, FORBIDDEN, QUOTA, REGION -> operators();
            case CALLER -> callers(error);
            case CONTEXT_OVERFLOW ->
                    new ChatError(
                            ErrorKind.CONTEXT_TOO_LONG,
                            "context_length_exceeded",
                            error.message(),
                            error.param());
            case CONTENT_REFUSED ->
                    new ChatError(
                            ErrorKind.BAD_REQUEST,
                            code(error, "content_refused"),
                            error.message(),
                            error.param());
            case MODEL_GONE ->
                    new ChatError(
                            ErrorKind.NOT_FOUND, "model_not_found", error.message(), error.param());
            case LIMITED ->
                    ChatError.of(
                            ErrorKind.LIMITED,
                            code(error, "rate_limit_exceeded"),
                            "The upstream limits its rate: " + error.message());
            case TRANSIENT, UNKNOWN -> failed(error);
        };
    }

    /** {@return the failure of a call that found nobody else} */
    public static GatewayException exception(AttemptFailed failed) {
        OutboundFailure.Kind transport = failed.transport();
        if (transport != null) {
            return transport(transport, failed.error());
        }
        ChatError error = of(failed.failureClass(), failed.error());
        Fault fault =
                switch (failed.failureClass()) {
                    case CALLER, CONTEXT_OVERFLOW, CONTENT_REFUSED -> Fault.CLIENT;
                    case TRANSIENT,
                            LIMITED,
                            QUOTA,
                            CREDENTIAL,
                            FORBIDDEN,
                            REGION,
                            MODEL_GONE,
                            UNKNOWN ->
                            Fault.UPSTREAM;
                };
        return new GatewayException(error, fault, failed.error().retryAfterMillis());
    }

    private static ChatError operators() {
        return ChatError.of(
                ErrorKind.UPSTREAM_FAILED,
                "upstream_auth",
                "The upstream refused the gateway's own account. Its operator can see why.");
    }

    private static ChatError callers(UpstreamError error) {
        ErrorKind kind =
                switch (error.status()) {
                    case 404 -> ErrorKind.NOT_FOUND;
                    case 413 -> ErrorKind.TOO_LARGE;
                    case 422 -> ErrorKind.INVALID;
                    default -> ErrorKind.BAD_REQUEST;
                };
        return new ChatError(kind, code(error, "invalid_request"), error.message(), error.param());
    }

    private static ChatError failed(UpstreamError error) {
        ErrorKind kind =
                switch (error.status()) {
                    case 503, 529 -> ErrorKind.OVERLOADED;
                    case 408, 504 -> ErrorKind.UPSTREAM_TIMEOUT;
                    case 0 -> byWord(error);
                    default -> ErrorKind.UPSTREAM_FAILED;
                };
        return ChatError.of(
                kind,
                kind == ErrorKind.OVERLOADED ? "overloaded" : "upstream_error",
                "The upstream failed: " + error.message());
    }

    /** {@return what an error means that came in a good answer, where only words say it} */
    private static ErrorKind byWord(UpstreamError error) {
        String words = (error.type() + " " + error.code()).toLowerCase(Locale.ROOT);
        if (words.contains("overloaded") || words.contains("unavailable")) {
            return ErrorKind.OVERLOADED;
        }
        return words.contains("timeout") || words.contains("deadline_exceeded")
                ? ErrorKind.UPSTREAM_TIMEOUT
                : ErrorKind.UPSTREAM_FAILED;
    }

    private static String code(UpstreamError error, String otherwise) {
        @Nullable String code = error.code();
        return code == null || code.isBlank() ? otherwise : code;
    }

    private static GatewayException transport(OutboundFailure.Kind kind, UpstreamError error) {
        return switch (kind) {
            case CONNECT_TIMEOUT, FIRST_BYTE_TIMEOUT, IDLE_TIMEOUT ->
                    GatewayException.upstream(
                            ErrorKind.UPSTREAM_TIMEOUT,
                            "gateway_timeout",
                            "Upstream request timed out: " + error.message(),
                            null);
            case POOL_FULL ->
                    new GatewayException(
                            ChatError.of(
                                    ErrorKind.OVERLOADED,
                                    "upstream_busy",
                                    "Too many calls wait for this upstream already."),
                            Fault.GATEWAY,
                            1_000L);
            case UNRESOLVED, FORBIDDEN_ADDRESS, CONNECT_REFUSED, TLS, BROKEN, PROTOCOL, CANCELLED ->
                    GatewayException.upstream(
                            ErrorKind.UPSTREAM_FAILED,
                            "bad_gateway",
                            "Failed to get an answer from the upstream: " + error.message(),
                            null);
        };
    }
}
