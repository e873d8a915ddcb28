package dev.sluice.proxy.count;

import dev.sluice.chat.ChatRequest;
import dev.sluice.chat.Message;
import dev.sluice.chat.Part;
import dev.sluice.chat.Tool;
import dev.sluice.proxy.tokens.TokenEstimator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * How many tokens a request has, roughly: its words as a tokenizer cuts them, an image or file a
 * fixed number, and every message a few more.
 */
final class TokenEstimate {
    private static final int TOKENS_A_MESSAGE = 4;
    private static final int TOKENS_A_MEDIUM = 1_000;

    private final StringBuilder words = new StringBuilder();
    private long fixed;

    private TokenEstimate() {}

    /**
     * {@return the tokens of that request for that model} May take a moment: not for an event loop.
     */
    static long of(ChatRequest request, String model, TokenEstimator estimator) {
        TokenEstimate estimate = new TokenEstimate();
        for (Message message : request.messages()) {
            estimate.fixed += TOKENS_A_MESSAGE;
            estimate.addAll(message.parts());
        }
        request.tools().forEach(estimate::add);
        return estimate.fixed + estimator.thorough(estimate.words.toString(), model);
    }

    private void addAll(List<Part> parts) {
        parts.forEach(this::add);
    }

    private void add(Part part) {
        switch (part) {
            case Part.Text text -> add(text.text());
            case Part.Refusal refusal -> add(refusal.text());
            case Part.Reasoning thought -> add(thought.text());
            case Part.ToolCall call -> add(call.name() + ' ' + call.arguments());
            case Part.ToolResult result -> addAll(result.content());
            case Part.Image _, Part.File _, Part.Audio _, Part.Video _ -> fixed += TOKENS_A_MEDIUM;
            case Part.Foreign foreign -> add(foreign.json().toString());
        }
    }

    private void add(Tool tool) {
        fixed += TOKENS_A_MESSAGE;
        switch (tool) {
            case Tool.Function function ->
                    add(function.name(), function.description(), function.parameters());
            case Tool.Custom custom -> add(custom.name(), custom.description(), custom.format());
            case Tool.Hosted hosted -> add(hosted.json().toString());
        }
    }

    private void add(String name, @Nullable String description, @Nullable JsonNode schema) {
        add(name);
        add(description == null ? "" : description);
        add(schema == null ? "" : schema.toString());
    }

    private void add(String text) {
        words.append(text).append('\n');
    }
}
