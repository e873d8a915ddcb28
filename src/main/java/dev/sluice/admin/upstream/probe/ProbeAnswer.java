package dev.sluice.admin.upstream.probe;

import dev.sluice.admin.AdminJson;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * What an upstream's answer to a probe says.
 *
 * @param error null when it is a chat answer
 */
record ProbeAnswer(@Nullable String model, @Nullable String error) {
    private static final int MAX_ERROR = 500;

    static ProbeAnswer read(int status, byte[] body, boolean stream) {
        String text = new String(body, StandardCharsets.UTF_8);
        if (status != 200) {
            return new ProbeAnswer(null, "status " + status + ": " + errorText(text));
        }
        return stream ? stream(text) : plain(text);
    }

    private static ProbeAnswer plain(String text) {
        JsonNode answer = tree(text);
        if (answer == null || !answer.path("choices").isArray()) {
            return new ProbeAnswer(null, "not a chat answer: " + errorText(text));
        }
        return new ProbeAnswer(model(answer), null);
    }

    /** The first event with choices proves it, unless one says error. */
    private static ProbeAnswer stream(String text) {
        String model = null;
        boolean isChat = false;
        for (String line : text.lines().toList()) {
            JsonNode event = line.startsWith("data:") ? tree(line.substring(5)) : null;
            if (event == null) {
                continue;
            }
            if (event.has("error")) {
                return new ProbeAnswer(model, errorText(event.toString()));
            }
            isChat |= event.path("choices").isArray();
            model = model == null ? model(event) : model;
        }
        return new ProbeAnswer(
                model, isChat ? null : "not a stream of chat events: " + errorText(text));
    }

    private static @Nullable String model(JsonNode answer) {
        JsonNode model = answer.path("model");
        return model.isString() ? model.stringValue() : null;
    }

    private static @Nullable JsonNode tree(String text) {
        try {
            return AdminJson.tree(text.strip());
        } catch (JacksonException _) {
            return null;
        }
    }

    private static String errorText(String text) {
        JsonNode tree = tree(text);
        JsonNode message = tree == null ? null : tree.path("error").path("message");
        String said = message != null && message.isString() ? message.stringValue() : text.strip();
        return said.length() > MAX_ERROR ? said.substring(0, MAX_ERROR) : said;
    }
}
