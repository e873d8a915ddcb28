package dev.sluice.dialect.openai.responses.wire;

import dev.sluice.chat.ChatError;
import dev.sluice.dialect.json.Json;
import dev.sluice.dialect.openai.chat.wire.OpenAiChatErrorWriter;
import java.io.ByteArrayOutputStream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** An error in OpenAI's shape, which both of its protocols share, and as the end of a stream. */
public final class OpenAiResponsesErrorWriter {
    private OpenAiResponsesErrorWriter() {}

    public static int status(ChatError error) {
        return OpenAiChatErrorWriter.status(error);
    }

    public static byte[] body(ChatError error) {
        return OpenAiChatErrorWriter.body(error);
    }

    /** {@return what ends a stream of which nothing is known but that it began} */
    public static byte[] events(ChatError error, String requestId) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ObjectNode response =
                Json.mapper()
                        .createObjectNode()
                        .put("id", "resp_" + requestId)
                        .put("object", "response");
        response.putArray("output");
        fail(error, response, new OpenAiResponsesFeed(), out);
        return out.toByteArray();
    }

    /**
     * Writes the nested {@code error} event, on which OpenAI's own clients raise, and then {@code
     * response.failed}, which others need (wire-contract §2.10).
     *
     * @param response as far as it came
     */
    public static void fail(
            ChatError error,
            ObjectNode response,
            OpenAiResponsesFeed feed,
            ByteArrayOutputStream out) {
        JsonNode told = Json.tree(body(error)).path("error");
        feed.put("error", "\"error\":" + told, out);
        response.put("status", "failed");
        response.putObject("error")
                .put("code", told.path("code").asString("server_error"))
                .put("message", error.message());
        feed.put("response.failed", "\"response\":" + response, out);
    }
}
