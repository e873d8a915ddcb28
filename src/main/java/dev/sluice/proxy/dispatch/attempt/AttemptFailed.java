package dev.sluice.proxy.dispatch.attempt;

import dev.sluice.chat.UpstreamError;
import dev.sluice.http.Headers;
import dev.sluice.http.HttpFailure;
import dev.sluice.http.client.OutboundFailure;
import dev.sluice.proxy.cloud.NoAccessToken;
import dev.sluice.proxy.dispatch.failure.FailureClass;
import org.jspecify.annotations.Nullable;

/**
 * An attempt that produced no output.
 *
 * <p>Either the upstream answered with an error, whose status, headers and body are kept, or it
 * gave no answer at all.
 */
public final class AttemptFailed extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final FailureClass failureClass;
    private final transient UpstreamError error;
    private final transient @Nullable Spoken spoken;
    private final OutboundFailure.@Nullable Kind transport;

    /** An error answer as it came. */
    public record Spoken(int status, Headers headers, byte[] body) {}

    private AttemptFailed(
            FailureClass failureClass,
            UpstreamError error,
            @Nullable Spoken spoken,
            OutboundFailure.@Nullable Kind transport) {
        super(error.message(), null, false, false);
        this.failureClass = failureClass;
        this.error = error;
        this.spoken = spoken;
        this.transport = transport;
    }

    static AttemptFailed said(FailureClass failureClass, UpstreamError error, Spoken spoken) {
        return new AttemptFailed(failureClass, error, spoken, null);
    }

    /** An upstream that answered well by its status, and yet not with an answer. */
    static AttemptFailed broken(FailureClass failureClass, UpstreamError error) {
        return new AttemptFailed(failureClass, error, null, null);
    }

    /** The key is an account that was given no access token: nothing was sent. */
    static AttemptFailed without(NoAccessToken none) {
        return broken(
                FailureClass.CREDENTIAL,
                new UpstreamError(0, null, "no_access_token", none.problem(), null, null));
    }

    static AttemptFailed silent(OutboundFailure failure) {
        return new AttemptFailed(
                FailureClass.TRANSIENT,
                new UpstreamError(0, null, null, text(failure), null, null),
                null,
                failure.kind());
    }

    public FailureClass failureClass() {
        return failureClass;
    }

    public UpstreamError error() {
        return error;
    }

    public @Nullable Spoken spoken() {
        return spoken;
    }

    OutboundFailure.@Nullable Kind transport() {
        return transport;
    }

    /** {@return whether the caller has waited long for nothing: not again at the same place} */
    public boolean hasTakenLong() {
        return transport == OutboundFailure.Kind.CONNECT_TIMEOUT
                || transport == OutboundFailure.Kind.FIRST_BYTE_TIMEOUT
                || transport == OutboundFailure.Kind.IDLE_TIMEOUT
                || transport == OutboundFailure.Kind.FORBIDDEN_ADDRESS;
    }

    /**
     * {@return whether the upstream may bill an attempt that failed so} It may once it had the
     * request, unless it answered with an error: when it was cut off, or fell silent.
     */
    public static boolean mayBeBilled(Throwable failure) {
        return switch (failure) {
            case AttemptFailed failed -> failed.transport != null && mayBeBilled(failed.transport);
            case OutboundFailure outbound -> mayBeBilled(outbound.kind());
            // The client's own body went wrong on its way, and never came to its end.
            case HttpFailure _ -> false;
            default -> true;
        };
    }

    private static boolean mayBeBilled(OutboundFailure.Kind kind) {
        return switch (kind) {
            case FIRST_BYTE_TIMEOUT, IDLE_TIMEOUT, BROKEN, PROTOCOL, CANCELLED -> true;
            case UNRESOLVED, FORBIDDEN_ADDRESS, CONNECT_REFUSED, CONNECT_TIMEOUT, TLS, POOL_FULL ->
                    false;
        };
    }

    private static String text(OutboundFailure failure) {
        String message = failure.getMessage();
        return message == null ? failure.kind().name() : message;
    }
}
