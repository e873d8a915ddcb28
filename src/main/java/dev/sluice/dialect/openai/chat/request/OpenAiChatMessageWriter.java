package dev.sluice.dialect.openai.chat.request;

import static dev.sluice.chat.Protocol.OPENAI_CHAT;

import dev.sluice.chat.Message;
import dev.sluice.chat.Message.Role;
import dev.sluice.chat.Part;
import dev.sluice.chat.Seal;
import dev.sluice.dialect.ToolNames;
import dev.sluice.dialect.json.Json;
import dev.sluice.dialect.openai.chat.wire.OpenAiChatReasoning;
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
import java.util.Set;
import java.util.stream.Collectors;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The messages of a request for a Chat upstream (wire-contract §2.4–2.6). For one request. */
final class OpenAiChatMessageWriter {
    private final UpstreamTraits traits;
    private final ToolNames names;
    private final Set<String> customAsFunctions;
    private final Losses losses;
    private final OpenAiChatPartWriter parts;
    private final ArrayNode out = Json.mapper().createArrayNode();

    OpenAiChatMessageWriter(
            UpstreamTraits traits, ToolNames names, Set<String> customAsFunctions, Losses losses) {
        this.traits = traits;
        this.names = names;
        this.customAsFunctions = customAsFunctions;
        this.losses = losses;
        this.parts = new OpenAiChatPartWriter(traits, losses);
    }

    ArrayNode write(List<Message> messages) {
        int head = Turns.leadingInstructions(messages);
        for (int i = 0; i < messages.size(); i++) {
            Message message = messages.get(i);
            losses.besides(message, OPENAI_CHAT);
            switch (message.role()) {
                case SYSTEM, DEVELOPER -> put(instructing(message.role(), i < head), message);
                case USER -> put("user", message);
                case ASSISTANT -> assistant(message);
                case TOOL -> results(message);
            }
        }
        return out;
    }

    private String instructing(Role role, boolean atHead) {
        if (!atHead && traits.has(Trait.SYSTEM_ONLY_FIRST)) {
            return "user";
        }
        return role == Role.DEVELOPER && traits.has(Trait.DEVELOPER_ROLE) ? "developer" : "system";
    }

    private void put(String role, Message message) {
        ArrayNode content = parts.content(message, message.parts());
        if (!content.isEmpty()) {
            start(role, message).set("content", PlainTexts.shortest(content));
            finish(message);
        }
    }

    private ObjectNode start(String role, Message message) {
        ObjectNode object = out.addObject().put("role", role);
        if (message.name() != null) {
            object.put("name", message.name());
        }
        return object;
    }

    private void finish(Message message) {
        if (out.get(out.size() - 1) instanceof ObjectNode last) {
            Fields.restore(last, message.extras(), OPENAI_CHAT);
        }
    }

    private void assistant(Message message) {
        List<Part> said =
                message.parts().stream()
                        .filter(part -> part instanceof Part.Text || part instanceof Part.Foreign)
                        .toList();
        List<Part.ToolCall> calls = parts(message, Part.ToolCall.class);
        String refusal =
                parts(message, Part.Refusal.class).stream()
                        .map(Part.Refusal::text)
                        .collect(Collectors.joining());
        loseMedia(message);
        ArrayNode content = parts.content(message, said);
        boolean more = !message.extras().in(OPENAI_CHAT).isEmpty();
        if (content.isEmpty() && calls.isEmpty() && refusal.isEmpty() && !more) {
            return;
        }
        ObjectNode object = start("assistant", message);
        if (!content.isEmpty()) {
            object.set("content", PlainTexts.shortest(content));
        } else {
            object.put("content", traits.has(Trait.EMPTY_CONTENT) ? "" : null);
        }
        if (!refusal.isEmpty()) {
            object.put("refusal", refusal);
        }
        thoughts(object, parts(message, Part.Reasoning.class));
        if (!calls.isEmpty()) {
            ArrayNode array = object.putArray("tool_calls");
            calls.forEach(call -> call(array, call, message));
        }
        finish(message);
    }

    private static <P extends Part> List<P> parts(Message message, Class<P> kind) {
        return message.parts().stream().filter(kind::isInstance).map(kind::cast).toList();
    }

    private void loseMedia(Message message) {
        boolean media =
                message.parts().stream()
                        .anyMatch(part ->
                                part instanceof Part.Image
                                        || part instanceof Part.File
                                        || part instanceof Part.Audio
                                        || part instanceof Part.Video);
        if (media) {
            losses.weakened(
                    "dropped:media", message, "media of the assistant cannot be sent back.");
        }
    }

    /** OpenAI itself takes no reasoning back; vendors that want it name the field. */
    private void thoughts(ObjectNode object, List<Part.Reasoning> thoughts) {
        String field = traits.word(Trait.REASONING_IN);
        List<Part.Reasoning> own =
                thoughts.stream()
                        .filter(part -> part.seal() == null || isOwn(part.seal()))
                        .toList();
        if (field.isEmpty() || own.isEmpty()) {
            return;
        }
        if (field.equals(OpenAiChatReasoning.DETAILS)) {
            OpenAiChatReasoning.writeDetails(object, own, false);
            return;
        }
        StringBuilder text = new StringBuilder();
        own.forEach(part -> text.append(part.text()));
        object.put(field, text.toString());
    }

    private boolean isOwn(Seal seal) {
        return seal.raw().isEmpty()
                ? seal.family().equals(traits.family())
                : seal.isFor(traits.family(), traits.model());
    }

    private void call(ArrayNode array, Part.ToolCall call, Message message) {
        ObjectNode object = array.addObject().put("id", ToolCallIds.legal(call.id()));
        boolean custom = call.custom() && !customAsFunctions.contains(call.name());
        object.put("type", custom ? "custom" : "function");
        ObjectNode body = object.putObject(custom ? "custom" : "function");
        body.put("name", names.upstream(call.name()));
        if (custom) {
            body.put("input", call.arguments());
        } else if (call.custom()) {
            body.put("arguments", CustomTools.wrapped(call.arguments()));
        } else {
            body.put("arguments", call.arguments().isEmpty() ? "{}" : call.arguments());
        }
        Seal seal = call.seal();
        if (seal != null && seal.kind() == Seal.Kind.THOUGHT && traits.family().equals("google")) {
            object.putObject("extra_content")
                    .putObject("google")
                    .put("thought_signature", seal.raw());
        }
        Fields.restore(object, call.extras(), OPENAI_CHAT);
        losses.extras(call.extras(), OPENAI_CHAT, message.path());
    }

    /** Chat takes only text here: media follow in one user message after the whole run. */
    private void results(Message message) {
        List<Part> media = new ArrayList<>();
        for (Part part : message.parts()) {
            if (part instanceof Part.ToolResult result) {
                ObjectNode object = out.addObject().put("role", "tool");
                object.put("tool_call_id", ToolCallIds.legal(result.callId()));
                object.set("content", parts.result(message, result, media));
                Fields.restore(object, result.extras(), OPENAI_CHAT);
                losses.extras(result.extras(), OPENAI_CHAT, message.path());
            }
        }
        ArrayNode content = parts.content(message, media);
        if (!content.isEmpty()) {
            out.addObject().put("role", "user").set("content", content);
            losses.weakened(
                    "moved:tool_result_media",
                    message,
                    "media of a tool result are sent in a user message.");
        }
    }
}
