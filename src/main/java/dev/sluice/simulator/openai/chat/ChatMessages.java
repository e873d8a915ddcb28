package dev.sluice.simulator.openai.chat;

import dev.sluice.simulator.endpoint.Refusal;
import dev.sluice.simulator.openai.Fields;
import dev.sluice.simulator.script.Conversation;
import dev.sluice.simulator.script.Transcript;
import java.util.HashSet;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Reads the messages of one request. */
final class ChatMessages {
    private final boolean strict;
    private final Transcript transcript = new Transcript();
    private final Set<String> openCalls = new HashSet<>();

    /**
     * @param strict whether calls and results must pair up
     */
    ChatMessages(boolean strict) {
        this.strict = strict;
    }

    Conversation read(ObjectNode body) throws Refusal {
        JsonNode messages = body.path("messages");
        if (messages.isMissingNode() || messages.isNull()) {
            throw Fields.missing("messages");
        }
        if (!messages.isArray()) {
            throw Fields.wrongType("messages", "an array of objects");
        }
        if (messages.isEmpty()) {
            throw new Refusal(
                    400,
                    "empty_array",
                    "Invalid 'messages': empty array. Expected an array with minimum length 1.",
                    "messages");
        }
        for (int i = 0; i < messages.size(); i++) {
            read(messages.path(i), "messages[" + i + "]");
        }
        if (strict && !openCalls.isEmpty()) {
            throw unanswered();
        }
        return transcript.conversation();
    }

    private void read(JsonNode message, String at) throws Refusal {
        JsonNode content = message.path("content");
        String role = message.path("role").asString("");
        if (strict && !openCalls.isEmpty() && !role.equals("tool")) {
            throw unanswered();
        }
        switch (role) {
            case "system", "developer" -> transcript.system(text(content, at));
            case "user" -> readUser(content, at);
            case "assistant" -> readAssistant(message, at);
            case "tool", "function" -> readResult(message, at);
            default ->
                    throw new Refusal(
                            400,
                            "invalid_value",
                            "Invalid value: '%s'. Supported values are: 'system', 'assistant', 'user', 'tool', and 'developer'."
                                    .formatted(role),
                            at + ".role");
        }
    }

    private void readUser(JsonNode content, String at) throws Refusal {
        transcript.userTurn();
        if (content.isString()) {
            transcript.user(content.stringValue());
            return;
        }
        if (!content.isArray()) {
            throw Fields.wrongType(at + ".content", "a string or an array of objects");
        }
        for (int i = 0; i < content.size(); i++) {
            JsonNode part = content.path(i);
            switch (part.path("type").asString("")) {
                case "text" -> transcript.user(part.path("text").asString(""));
                case "image_url", "input_audio", "file" -> transcript.medium();
                default ->
                        throw new Refusal(
                                400,
                                "invalid_value",
                                "Invalid value for the type of a content part.",
                                "%s.content[%d].type".formatted(at, i));
            }
        }
    }

    private void readAssistant(JsonNode message, String at) throws Refusal {
        transcript.assistant(text(message.path("content"), at));
        for (JsonNode call : message.path("tool_calls")) {
            openCalls.add(call.path("id").asString(""));
        }
    }

    private void readResult(JsonNode message, String at) throws Refusal {
        String id = message.path("tool_call_id").asString("");
        if (!openCalls.remove(id) && strict) {
            throw Refusal.invalid(
                    "messages with role 'tool' must be a response to a preceding message with 'tool_calls'.",
                    at + ".role");
        }
        transcript.result(text(message.path("content"), at));
    }

    private Refusal unanswered() {
        return Refusal.invalid(
                "An assistant message with 'tool_calls' must be followed by tool messages responding to each 'tool_call_id'. These did not have one: "
                        + String.join(", ", openCalls),
                "messages");
    }

    private static String text(JsonNode content, String at) throws Refusal {
        if (content.isMissingNode() || content.isNull()) {
            return "";
        }
        if (content.isString()) {
            return content.stringValue();
        }
        if (!content.isArray()) {
            throw Fields.wrongType(at + ".content", "a string or an array of objects");
        }
        StringBuilder text = new StringBuilder();
        for (JsonNode part : content) {
            text.append(part.path("text").asString(part.path("refusal").asString("")));
        }
        return text.toString();
    }
}
