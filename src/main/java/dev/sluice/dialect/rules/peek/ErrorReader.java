package dev.sluice.dialect.rules.peek;

import dev.sluice.chat.UpstreamError;
import dev.sluice.dialect.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * Reads an upstream's error from any of the shapes that providers, vendors and the proxies before
 * them use: an {@code error} object or string, wrapped in an array or in a {@code response}, {@code
 * object:"error"}, {@code detail}, {@code errors}, a bare {@code message}, plain text, HTML,
 * nothing (wire-contract §1.5, §2.11). Total: every byte sequence yields an error with a message.
 */
public final class ErrorReader {
    private static final int MAX_MESSAGE = 1000;
    private static final int MAX_WORD = 200;
    private static final int MAX_BODY = 1 << 20;
    private static final int MAX_TEXT = 4096;

    private static final Pattern SECRET =
            Pattern.compile(
                    "(?i)\\b(sk-|pk-|gsk_|xai-|AIza|ya29\\.|eyJ)[A-Za-z0-9_.*-]{6,}"
                            + "|\\bBearer\\s+[A-Za-z0-9_.~+/=*-]{6,}"
                            + "|([?&]key=)[^&\\s\"]+");
    private static final Pattern TITLE =
            Pattern.compile("(?is)<title[^>]*>\\s*([^<]{1,200}?)\\s*</title>");
    private static final Pattern SECONDS = Pattern.compile("(\\d{1,9})(?:\\.(\\d{1,3})\\d*)?s");

    private final int status;
    private @Nullable String type;
    private @Nullable String code;
    private @Nullable String message;
    private @Nullable String param;
    private @Nullable Long retryAfterMillis;
    private int statusInside;

    private ErrorReader(int status) {
        this.status = status;
    }

    /**
     * {@return the error that the body says}
     *
     * @param status the HTTP status; 0, or a good one, where the error came in a good answer
     */
    public static UpstreamError read(int status, byte[] body) {
        ErrorReader reader = new ErrorReader(status);
        if (body.length <= MAX_BODY && looksLikeJson(body)) {
            try {
                reader.readRoot(Json.tree(body));
            } catch (JacksonException e) {
                reader.readText(body);
            }
        }
        if (reader.message == null) {
            reader.readText(body);
        }
        return reader.error();
    }

    /** {@return the text bounded, and without anything that looks like a credential} */
    public static String safe(String text, int limit) {
        String bounded = text.length() > limit ? text.substring(0, limit) + "…" : text;
        Matcher matcher = SECRET.matcher(bounded);
        return matcher.replaceAll(found -> found.group(2) == null ? "***" : "$2***");
    }

    private static boolean looksLikeJson(byte[] body) {
        for (byte b : body) {
            if (b == '{' || b == '[') {
                return true;
            }
            if (b > ' ') {
                return false;
            }
        }
        return false;
    }

    private UpstreamError error() {
        int said = status >= 400 ? status : statusInside;
        String text = message == null ? "" : message.strip();
        if (text.isEmpty()) {
            text =
                    said == 0
                            ? "The upstream reported an error without a message."
                            : "The upstream answered with status " + said + " and no message.";
        }
        return new UpstreamError(
                said,
                bounded(type),
                bounded(code),
                safe(text, MAX_MESSAGE),
                bounded(param),
                retryAfterMillis);
    }

    private static @Nullable String bounded(@Nullable String word) {
        return word == null || word.isBlank() ? null : safe(word, MAX_WORD);
    }

    private void readRoot(JsonNode root) {
        JsonNode node = root;
        while (node.isArray() && !node.isEmpty()) {
            node = node.path(0);
        }
        if (node.path("response").path("error").isObject()) {
            node = node.path("response");
        }
        JsonNode error = node.path("error");
        if (error.isObject()) {
            readError(error);
            if (message == null) {
                message = string(node, "message");
            }
            return;
        }
        readError(node);
        if (error.isString()) {
            type = type == null && message != null ? error.stringValue() : type;
            message = message == null ? error.stringValue() : message;
        }
        if (message == null) {
            message = string(node, "error_description");
        }
        readDetail(node.path("detail"));
        readDetail(node.path("errors"));
    }

    private void readError(JsonNode error) {
        message = string(error, "message");
        type = string(error, "type");
        code = word(error.path("code"));
        param = string(error, "param");
        noteStatus(error.path("code"));
        noteStatus(error.path("status_code"));
        noteStatus(error.path("status"));
        if (error.path("status").isString() && type == null) {
            type = error.path("status").stringValue();
        }
        readDetails(error.path("details"));
        readRaw(error.path("metadata").path("raw"));
    }

    private void noteStatus(JsonNode node) {
        if (node.canConvertToInt() && node.intValue() >= 400 && node.intValue() < 600) {
            statusInside = node.intValue();
        }
    }

    /** Google's: a reason is the better code, and {@code RetryInfo} says how long to wait. */
    private void readDetails(JsonNode details) {
        if (!details.isArray()) {
            return;
        }
        for (JsonNode detail : details) {
            String reason = string(detail, "reason");
            if (reason != null) {
                code = reason;
            }
            String delay = string(detail, "retryDelay");
            if (delay != null) {
                retryAfterMillis = millis(delay);
            }
        }
    }

    /** OpenRouter's own message is only "Provider returned error"; the provider's is inside. */
    private void readRaw(JsonNode raw) {
        if (raw.isString() && !raw.stringValue().isBlank()) {
            UpstreamError inner = read(0, raw.stringValue().getBytes(StandardCharsets.UTF_8));
            message = message == null ? inner.message() : message + ": " + inner.message();
        }
    }

    private static @Nullable Long millis(String delay) {
        Matcher matcher = SECONDS.matcher(delay);
        if (!matcher.matches()) {
            return null;
        }
        String fraction = matcher.group(2) == null ? "" : matcher.group(2);
        return Long.parseLong(matcher.group(1)) * 1000
                + Long.parseLong((fraction + "000").substring(0, 3));
    }

    /** FastAPI's: a text, an object, or a list of what failed to validate. */
    private void readDetail(JsonNode detail) {
        if (message != null) {
            return;
        }
        if (detail.isString()) {
            message = detail.stringValue();
        } else if (detail.isObject()) {
            String inner = string(detail, "message");
            message = inner != null ? inner : string(detail, "error");
        } else if (detail.isArray()) {
            List<String> parts = new ArrayList<>();
            for (JsonNode entry : detail) {
                String text = string(entry, "msg");
                text = text == null ? string(entry, "message") : text;
                text = text == null && entry.isString() ? entry.stringValue() : text;
                if (text != null && parts.size() < 5) {
                    parts.add(text);
                }
            }
            message = parts.isEmpty() ? null : String.join("; ", parts);
        }
    }

    private void readText(byte[] body) {
        String text =
                new String(body, 0, Math.min(body.length, MAX_TEXT), StandardCharsets.UTF_8)
                        .strip();
        if (text.startsWith("<")) {
            Matcher title = TITLE.matcher(text);
            message =
                    title.find()
                            ? "The upstream answered with an HTML page: " + title.group(1)
                            : "The upstream answered with an HTML page.";
        } else {
            message = text;
        }
    }

    private static @Nullable String string(JsonNode node, String name) {
        JsonNode value = node.path(name);
        return value.isString() && !value.stringValue().isBlank() ? value.stringValue() : null;
    }

    private static @Nullable String word(JsonNode node) {
        if (node.isString()) {
            return node.stringValue();
        }
        return node.isNumber() ? node.asString() : null;
    }
}
