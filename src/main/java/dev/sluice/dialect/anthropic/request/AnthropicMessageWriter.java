package dev.sluice.dialect.anthropic.request;

import static dev.sluice.chat.Protocol.ANTHROPIC;

import dev.sluice.chat.Message;
import dev.sluice.chat.Message.Role;
import dev.sluice.chat.Part;
import dev.sluice.chat.Seal;
import dev.sluice.dialect.ToolNames;
import dev.sluice.dialect.json.Json;
import dev.sluice.dialect.rules.Fields;
import dev.sluice.dialect.rules.Losses;
import dev.sluice.dialect.rules.PlainTexts;
import dev.sluice.dialect.rules.Turns;
import dev.sluice.dialect.rules.tool.CustomTools;
import dev.sluice.dialect.rules.tool.ToolCallIds;
import dev.sluice.dialect.trait.Trait;
import dev.sluice.dialect.trait.UpstreamTraits;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * System text and messages for a Messages upstream (wire-contract §2.4–2.6): roles alternate, a
 * user turn that answers calls begins with all results. For one request.
 */
final class AnthropicMessageWriter {
    private final UpstreamTraits traits;
    private final ToolNames names;
    private final Losses losses;
    private final AnthropicCacheMarks marks;
    private final AnthropicPartWriter parts;
    private final ArrayNode out = Json.mapper().createArrayNode();

    AnthropicMessageWriter(
            UpstreamTraits traits, ToolNames names, Losses losses, AnthropicCacheMarks marks) {
        this.traits = traits;
        this.names = names;
        this.losses = losses;
        this.marks = marks;
        this.parts = new AnthropicPartWriter(traits, losses, marks);
    }

    void write(ObjectNode body, List<Message> messages) {
        int head = Turns.leadingInstructions(messages);
        ArrayNode system = Json.mapper().createArrayNode();
        messages.subList(0, head).forEach(message -> instructions(system, message));
        if (!system.isEmpty()) {
            body.set("system", PlainTexts.shortest(system));
        }
        List<Message> rest = messages.subList(head, messages.size());
        for (int i = 0; i < rest.size(); i++) {
            Message message = rest.get(i);
            switch (message.role()) {
                case SYSTEM, DEVELOPER ->
                        amid(message, i + 1 == rest.size() ? null : rest.get(i + 1));
                case USER -> user(message);
                case ASSISTANT -> assistant(message);
                case TOOL -> results(message);
            }
        }
        if (out.isEmpty() && !messages.isEmpty()) {
            startWithUser(messages.getLast());
        }
        for (JsonNode turn : out) {
            if (turn instanceof ObjectNode object && object.get("content") instanceof ArrayNode c) {
                object.set("content", PlainTexts.shortest(c));
            }
        }
        body.set("messages", out);
    }

    private void instructions(ArrayNode content, Message message) {
        losses.besides(message, ANTHROPIC);
        message.parts().forEach(part -> parts.write(content, part, message));
    }

    /**
     * A later instruction stays where it was said: as such if the model takes it there, otherwise
     * as the user's text.
     */
    private void amid(Message message, @Nullable Message next) {
        boolean legal =
                traits.has(Trait.SYSTEM_ANYWHERE)
                        && lastRole().equals("user")
                        && (next == null || next.role() == Role.ASSISTANT);
        if (legal) {
            ArrayNode content = Json.mapper().createArrayNode();
            instructions(content, message);
            put("system", message, content);
            return;
        }
        user(message);
        losses.weakened(
                "changed:system_role", message, "sent as text of the user, at the same place.");
    }

    private String lastRole() {
        return out.isEmpty() ? "" : out.get(out.size() - 1).path("role").asString("");
    }

    private void user(Message message) {
        ArrayNode content = Json.mapper().createArrayNode();
        instructions(content, message);
        put("user", message, content);
    }

    private void put(String role, Message message, ArrayNode content) {
        if (content.isEmpty()) {
            return;
        }
        if (lastRole().equals(role)
                && out.get(out.size() - 1).get("content") instanceof ArrayNode last) {
            last.addAll(content);
            return;
        }
        if (out.isEmpty() && role.equals("assistant")) {
            startWithUser(message);
        }
        ObjectNode turn = out.addObject().put("role", role);
        turn.set("content", content);
        Fields.restore(turn, message.extras(), ANTHROPIC);
    }

    /** Anthropic demands a turn of the user at the start. */
    private void startWithUser(Message message) {
        ObjectNode turn = out.addObject().put("role", "user");
        AnthropicPartWriter.plain(turn.putArray("content"), ".");
        losses.weakened("added:user_turn", message, "a turn of the user was put in.");
    }

