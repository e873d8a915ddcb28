package dev.sluice.dialect.gemini.request;

import static dev.sluice.chat.Protocol.GEMINI;

import dev.sluice.chat.Extras;
import dev.sluice.chat.Message;
import dev.sluice.chat.Message.Role;
import dev.sluice.chat.Part;
import dev.sluice.chat.Seal;
import dev.sluice.dialect.MalformedRequest;
import dev.sluice.dialect.gemini.wire.GeminiCallIds;
import dev.sluice.dialect.rules.Fields;
import dev.sluice.dialect.rules.Turns;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/**
 * The system instruction and the contents of a request. Results of functions stand in user contents
 * there; here they are a message of their own before what the user says.
 */
final class GeminiMessageReader {
    private GeminiMessageReader() {}

    static List<Message> read(Fields request) throws MalformedRequest {
        List<JsonNode> nodes = list(request, "contents");
        if (nodes.isEmpty()) {
            throw Fields.wrong("contents", "an array of at least one content");
        }
        List<Message> messages = new ArrayList<>(nodes.size() + 1);
        Fields system = request.object("systemInstruction");
        if (system != null) {
            system(system, messages);
        }
        GeminiCallIds ids = new GeminiCallIds();
        for (int i = 0; i < nodes.size(); i++) {
            messages.add(message(Fields.of(nodes.get(i), "contents[" + i + "]"), ids));
        }
        List<Message> split = new ArrayList<>(messages.size());
        for (Message message : Turns.merged(messages, Role.USER)) {
            split(message, split);
        }
        List<Message> settled = new ArrayList<>(split.size());
        for (Message message : Turns.settled(split)) {
            settled.add(
                    message.role() == Role.ASSISTANT
                            ? message.with(joined(message.parts()))
                            : message);
        }
        return settled;
    }

    /** {@return the elements of an array, or the only one where no array was thought needed} */
    static List<JsonNode> list(Fields bearer, String name) throws MalformedRequest {
        JsonNode value = bearer.take(name);
        return value != null && value.isObject() ? List.of(value) : bearer.list(name);
    }

    private static void system(Fields system, List<Message> messages) throws MalformedRequest {
        system.take("role");
        List<Part> parts = GeminiPartReader.parts(system, Role.SYSTEM, new GeminiCallIds());
        if (!parts.stream().allMatch(Part.Text.class::isInstance)) {
            throw Fields.wrong(system.path("parts"), "an array of texts");
        }
        if (!parts.isEmpty()) {
            messages.add(new Message(Role.SYSTEM, parts, null, system.rest(GEMINI), system.path()));
        }
    }

    private static Message message(Fields content, GeminiCallIds ids) throws MalformedRequest {
        String said = content.string("role");
        Role role =
                switch (said == null ? "" : said) {
                    case "", "user", "function", "tool" -> Role.USER;
                    case "model" -> Role.ASSISTANT;
                    default -> throw Fields.wrong(content.path("role"), "one of user and model");
                };
        ids.turn(role == Role.ASSISTANT);
        List<Part> parts = GeminiPartReader.parts(content, role, ids);
        for (Part part : parts) {
            boolean models = part instanceof Part.ToolCall || part instanceof Part.Reasoning;
            if (role == Role.USER && models) {
                throw Fields.wrong(
                        content.path("parts"),
                        "free of functionCall and thoughts, which stand in contents of the model");
            }
            if (role == Role.ASSISTANT && part instanceof Part.ToolResult) {
                throw Fields.wrong(
                        content.path("parts"),
                        "free of functionResponse, which stands in contents of the user");
            }
        }
        return new Message(role, parts, null, content.rest(GEMINI), content.path());
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

    /**
     * {@return the model's parts, the pieces of a stream that clients send back as they came joined
     * to what they were} A foreign seal, which comes after its thought, goes back to it.
     */
    private static List<Part> joined(List<Part> parts) {
        List<Part> joined = new ArrayList<>(parts.size());
        for (Part part : parts) {
            Part last = joined.isEmpty() ? null : joined.getLast();
            if (part instanceof Part.Text text
                    && last instanceof Part.Text before
                    && isPlain(text)
                    && isPlain(before)) {
                joined.set(joined.size() - 1, Part.Text.of(before.text() + text.text()));
            } else if (part instanceof Part.Reasoning thought
                    && last instanceof Part.Reasoning before
                    && before.seal() == null
                    && isFollowedBy(before, thought)) {
                String text = before.text() + thought.text();
                joined.set(
                        joined.size() - 1,
                        new Part.Reasoning(text, thought.seal(), null, before.extras()));
            } else {
                joined.add(part);
            }
        }
        return joined;
    }

    private static boolean isPlain(Part.Text text) {
        return text.seal() == null && text.extras().equals(Extras.NONE);
    }

    /** Google's own seals stand on the very part that they are of. */
    private static boolean isFollowedBy(Part.Reasoning before, Part.Reasoning thought) {
        Seal seal = thought.seal();
        return before.extras().equals(thought.extras())
                && (seal == null || seal.kind() != Seal.Kind.THOUGHT);
    }
}
