package dev.sluice.proxy;

import dev.sluice.chat.ChatError;
import dev.sluice.chat.ErrorKind;
import dev.sluice.http.Headers;
import dev.sluice.proxy.account.Fault;
import org.jspecify.annotations.Nullable;

/**
 * A call that cannot go on. The only exception of the data plane: it carries what the client is
 * told, whose fault it is, and how long to wait.
 */
public final class GatewayException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient ChatError error;
    private final Fault fault;
    private final @Nullable Long retryAfterMillis;
    private final transient Headers headers;

    public GatewayException(ChatError error, Fault fault, @Nullable Long retryAfterMillis) {
        this(error, fault, retryAfterMillis, Headers.EMPTY);
    }

    /**
     * @param headers further headers of the answer
     */
    public GatewayException(
            ChatError error, Fault fault, @Nullable Long retryAfterMillis, Headers headers) {
        super(error.message(), null, false, false);
        this.error = error;
        this.fault = fault;
        this.retryAfterMillis = retryAfterMillis;
        this.headers = headers;
    }

    /** {@return a refusal that is the client's own fault} */
    public static GatewayException client(ErrorKind kind, String code, String message) {
        return new GatewayException(ChatError.of(kind, code, message), Fault.CLIENT, null);
    }

    /** {@return a refusal naming the parameter that caused it} */
    public static GatewayException parameter(String code, String message, @Nullable String param) {
        return new GatewayException(
                new ChatError(ErrorKind.BAD_REQUEST, code, message, param), Fault.CLIENT, null);
    }

    /** {@return a refusal for lack of room in the gateway itself} */
    public static GatewayException overloaded(String code, String message) {
        return new GatewayException(
                ChatError.of(ErrorKind.OVERLOADED, code, message), Fault.GATEWAY, 1_000L);
    }

    /** {@return a refusal because the upstream said that it takes no calls for that time} */
    public static GatewayException upstreamLimited(long millis) {
        return upstream(
                ErrorKind.LIMITED,
                "rate_limit_exceeded",
                "The upstream limits its rate and takes no calls at the moment.",
                millis);
    }

    public static GatewayException upstream(
            ErrorKind kind, String code, String message, @Nullable Long retryAfterMillis) {
        return new GatewayException(
                ChatError.of(kind, code, message), Fault.UPSTREAM, retryAfterMillis);
    }

    public ChatError error() {
        return error;
    }

    public Fault fault() {
        return fault;
    }

    public @Nullable Long retryAfterMillis() {
        return retryAfterMillis;
    }

    public Headers headers() {
        return headers;
    }
}
