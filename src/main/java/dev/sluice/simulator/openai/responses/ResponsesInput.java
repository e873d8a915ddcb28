package dev.sluice.simulator.openai.responses;

import dev.sluice.simulator.endpoint.Refusal;
import dev.sluice.simulator.openai.Fields;
import dev.sluice.simulator.script.Conversation;
import dev.sluice.simulator.script.Fingerprint;
import dev.sluice.simulator.script.Json;
import dev.sluice.simulator.script.Transcript;
import java.util.LinkedHashSet;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The input of one request, item by item. */
final class ResponsesInput {
    private final boolean strict;
    private final Transcript transcript = new Transcript();
    private final Set<String> openCalls = new LinkedHashSet<>();
    private final ArrayNode items = Json.array();

    private ResponsesInput(boolean strict) {
        this.strict = strict;
    }

    /**
     * {@return the input of a body}
     *
     * @param strict whether calls, results and encrypted reasoning must be as a provider wants them
     */
    static ResponsesInput read(ObjectNode body, boolean strict) throws Refusal {
        ResponsesInput input = new ResponsesInput(strict);
        input.transcript.system(body.path("instructions").asString(""));
        JsonNode given = body.path("input");
        if (given.isString()) {
            input.add(message(given.stringValue()), "input");
        } else if (given.isArray()) {
            for (int i = 0; i < given.size(); i++) {
                input.add(given.path(i), "input[" + i + "]");
            }
        } else if (!body.path("previous_response_id").isString()) {
            throw Fields.missing("input");
        }
        if (strict && !input.openCalls.isEmpty()) {
            throw Refusal.invalid(
                    "No tool output found for function call "
                            + input.openCalls.iterator().next()
                            + ".",
                    "input");
        }
        return input;
    }

    ArrayNode items() {
        return items;
    }

    Conversation conversation() {
        return transcript.conversation();
    }

    private static ObjectNode message(String text) {
        ObjectNode message = Json.object().put("type", "message").put("role", "user");
        message.putArray("content").addObject().put("type", "input_text").put("text", text);
        return message;
    }

    private void add(JsonNode item, String at) throws Refusal {
        items.add(item);
        switch (item.path("type").asString("message")) {
            case "message" -> message(item, at);
            case "function_call", "custom_tool_call" ->
                    openCalls.add(item.path("call_id").asString(""));
            case "function_call_output", "custom_tool_call_output" -> result(item, at);
            case "reasoning" -> reasoning(item, at);
            default -> {
                // References, compactions and the items of hosted tools say nothing here.
            }
        }
    }

    private void message(JsonNode item, String at) throws Refusal {
        String role = item.path("role").asString("");
        switch (role) {
            case "user" -> transcript.userTurn();
            case "assistant" -> transcript.assistant("");
            case "system", "developer" -> {
                // Read with its parts, below.
            }
            default ->
                    throw new Refusal(
                            400,
                            "invalid_value",
                            "Invalid value: '%s'. Supported values are: 'assistant', 'system', 'developer', and 'user'."
                                    .formatted(role),
                            at + ".role");
        }
        JsonNode content = item.path("content");
        if (content.isString()) {
            say(role, content.stringValue());
            return;
        }
        if (!content.isArray()) {
            throw Fields.wrongType(at + ".content", "a string or an array of objects");
        }
        for (int i = 0; i < content.size(); i++) {
            part(role, content.path(i), at + ".content[" + i + "]");
        }
    }

    private void part(String role, JsonNode part, String at) throws Refusal {
        switch (part.path("type").asString("")) {
            case "input_text", "output_text", "text" -> say(role, part.path("text").asString(""));
            case "refusal" -> say(role, part.path("refusal").asString(""));
            case "input_image", "input_file", "input_audio" -> transcript.medium();
            default ->
                    throw new Refusal(
                            400,
                            "invalid_value",
                            "Invalid value for the type of a content part.",
                            at + ".type");
        }
    }

    private void say(String role, String text) {
        switch (role) {
            case "user" -> transcript.user(text);
            case "assistant" -> transcript.assistant(text);
            default -> transcript.system(text);
        }
    }

    private void result(JsonNode item, String at) throws Refusal {
        String id = item.path("call_id").asString("");
        if (!openCalls.remove(id) && strict) {
            throw Refusal.invalid(
                    "No tool call found for function call output with call_id " + id + ".", at);
        }
        JsonNode output = item.path("output");
        if (output.isString()) {
            transcript.result(output.stringValue());
            return;
        }
        StringBuilder text = new StringBuilder();
        for (JsonNode part : output) {
            text.append(part.path("text").asString(""));
            if (part.path("text").isMissingNode()) {
                transcript.medium();
            }
        }
        transcript.result(text.toString());
    }

    private void reasoning(JsonNode item, String at) throws Refusal {
        JsonNode sealed = item.path("encrypted_content");
        if (strict && sealed.isString() && !Fingerprint.isSeal(sealed.stringValue())) {
            throw new Refusal(
                    400,
                    "invalid_encrypted_content",
                    "The encrypted content for item "
                            + item.path("id").asString("")
                            + " could not be verified.",
                    at);
        }
    }
}
