package dev.sluice.simulator.anthropic;

import dev.sluice.simulator.endpoint.Refusal;
import dev.sluice.simulator.script.Conversation;
import dev.sluice.simulator.script.Fingerprint;
import dev.sluice.simulator.script.Transcript;
import java.util.LinkedHashSet;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Reads the turns of one request. */
final class MessagesTurns {
    private final boolean strict;
    private final Transcript transcript = new Transcript();
    private final Set<String> openCalls = new LinkedHashSet<>();

    /**
     * @param strict whether turns, results and signatures must be as a provider wants them
     */
    MessagesTurns(boolean strict) {
        this.strict = strict;
    }

    Conversation read(ObjectNode body) throws Refusal {
        transcript.system(text(body.path("system")));
        JsonNode messages = body.path("messages");
        if (!messages.isArray()) {
            throw Refusal.invalid("messages: Field required", "messages");
        }
        if (messages.isEmpty()) {
            throw Refusal.invalid("messages: at least one message is required", "messages");
        }
        for (int i = 0; i < messages.size(); i++) {
            read(messages.path(i), "messages." + i);
        }
        if (strict && !openCalls.isEmpty()) {
            throw unanswered("messages." + (messages.size() - 1));
        }
        return transcript.conversation();
    }

    private void read(JsonNode message, String at) throws Refusal {
        String role = message.path("role").asString("");
        switch (role) {
            case "user" -> transcript.userTurn();
            case "assistant" -> transcript.assistant("");
            case "system" -> {
                transcript.system(text(message.path("content")));
                return;
            }
            default ->
                    throw Refusal.invalid(
                            at + ".role: Input should be 'user' or 'assistant'", at + ".role");
        }
        boolean user = role.equals("user");
        if (strict && !user && at.equals("messages.0")) {
            throw Refusal.invalid("messages: first message must use the \"user\" role", at);
        }
        readContent(message.path("content"), user, at + ".content");
    }

    private void readContent(JsonNode content, boolean user, String at) throws Refusal {
        if (content.isString()) {
            say(content.stringValue(), user, at);
        } else if (content.isArray()) {
            for (int i = 0; i < content.size(); i++) {
                block(content.path(i), user, at + "." + i);
            }
        } else {
            throw Refusal.invalid(at + ": Field required", at);
        }
        if (strict && user && !openCalls.isEmpty()) {
            throw unanswered(at);
        }
    }

    private void block(JsonNode block, boolean user, String at) throws Refusal {
        switch (block.path("type").asString("")) {
            case "text" -> say(block.path("text").asString(""), user, at);
            case "image", "document", "container_upload" -> transcript.medium();
            case "tool_use" -> openCalls.add(block.path("id").asString(""));
            case "tool_result" -> result(block, at);
            case "thinking" -> thinking(block, at);
            case "" -> throw Refusal.invalid(at + ".type: Field required", at);
            default -> {
                // Redacted thinking, search results and the blocks of server tools say nothing
                // here.
            }
        }
    }

    private void say(String text, boolean user, String at) throws Refusal {
        if (strict && text.isBlank()) {
            throw Refusal.invalid(at + ": text content blocks must be non-empty", at);
        }
        if (user) {
            transcript.user(text);
        } else {
            transcript.assistant(text);
        }
    }

    private void result(JsonNode block, String at) throws Refusal {
        String id = block.path("tool_use_id").asString("");
        if (!openCalls.remove(id) && strict) {
            throw Refusal.invalid(
                    at
                            + ": unexpected `tool_use_id` found in `tool_result` blocks: "
                            + id
                            + ". Each `tool_result` block must have a corresponding `tool_use` block in the previous message.",
                    at);
        }
        JsonNode content = block.path("content");
        for (JsonNode part : content) {
            if (part.path("type").asString("").equals("image")) {
                transcript.medium();
            }
        }
        transcript.result(text(content));
    }

    private void thinking(JsonNode block, String at) throws Refusal {
        if (strict && !Fingerprint.isSeal(block.path("signature").asString(""))) {
            throw Refusal.invalid(at + ": Invalid `signature` in `thinking` block", at);
        }
    }

    private Refusal unanswered(String at) {
        return Refusal.invalid(
                at
                        + ": `tool_use` ids were found without `tool_result` blocks immediately after: "
                        + String.join(", ", openCalls),
                at);
    }

    private static String text(JsonNode content) {
        if (content.isString()) {
            return content.stringValue();
        }
        StringBuilder text = new StringBuilder();
        for (JsonNode block : content) {
            text.append(block.path("text").asString(""));
        }
        return text.toString();
    }
}