    private void assistant(Message message) {
        losses.besides(message, ANTHROPIC);
        ArrayNode content = Json.mapper().createArrayNode();
        for (Part part : message.parts()) {
            switch (part) {
                case Part.Text _, Part.Refusal _, Part.Foreign _ ->
                        parts.write(content, part, message);
                case Part.Reasoning thought -> thinking(content, thought);
                case Part.ToolCall call -> call(content, call, message);
                case Part.Image _, Part.File _, Part.Audio _, Part.Video _ ->
                        losses.weakened(
                                "dropped:media",
                                message,
                                "media of the assistant cannot be sent back.");
                case Part.ToolResult _ -> {
                    // Never the assistant's.
                }
            }
        }
        put("assistant", message, content);
    }

    /** Thinking goes back unmodified with its own seal, or not at all: never as text. */
    private void thinking(ArrayNode content, Part.Reasoning thought) {
        if (!isSendable(thought, traits)) {
            return;
        }
        Seal seal = thought.seal();
        ObjectNode block = content.addObject();
        if (seal != null && seal.kind() == Seal.Kind.REDACTED) {
            block.put("type", "redacted_thinking").put("data", seal.raw());
        } else {
            block.put("type", "thinking")
                    .put("thinking", thought.text())
                    .put("signature", seal == null ? "" : seal.raw());
        }
        Fields.restore(block, thought.extras(), ANTHROPIC);
    }

    /** {@return whether the upstream takes the thinking back} A vendor may want it unsigned. */
    static boolean isSendable(Part.Reasoning thought, UpstreamTraits traits) {
        Seal seal = thought.seal();
        if (seal == null || seal.raw().isEmpty()) {
            boolean own = seal == null || seal.family().equals(traits.family());
            return own && !traits.word(Trait.REASONING_IN).isEmpty();
        }
        boolean place = seal.kind() == Seal.Kind.SIGNATURE || seal.kind() == Seal.Kind.REDACTED;
        return place && seal.isFor(traits.family(), traits.model());
    }

    private void call(ArrayNode content, Part.ToolCall call, Message message) {
        String arguments = call.custom() ? CustomTools.wrapped(call.arguments()) : call.arguments();
        ObjectNode input = Json.object(arguments.isBlank() ? "{}" : arguments);
        if (input == null) {
            String why = "the arguments of the call " + shown(call.id()) + " are no JSON object.";
            losses.refused("tool_arguments", message, why);
            return;
        }
        ObjectNode block =
                content.addObject()
                        .put("type", "tool_use")
                        .put("id", ToolCallIds.legal(call.id()))
                        .put("name", names.upstream(call.name()));
        block.set("input", input);
        marks.mark(block, call.cache());
        Fields.restore(block, call.extras(), ANTHROPIC);
        losses.extras(call.extras(), ANTHROPIC, message.path());
    }

    private static String shown(String id) {
        return id.substring(0, Math.min(80, id.length()));
    }

    private void results(Message message) {
        ArrayNode content = Json.mapper().createArrayNode();
        List<Part> media = new ArrayList<>();
        for (Part part : message.parts()) {
            if (part instanceof Part.ToolResult result) {
                content.add(result(result, media, message));
            }
        }
        media.forEach(part -> parts.write(content, part, message));
        put("user", message, content);
    }

    private ObjectNode result(Part.ToolResult result, List<Part> media, Message message) {
        ObjectNode block =
                Json.mapper()
                        .createObjectNode()
                        .put("type", "tool_result")
                        .put("tool_use_id", ToolCallIds.legal(result.callId()));
        ArrayNode content = Json.mapper().createArrayNode();
        for (Part part : result.content()) {
            boolean later =
                    !traits.has(Trait.TOOL_RESULT_IMAGES)
                            && (part instanceof Part.Image || part instanceof Part.File);
            if (later) {
                AnthropicPartWriter.plain(content, "[the file follows the tool results]");
                media.add(part);
            } else if (part instanceof Part.Foreign foreign && foreign.origin() != ANTHROPIC) {
                AnthropicPartWriter.plain(content, foreign.json().toString());
            } else {
                parts.write(content, part, message);
            }
        }
        if (!content.isEmpty()) {
            block.set("content", PlainTexts.shortest(content));
        }
        if (result.error()) {
            block.put("is_error", true);
        }
        marks.mark(block, result.cache());
        Fields.restore(block, result.extras(), ANTHROPIC);
        losses.extras(result.extras(), ANTHROPIC, message.path());
        return block;
    }
}
