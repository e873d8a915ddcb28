package dev.sluice.dialect.loose;

import dev.sluice.chat.ChatRequest;
import dev.sluice.chat.Loss;
import dev.sluice.chat.Protocol;
import dev.sluice.dialect.Dialect;
import dev.sluice.dialect.Dialects;
import dev.sluice.dialect.Envelope;
import dev.sluice.dialect.MalformedRequest;
import dev.sluice.dialect.Written;
import dev.sluice.dialect.json.Json;
import dev.sluice.dialect.trait.UpstreamTraits;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Tells the fields of a chat that are another protocol's in the words of Chat. */
final class ForeignWords {
    private static final Map<Protocol, Set<String>> OWN =
            Map.of(
                    Protocol.GEMINI,
                    Set.of(
                            "contents",
                            "systemInstruction",
                            "system_instruction",
                            "generationConfig",
                            "generation_config",
                            "toolConfig",
                            "tool_config",
                            "safetySettings",
                            "safety_settings",
                            "cachedContent",
                            "cached_content"),
                    Protocol.OPENAI_RESPONSES,
                    Set.of(
                            "input",
                            "instructions",
                            "max_output_tokens",
                            "text",
                            "reasoning",
                            "include",
                            "truncation",
                            "previous_response_id",
                            "conversation",
                            "background",
                            "prompt"),
                    Protocol.ANTHROPIC,
                    Set.of("messages", "system", "stop_sequences", "thinking", "output_config"));

    private final Dialects dialects;

    ForeignWords(Dialects dialects) {
        this.dialects = dialects;
    }

    LooseForms.Meant told(Protocol form, ObjectNode request) throws MalformedRequest {
        ObjectNode theirs = Json.mapper().createObjectNode();
        ObjectNode chats = Json.mapper().createObjectNode();
        for (Map.Entry<String, JsonNode> field : request.properties()) {
            boolean own = isOwn(form, field.getKey(), field.getValue());
            (own ? theirs : chats).set(field.getKey(), field.getValue());
        }
        String model = request.path("model").asString("");
        Dialect chat = dialects.of(Protocol.OPENAI_CHAT);
        ChatRequest read =
                dialects.of(form)
                        .readRequest(Json.bytes(theirs), new Envelope(model, false, List.of()));
        Written written = chat.writeRequest(read, UpstreamTraits.standard("openai", model));
        for (Loss loss : written.losses()) {
            if (loss.isRefusal()) {
                throw new MalformedRequest(loss.message(), loss.param());
            }
        }
        ObjectNode told = (ObjectNode) Json.tree(written.body());
        told.remove(List.of("model", "stream", "stream_options"));
        told.setAll(chats);
        return new LooseForms.Meant(chat, Json.bytes(told), written.losses());
    }

    /** Names that Chat has as well are theirs where what they hold is in their shape. */
    private static boolean isOwn(Protocol form, String name, JsonNode value) {
        return switch (name) {
            case "tools" -> !isChats(value.path(0));
            case "tool_choice" -> value.isObject() && !isChats(value);
            default -> OWN.getOrDefault(form, Set.of()).contains(name);
        };
    }

    private static boolean isChats(JsonNode tool) {
        return tool.has("function") || tool.has("custom") || tool.has("allowed_tools");
    }
}
