package dev.sluice.dialect.openai.responses.request;

import static dev.sluice.chat.Protocol.OPENAI_RESPONSES;

import dev.sluice.chat.Message;
import dev.sluice.chat.Message.Role;
import dev.sluice.chat.Part;
import dev.sluice.chat.Protocol;
import dev.sluice.chat.Seal;
import dev.sluice.dialect.ToolNames;
import dev.sluice.dialect.json.Json;
import dev.sluice.dialect.openai.responses.wire.NamespacedTools;
import dev.sluice.dialect.openai.responses.wire.OpenAiResponsesReasoning;
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
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The messages of a request as input items (wire-contract §2.4–2.6): a turn's parts in their order,
 * each call and each reasoning an item of its own. For one request.
 */
final class OpenAiResponsesItemWriter {
    private final Protocol client;
    private final UpstreamTraits traits;
    private final ToolNames names;
    private final Set<String> customAsFunctions;
    private final Losses losses;
    private final OpenAiResponsesPartWriter parts;
    private final ArrayNode out = Json.mapper().createArrayNode();

    OpenAiResponsesItemWriter(
            Protocol client,
            UpstreamTraits traits,
            ToolNames names,
            Set<String> customAsFunctions,
            Losses losses) {
        this.client = client;
        this.traits = traits;
        this.names = names;
        this.customAsFunctions = customAsFunctions;
        this.losses = losses;
        this.parts = new OpenAiResponsesPartWriter(client, traits, losses);
    }

    void write(ObjectNode body, List<Message> messages) {
        int head = Turns.leadingInstructions(messages);
        String instructions = messages.size() < 2 ? null : instructions(messages.getFirst());
        if (instructions != null) {
            body.put("instructions", instructions);
        }
        for (int i = instructions == null ? 0 : 1; i < messages.size(); i++) {
            Message message = messages.get(i);
            losses.besides(message, OPENAI_RESPONSES);
            switch (message.role()) {
                case SYSTEM, DEVELOPER -> put(instructing(message.role(), i < head), message);
                case USER -> user(message);
                case ASSISTANT -> assistant(message);
                case TOOL -> results(message);
            }
        }
        body.set("input", out);
    }

    /** {@return the text of the message if it says nothing else, and is the system's} */
    private static @Nullable String instructions(Message message) {
        boolean plain =
                message.role() == Role.SYSTEM
                        && message.name() == null
                        && message.extras().isEmpty()
                        && message.parts().size() == 1;
        return plain
                        && message.parts().getFirst() instanceof Part.Text text
                        && text.cache() == null
                        && text.extras().isEmpty()
                        && !text.text().isEmpty()
                ? text.text()
                : null;
    }

    private String instructing(Role role, boolean atHead) {
        if (!atHead && traits.has(Trait.SYSTEM_ONLY_FIRST)) {
            return "user";
        }
        return role == Role.DEVELOPER && traits.has(Trait.DEVELOPER_ROLE) ? "developer" : "system";
    }

    /** What is an item of its own among a user's parts stands before them. */
    private void user(Message message) {
        List<Part> said = new ArrayList<>();
        for (Part part : message.parts()) {
            if (part instanceof Part.Foreign foreign && isItem(foreign)) {
                out.add(foreign.json());
            } else {
                said.add(part);
            }
        }
        put("user", message.with(said));
    }

    private static boolean isItem(Part.Foreign foreign) {
        return foreign.origin() == OPENAI_RESPONSES && !foreign.type().startsWith("input_");
    }

    private void put(String role, Message message) {
        ArrayNode content = parts.content(message, message.parts());
        if (!content.isEmpty()) {
            ObjectNode object = out.addObject().put("type", "message").put("role", role);
            object.set("content", PlainTexts.shortest(content));
            Fields.restore(object, message.extras(), OPENAI_RESPONSES);
        }
    }

    private void assistant(Message message) {
        ArrayNode said = Json.mapper().createArrayNode();
        for (Part part : message.parts()) {
            if (part instanceof Part.Text text) {
                losses.extras(text.extras(), OPENAI_RESPONSES, message.path());
                if (!text.text().isEmpty()) {
                    ObjectNode object = said.addObject().put("type", "output_text");
                    object.put("text", text.text());
                    Fields.restore(object, text.extras(), OPENAI_RESPONSES);
                }
                continue;
            }
            if (part instanceof Part.Refusal refusal) {
                said.addObject().put("type", "refusal").put("refusal", refusal.text());
                continue;
            }
            said = flushed(said, message);
            item(part, message);
        }
        flushed(said, message);
    }

