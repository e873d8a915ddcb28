package dev.sluice.dialect.anthropic;

import dev.sluice.chat.ChatRequest;
import dev.sluice.chat.Extras;
import dev.sluice.chat.Loss;
import dev.sluice.chat.Message;
import dev.sluice.chat.Message.Role;
import dev.sluice.chat.Part;
import dev.sluice.chat.Protocol;
import dev.sluice.chat.Seal;
import dev.sluice.chat.Tool;
import dev.sluice.dialect.Written;
import dev.sluice.dialect.json.Json;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** Requests for an upstream in short, and what to look for in what it is told. */
final class AnthropicWriting {
    private AnthropicWriting() {}

    static ChatRequest chat(Message... messages) {
        return ChatRequest.builder(Protocol.OPENAI_CHAT).messages(List.of(messages)).build();
    }

    static Tool tool(String name) {
        return new Tool.Function(name, null, null, null, null, Extras.NONE);
    }

    static Message user(String text) {
        return Message.of(Role.USER, List.of(Part.Text.of(text)), "messages[0]");
    }

    static Message assistant(Part... parts) {
        return Message.of(Role.ASSISTANT, List.of(parts), "messages[1]");
    }

    static Part thought(String text, @org.jspecify.annotations.Nullable Seal seal) {
        return new Part.Reasoning(text, seal, null, Extras.NONE);
    }

    static Part result(String id) {
        return new Part.ToolResult(
                id, "f", List.of(Part.Text.of("r")), false, false, null, Extras.NONE);
    }

    static JsonNode messages(Written written) {
        return Json.tree(written.body()).path("messages");
    }

    static List<String> codes(Written written) {
        return written.losses().stream().map(Loss::code).toList();
    }
}
