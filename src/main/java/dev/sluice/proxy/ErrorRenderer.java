package dev.sluice.proxy;

import dev.sluice.chat.ChatError;
import dev.sluice.dialect.Dialect;
import dev.sluice.http.Exchange;
import dev.sluice.http.Headers;
import dev.sluice.http.Response;
import io.vertx.core.buffer.Buffer;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Puts a failure into the shape that the clients of a path expect: a dialect's own on its paths;
 * elsewhere {@code {"error":{…},"detail":…}}, where {@code detail} is an object on the control
 * plane and the raw proxy, and a string everywhere else.
 */
public final class ErrorRenderer {
    private static final ObjectMapper JSON = JsonMapper.shared();

    private final Map<String, Dialect> dialectsByPath;
    private final List<String> objectDetail;

    /**
     * @param dialectsByPath the dialect spoken below each path prefix; the longest counts
     * @param objectDetail path prefixes where {@code detail} is an object
     */
    public ErrorRenderer(Map<String, Dialect> dialectsByPath, List<String> objectDetail) {
        this.dialectsByPath = Map.copyOf(dialectsByPath);
        this.objectDetail = List.copyOf(objectDetail);
    }

    public Response render(Exchange exchange, Throwable failure) {
        Refusal refusal = Refusal.of(failure);
        Dialect dialect = dialectOf(exchange.path());
        return dialect == null
                ? plain(refusal, exchange.path())
                : refusal.response(dialect, exchange.id());
    }

    private @Nullable Dialect dialectOf(String path) {
        return dialectsByPath.entrySet().stream()
                .filter(entry -> path.startsWith(entry.getKey()))
                .max(Comparator.comparingInt(entry -> entry.getKey().length()))
                .map(Map.Entry::getValue)
                .orElse(null);
    }

    private Response plain(Refusal refusal, String path) {
        ChatError error = refusal.error();
        String code = error.code() == null ? "error" : error.code();
        ObjectNode body = JSON.createObjectNode();
        ObjectNode inner = body.putObject("error");
        inner.put("message", error.message());
        inner.put("type", type(error));
        inner.put("code", code);
        inner.put("param", error.param());
        if (objectDetail.stream().anyMatch(path::startsWith)) {
            body.putObject("detail").put("error", code).put("message", error.message());
        } else {
            body.put("detail", error.message());
        }
        return new Response(
                error.kind().status(),
                refusal.withRetryAfter(Headers.of("content-type", "application/json")),
                Buffer.buffer(JSON.writeValueAsBytes(body)));
    }

    private static String type(ChatError error) {
        return switch (error.kind()) {
            case UNAUTHENTICATED -> "authentication_error";
            case FORBIDDEN -> "permission_error";
            case LIMITED -> "rate_limit_error";
            case BUDGET_EXHAUSTED -> "insufficient_quota";
            case INTERNAL, UPSTREAM_FAILED, OVERLOADED -> "server_error";
            case UPSTREAM_TIMEOUT -> "timeout_error";
            case BAD_REQUEST,
                    CONTEXT_TOO_LONG,
                    NOT_FOUND,
                    METHOD_NOT_ALLOWED,
                    TIMEOUT_READING,
                    CONFLICT,
                    TOO_LARGE,
                    UNSUPPORTED_ENCODING,
                    INVALID,
                    HEADERS_TOO_LARGE ->
                    "invalid_request_error";
        };
    }
}
