package dev.sluice.dialect.gemini.wire;

import dev.sluice.chat.ChatError;
import dev.sluice.chat.ErrorKind;
import dev.sluice.dialect.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * An error in Google's shape (wire-contract §2.11): a status word, and details that name the field,
 * the reason and the request.
 */
public final class GeminiErrorWriter {
    private static final String TYPE = "type.googleapis.com/google.rpc.";
    private static final String DOMAIN = "sluice";

    private GeminiErrorWriter() {}

    public static int status(ChatError error) {
        return error.kind() == ErrorKind.BUDGET_EXHAUSTED ? 429 : error.kind().status();
    }

    /**
     * @param requestId null where it is not known, as amid a stream
     */
    public static byte[] body(ChatError error, @Nullable String requestId) {
        ObjectNode body = Json.mapper().createObjectNode();
        ObjectNode written = body.putObject("error");
        written.put("code", status(error))
                .put("message", error.message())
                .put("status", word(error.kind()));
        ArrayNode details = written.arrayNode();
        if (error.code() != null) {
            detail(details, "ErrorInfo")
                    .put("reason", error.code().toUpperCase(Locale.ROOT))
                    .put("domain", DOMAIN);
        }
        if (error.param() != null) {
            detail(details, "BadRequest")
                    .putArray("fieldViolations")
                    .addObject()
                    .put("field", error.param())
                    .put("description", error.message());
        }
        if (requestId != null) {
            detail(details, "RequestInfo").put("requestId", requestId);
        }
        if (!details.isEmpty()) {
            written.set("details", details);
        }
        return Json.bytes(body);
    }

    /** {@return the error as a stream's last event} With an event name the SDKs would miss it. */
    public static byte[] event(ChatError error, @Nullable String requestId) {
        String json = new String(body(error, requestId), StandardCharsets.UTF_8);
        return ("data: " + json + "\r\n\r\n").getBytes(StandardCharsets.UTF_8);
    }

    private static ObjectNode detail(ArrayNode details, String type) {
        return details.addObject().put("@type", TYPE + type);
    }

    private static String word(ErrorKind kind) {
        return switch (kind) {
            case BAD_REQUEST,
                    CONTEXT_TOO_LONG,
                    TOO_LARGE,
                    UNSUPPORTED_ENCODING,
                    INVALID,
                    HEADERS_TOO_LARGE ->
                    "INVALID_ARGUMENT";
            case UNAUTHENTICATED -> "UNAUTHENTICATED";
            case BUDGET_EXHAUSTED, LIMITED -> "RESOURCE_EXHAUSTED";
            case FORBIDDEN -> "PERMISSION_DENIED";
            case NOT_FOUND -> "NOT_FOUND";
            case METHOD_NOT_ALLOWED -> "UNIMPLEMENTED";
            case CONFLICT -> "ABORTED";
            case OVERLOADED -> "UNAVAILABLE";
            case TIMEOUT_READING, UPSTREAM_TIMEOUT -> "DEADLINE_EXCEEDED";
            case INTERNAL, UPSTREAM_FAILED -> "INTERNAL";
        };
    }
}