    private ArrayNode flushed(ArrayNode said, Message message) {
        if (said.isEmpty()) {
            return said;
        }
        ObjectNode object = out.addObject().put("type", "message").put("role", "assistant");
        object.set("content", said);
        Fields.restore(object, message.extras(), OPENAI_RESPONSES);
        return Json.mapper().createArrayNode();
    }

    private void item(Part part, Message message) {
        switch (part) {
            case Part.ToolCall call -> call(call, message);
            case Part.Reasoning thought -> thought(thought);
            case Part.Foreign foreign -> foreign(foreign, message);
            case Part.Image _, Part.File _, Part.Audio _, Part.Video _ ->
                    losses.weakened(
                            "dropped:media",
                            message,
                            "media of the assistant cannot be sent back.");
            case Part.Text _, Part.Refusal _, Part.ToolResult _ -> {
                // Written with the message, or never the assistant's.
            }
        }
    }

    private void foreign(Part.Foreign foreign, Message message) {
        if (foreign.origin() == OPENAI_RESPONSES) {
            out.add(foreign.json());
        } else {
            losses.foreign(foreign, message);
        }
    }

    /** Reasoning with another's seal goes without a word, its text included. */
    private void thought(Part.Reasoning thought) {
        Seal seal = thought.seal();
        boolean own = seal != null && seal.isFor(traits.family(), traits.model());
        boolean unsealed =
                seal == null
                        && !isMade(thought)
                        && (client == OPENAI_RESPONSES
                                || !traits.word(Trait.REASONING_IN).isEmpty());
        if (!own && !unsealed) {
            return;
        }
        ObjectNode object = out.addObject().put("type", "reasoning");
        if (thought.id() != null && !isMade(thought)) {
            object.put("id", thought.id());
        }
        ArrayNode summary = object.putArray("summary");
        if (!thought.text().isEmpty()) {
            summary.addObject().put("type", "summary_text").put("text", thought.text());
        }
        if (seal != null) {
            object.put("encrypted_content", seal.raw());
        }
    }

    private static boolean isMade(Part.Reasoning thought) {
        return thought.id() != null && thought.id().startsWith(OpenAiResponsesReasoning.MADE_ID);
    }

    private void call(Part.ToolCall call, Message message) {
        boolean custom = call.custom() && !customAsFunctions.contains(call.name());
        ObjectNode object =
                out.addObject().put("type", custom ? "custom_tool_call" : "function_call");
        if (call.itemId() != null) {
            object.put("id", call.itemId());
        }
        object.put("call_id", ToolCallIds.legal(call.id()));
        NamespacedTools.name(object, names.upstream(call.name()));
        if (custom) {
            object.put("input", call.arguments());
        } else if (call.custom()) {
            object.put("arguments", CustomTools.wrapped(call.arguments()));
        } else {
            object.put("arguments", call.arguments().isEmpty() ? "{}" : call.arguments());
        }
        Seal seal = call.seal();
        if (seal != null && seal.kind() == Seal.Kind.THOUGHT && traits.family().equals("google")) {
            object.putObject("extra_content")
                    .putObject("google")
                    .put("thought_signature", seal.raw());
        }
        Fields.restore(object, call.extras(), OPENAI_RESPONSES);
        losses.extras(call.extras(), OPENAI_RESPONSES, message.path());
    }

    private void results(Message message) {
        List<Part> media = new ArrayList<>();
        for (Part part : message.parts()) {
            if (part instanceof Part.ToolResult result) {
                result(message, result, media);
            }
        }
        ArrayNode content = parts.content(message, media);
        if (!content.isEmpty()) {
            ObjectNode object = out.addObject().put("type", "message").put("role", "user");
            object.set("content", content);
            losses.weakened(
                    "moved:tool_result_media",
                    message,
                    "media of a tool result are sent in a user message.");
        }
    }

    private void result(Message message, Part.ToolResult result, List<Part> media) {
        boolean custom =
                result.custom()
                        && (result.name() == null || !customAsFunctions.contains(result.name()));
        ObjectNode object = out.addObject();
        object.put("type", custom ? "custom_tool_call_output" : "function_call_output");
        object.put("call_id", ToolCallIds.legal(result.callId()));
        object.set("output", parts.result(message, result, media));
        Fields.restore(object, result.extras(), OPENAI_RESPONSES);
        losses.extras(result.extras(), OPENAI_RESPONSES, message.path());
    }
}
