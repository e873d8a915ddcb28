package dev.sluice.dialect.anthropic.wire;

import dev.sluice.chat.ChatError;
import dev.sluice.chat.ErrorKind;
import dev.sluice.dialect.json.Json;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * An error in Anthropic's shape (wire-contract §2.11), which has a place for neither code nor
 * parameter.
 */
public final class AnthropicErrorWriter {
    private static final int OVERLOADED = 529;
    private static final String TOO_LONG = "prompt is too long";

    private AnthropicErrorWriter() {}

    public static int status(ChatError error) {
        return error.kind() == ErrorKind.OVERLOADED ? OVERLOADED : error.kind().status();
    }

    /**
     * @param requestId null where it is not known, as amid a stream
     */
    public static byte[] body(ChatError error, @Nullable String requestId) {
        ObjectNode body = Json.mapper().createObjectNode().put("type", "error");
        body.putObject("error").put("type", type(error.kind())).put("message", message(error));
        if (requestId != null) {
            body.put("request_id", requestId);
        }
        return Json.bytes(body);
    }

    /** {@return the error as the last event of a stream; no {@code message_stop} follows it} */
    public static byte[] event(ChatError error, @Nullable String requestId) {
        String json = new String(body(error, requestId), StandardCharsets.UTF_8);
        return ("event: error\ndata: " + json + "\n\n").getBytes(StandardCharsets.UTF_8);
    }

    /** Clients know a full context by Anthropic's own words alone. */
    private static String message(ChatError error) {
        String message = error.message();
        String param = error.param();
        if (error.kind() == ErrorKind.CONTEXT_TOO_LONG && !message.contains(TOO_LONG)) {
            return TOO_LONG + ": " + message;
        }
        return param == null || message.contains(param) ? message : param + ": " + message;
    }

    private static String type(ErrorKind kind) {
        return switch (kind) {
            case BAD_REQUEST,
                    CONTEXT_TOO_LONG,
                    METHOD_NOT_ALLOWED,
                    TIMEOUT_READING,
                    CONFLICT,
                    UNSUPPORTED_ENCODING,
                    INVALID,
                    HEADERS_TOO_LARGE ->
                    "invalid_request_error";
            case UNAUTHENTICATED -> "authentication_error";
            case BUDGET_EXHAUSTED -> "billing_error";
            case FORBIDDEN -> "permission_error";
            case NOT_FOUND -> "not_found_error";
            case TOO_LARGE -> "request_too_large";
            case LIMITED -> "rate_limit_error";
            case OVERLOADED -> "overloaded_error";
            case UPSTREAM_TIMEOUT -> "timeout_error";
            case INTERNAL, UPSTREAM_FAILED -> "api_error";
        };
    }
}
