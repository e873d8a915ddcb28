package dev.sluice.dialect.gemini.request;

import static dev.sluice.chat.Protocol.GEMINI;

import dev.sluice.chat.ChatRequest;
import dev.sluice.chat.Message;
import dev.sluice.chat.Part;
import dev.sluice.chat.Seal;
import dev.sluice.dialect.ToolNames;
import dev.sluice.dialect.gemini.wire.GeminiBase64;
import dev.sluice.dialect.json.Json;
import dev.sluice.dialect.rules.Fields;
import dev.sluice.dialect.rules.Losses;
import dev.sluice.dialect.rules.Turns;
import dev.sluice.dialect.rules.tool.CustomTools;
import dev.sluice.dialect.rules.tool.ToolCallIds;
import dev.sluice.dialect.trait.Trait;
import dev.sluice.dialect.trait.UpstreamTraits;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * System instruction and contents for a Gemini upstream (wire-contract §2.4–2.6): roles alternate,
 * all responses of one turn stand in one content. For one request.
 */
final class GeminiMessageWriter {
    private final ChatRequest request;
    private final UpstreamTraits traits;
    private final ToolNames names;
    private final Losses losses;
    private final GeminiPartWriter parts;
    private final ArrayNode out = Json.mapper().createArrayNode();

    GeminiMessageWriter(
            ChatRequest request, UpstreamTraits traits, ToolNames names, Losses losses) {
        this.request = request;
        this.traits = traits;
        this.names = names;
        this.losses = losses;
        this.parts = new GeminiPartWriter(request.origin(), traits, losses);
    }

    void write(ObjectNode body) {
        List<Message> messages = request.messages();
        int head = Turns.leadingInstructions(messages);
        ArrayNode system = Json.mapper().createArrayNode();
        messages.subList(0, head).forEach(message -> said(system, message));
        for (Message message : messages.subList(head, messages.size())) {
            switch (message.role()) {
                case SYSTEM, DEVELOPER -> amid(message);
                case USER -> user(message);
                case ASSISTANT -> assistant(message);
                case TOOL -> results(message);
            }
        }
        if (out.isEmpty() && !messages.isEmpty()) {
            startWithUser(messages.getLast());
        }
        body.set("contents", out);
        if (!system.isEmpty()) {
            ObjectNode instruction = body.putObject("systemInstruction");
            instruction.set("parts", system);
            Fields.restore(instruction, messages.getFirst().extras(), GEMINI);
        }
    }

    private void said(ArrayNode content, Message message) {
        losses.besides(message, GEMINI);
        message.parts().forEach(part -> parts.write(content, part, message));
    }

    /** A later instruction stays where it was said, as the user's text. */
    private void amid(Message message) {
        user(message);
        losses.weakened(
                "changed:system_role", message, "sent as text of the user, at the same place.");
    }

    private void user(Message message) {
        ArrayNode content = Json.mapper().createArrayNode();
        said(content, message);
        put("user", message, content);
    }

    private void put(String role, Message message, ArrayNode content) {
        if (content.isEmpty()) {
            return;
        }
        ObjectNode last = out.isEmpty() ? null : (ObjectNode) out.get(out.size() - 1);
        if (last != null && last.path("role").asString("").equals(role)) {
            last.withArrayProperty("parts").addAll(content);
            return;
        }
        if (last == null && role.equals("model")) {
            startWithUser(message);
        }
        ObjectNode turn = out.addObject().put("role", role);
        turn.set("parts", content);
        Fields.restore(turn, message.extras(), GEMINI);
    }

    /** Gemini demands a turn of the user before a call, and some content at all. */
    private void startWithUser(Message message) {
        out.addObject().put("role", "user").putArray("parts").addObject().put("text", ".");
        losses.weakened("added:user_turn", message, "a turn of the user was put in.");
    }

