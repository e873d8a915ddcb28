package dev.sluice.proxy.count;

import dev.sluice.chat.ChatRequest;
import dev.sluice.chat.Message;
import dev.sluice.chat.Part;
import dev.sluice.chat.Tool;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * How many tokens a request has, roughly: four bytes of text are one, an image or file a fixed
 * number, and every message a few more.
 */
final class TokenEstimate {
    private static final int BYTES_A_TOKEN = 4;
    private static final int TOKENS_A_MESSAGE = 4;
    private static final int TOKENS_A_MEDIUM = 1_000;

    private TokenEstimate() {}

    static long of(ChatRequest request) {
        long tokens = 0;
        for (Message message : request.messages()) {
            tokens += TOKENS_A_MESSAGE + parts(message.parts());
        }
        for (Tool tool : request.tools()) {
            tokens += tool(tool);
        }
        return tokens;
    }

    private static long parts(List<Part> parts) {
        return parts.stream().mapToLong(TokenEstimate::part).sum();
    }

    private static long part(Part part) {
        return switch (part) {
            case Part.Text text -> text(text.text());
            case Part.Refusal refusal -> text(refusal.text());
            case Part.Reasoning thought -> text(thought.text());
            case Part.ToolCall call -> text(call.name()) + text(call.arguments());
            case Part.ToolResult result -> parts(result.content());
            case Part.Image _, Part.File _, Part.Audio _, Part.Video _ -> TOKENS_A_MEDIUM;
            case Part.Foreign foreign -> text(foreign.json().toString());
        };
    }

    private static long tool(Tool tool) {
        return TOKENS_A_MESSAGE
                + switch (tool) {
                    case Tool.Function function -> text(function.toString());
                    case Tool.Custom custom -> text(custom.toString());
                    case Tool.Hosted hosted -> text(hosted.json().toString());
                };
    }

    private static long text(String text) {
        int bytes = text.getBytes(StandardCharsets.UTF_8).length;
        return (bytes + BYTES_A_TOKEN - 1L) / BYTES_A_TOKEN;
    }
}
