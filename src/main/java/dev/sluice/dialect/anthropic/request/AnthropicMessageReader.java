package dev.sluice.dialect.anthropic.request;

import static dev.sluice.chat.Protocol.ANTHROPIC;

import dev.sluice.chat.Message;
import dev.sluice.chat.Message.Role;
import dev.sluice.chat.Part;
import dev.sluice.chat.Seal;
import dev.sluice.dialect.MalformedRequest;
import dev.sluice.dialect.rules.Fields;
import dev.sluice.dialect.rules.Turns;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/**
 * The system text and the messages of a Messages request. Results of tools stand in user messages
 * there; here they are a message of their own before what the user says.
 */
final class AnthropicMessageReader {
    private AnthropicMessageReader() {}

    static List<Message> read(Fields request) throws MalformedRequest {
        List<JsonNode> nodes = request.list("messages");
        if (nodes.isEmpty()) {
            throw Fields.wrong("messages", "an array of at least one message");
        }
        List<Message> messages = new ArrayList<>(nodes.size() + 1);
        List<Part> system = AnthropicPartReader.content(request, "system", false);
        requireText(system, "system");
        if (!system.isEmpty()) {
            messages.add(Message.of(Role.SYSTEM, system, "system"));
        }
        for (int i = 0; i < nodes.size(); i++) {
            messages.add(message(Fields.of(nodes.get(i), "messages[" + i + "]")));
        }
        List<Message> split = new ArrayList<>(messages.size());
        for (Message message : Turns.merged(messages, Role.USER)) {
            split(message, split);
        }
        return Turns.settled(split);
    }

    private static Message message(Fields message) throws MalformedRequest {
        String said = message.requiredString("role");
        Role role =
                switch (said) {
                    case "user" -> Role.USER;
                    case "assistant" -> Role.ASSISTANT;
                    case "system" -> Role.SYSTEM;
                    default ->
                            throw Fields.wrong(
                                    message.path("role"), "one of user, assistant and system");
                };
        if (message.take("content") == null) {
            throw message.missing("content");
        }
        List<Part> parts = AnthropicPartReader.content(message, "content", role == Role.ASSISTANT);
        requirePlace(role, parts, message.path("content"));
        List<Part> placed = role == Role.ASSISTANT ? sealed(parts) : parts;
        return new Message(role, placed, null, message.rest(ANTHROPIC), message.path());
    }

    private static void requirePlace(Role role, List<Part> parts, String path)
            throws MalformedRequest {
        if (role == Role.SYSTEM) {
            requireText(parts, path);
        }
        for (Part part : parts) {
            boolean users = part instanceof Part.ToolResult;
            boolean models = part instanceof Part.ToolCall || part instanceof Part.Reasoning;
            if (users && role != Role.USER) {
                throw Fields.wrong(path, "free of tool_result, which stands in user messages");
            }
            if (models && role != Role.ASSISTANT) {
                throw Fields.wrong(
                        path, "free of tool_use and thinking, which stand in assistant messages");
            }
        }
    }

    private static void requireText(List<Part> parts, String path) throws MalformedRequest {
        if (!parts.stream().allMatch(Part.Text.class::isInstance)) {
            throw Fields.wrong(path, "a string or an array of text blocks");
        }
    }

    /** Puts the seals of calls, which travel in blocks before them, back to where they belong. */
    private static List<Part> sealed(List<Part> parts) {
        List<Part> placed = new ArrayList<>(parts.size());
        for (Part part : parts) {
            Part before = placed.isEmpty() ? null : placed.getLast();
            if (part instanceof Part.ToolCall call
                    && before instanceof Part.Reasoning carrier
                    && carrier.text().isEmpty()
                    && carrier.seal() != null
                    && carrier.seal().kind() == Seal.Kind.THOUGHT) {
                placed.set(placed.size() - 1, with(call, carrier.seal()));
            } else {
                placed.add(part);
            }
        }
        return placed;
    }

    private static Part with(Part.ToolCall call, Seal seal) {
        return new Part.ToolCall(
                call.id(),
                call.itemId(),
                call.name(),
                call.arguments(),
                call.custom(),
                seal,
                call.cache(),
                call.extras());
    }

    private static void split(Message message, List<Message> out) {
        List<Part> results =
                message.parts().stream().filter(Part.ToolResult.class::isInstance).toList();
        if (results.isEmpty()) {
            out.add(message);
            return;
        }
        out.add(Message.of(Role.TOOL, results, message.path()));
        List<Part> rest =
                message.parts().stream()
                        .filter(part -> !(part instanceof Part.ToolResult))
                        .toList();
        if (!rest.isEmpty()) {
            out.add(message.with(rest));
        }
    }
}