    private void assistant(Message message) {
        losses.besides(message, GEMINI);
        ArrayNode content = Json.mapper().createArrayNode();
        boolean first = true;
        for (Part part : message.parts()) {
            switch (part) {
                case Part.Text _,
                        Part.Refusal _,
                        Part.Image _,
                        Part.File _,
                        Part.Audio _,
                        Part.Video _,
                        Part.Foreign _ ->
                        parts.write(content, part, message);
                case Part.Reasoning thought -> thought(content, thought);
                case Part.ToolCall call -> {
                    call(content, call, first, message);
                    first = false;
                }
                case Part.ToolResult _ -> {
                    // Never the assistant's.
                }
            }
        }
        put("model", message, content);
    }

    /** A thought goes back with its own seal or not at all; only a client of Google's may bare. */
    private void thought(ArrayNode content, Part.Reasoning thought) {
        String signature = parts.signature(thought.seal());
        boolean own = request.origin() == GEMINI && thought.seal() == null;
        if (signature == null && !own) {
            return;
        }
        ObjectNode part = content.addObject().put("text", thought.text());
        if (!thought.text().isEmpty()) {
            part.put("thought", true);
        }
        if (signature != null) {
            part.put("thoughtSignature", signature);
        }
        Fields.restore(part, thought.extras(), GEMINI);
    }

    private void call(ArrayNode content, Part.ToolCall call, boolean first, Message message) {
        losses.extras(call.extras(), GEMINI, message.path());
        String arguments = call.custom() ? CustomTools.wrapped(call.arguments()) : call.arguments();
        ObjectNode args = Json.object(arguments.isBlank() ? "{}" : arguments);
        if (args == null) {
            String id = call.id().substring(0, Math.min(80, call.id().length()));
            String why = "the arguments of the call " + id + " are no JSON object.";
            losses.refused("tool_arguments", message, why);
            return;
        }
        ObjectNode part = content.addObject();
        ObjectNode function = part.putObject("functionCall");
        id(function, call.id());
        function.put("name", names.upstream(call.name())).set("args", args);
        String signature = signature(call.seal(), first);
        if (signature != null) {
            part.put("thoughtSignature", signature);
        }
        Fields.restore(part, call.extras(), GEMINI);
    }

    /** Of calls made together the first alone is sealed. */
    private @Nullable String signature(@Nullable Seal seal, boolean first) {
        String signature = parts.signature(seal);
        return signature == null && first && traits.has(Trait.THOUGHT_SIGNATURES)
                ? GeminiBase64.SENTINEL
                : signature;
    }

    private void id(ObjectNode function, String id) {
        if (traits.has(Trait.FUNCTION_CALL_ID) && !ToolCallIds.isMade(id)) {
            function.put("id", id);
        }
    }

    private void results(Message message) {
        ArrayNode content = Json.mapper().createArrayNode();
        List<Part> media = new ArrayList<>();
        for (Part part : message.parts()) {
            if (part instanceof Part.ToolResult result) {
                result(content.addObject(), result, media, message);
            }
        }
        media.forEach(part -> parts.write(content, part, message));
        put("user", message, content);
    }

    private void result(
            ObjectNode part, Part.ToolResult result, List<Part> later, Message message) {
        losses.extras(result.extras(), GEMINI, message.path());
        ObjectNode response = part.putObject("functionResponse");
        id(response, result.callId());
        String name = Objects.requireNonNullElse(result.name(), "");
        response.put("name", names.upstream(name));
        ArrayNode inside = Json.mapper().createArrayNode();
        List<String> texts = new ArrayList<>();
        for (Part piece : result.content()) {
            String text = GeminiPartWriter.text(piece);
            if (text != null) {
                texts.add(text);
            } else if (traits.has(Trait.TOOL_RESULT_IMAGES)) {
                parts.write(inside, piece, message);
            } else {
                texts.add("[the file follows the results]");
                later.add(piece);
            }
        }
        response.set("response", GeminiPartWriter.response(texts, result.error()));
        if (!inside.isEmpty()) {
            response.set("parts", inside);
        }
        Fields.restore(response, result.extras(), GEMINI);
    }
}
