package dev.sluice.dialect.openai.chat.wire;

import dev.sluice.chat.StopReason;
import java.util.Locale;

/** Chat's finish reasons, and what vendors pass through in their place (wire-contract §2.8). */
public final class OpenAiChatStopReasons {
    private OpenAiChatStopReasons() {}

    /**
     * @param finish as it was said; empty where nothing was
     * @param calls whether the answer holds a call
     * @param output whether it holds anything at all
     */
    public static StopReason read(String finish, boolean calls, boolean output) {
        StopReason reason =
                switch (finish.toLowerCase(Locale.ROOT)) {
                    case "stop",
                            "end_turn",
                            "eos",
                            "stop_sequence",
                            "tool_calls",
                            "function_call",
                            "tool_use" ->
                            StopReason.STOP;
                    case "length", "max_tokens", "model_length", "model_context_window_exceeded" ->
                            StopReason.LENGTH;
                    case "content_filter",
                            "sensitive",
                            "safety",
                            "recitation",
                            "blocklist",
                            "prohibited_content",
                            "spii",
                            "image_safety",
                            "language",
                            "refusal" ->
                            StopReason.FILTER;
                    case "pause_turn" -> StopReason.PAUSE;
                    case "error",
                            "insufficient_system_resource",
                            "network_error",
                            "malformed_function_call" ->
                            StopReason.BROKEN;
                    default -> output ? StopReason.STOP : StopReason.BROKEN;
                };
        return reason == StopReason.STOP && calls ? StopReason.TOOL_CALLS : reason;
    }

    public static String write(StopReason reason) {
        return switch (reason) {
            case STOP, STOP_SEQUENCE, PAUSE -> "stop";
            case LENGTH -> "length";
            case TOOL_CALLS -> "tool_calls";
            case FILTER -> "content_filter";
            case BROKEN -> "error";
        };
    }
}
