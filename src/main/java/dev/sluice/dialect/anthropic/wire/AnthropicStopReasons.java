package dev.sluice.dialect.anthropic.wire;

import dev.sluice.chat.StopReason;
import java.util.Locale;

/** Anthropic's stop reasons (wire-contract §2.8). */
public final class AnthropicStopReasons {
    private AnthropicStopReasons() {}

    /**
     * @param said as it was said; empty where nothing was
     * @param calls whether the answer holds a call for the client to make
     * @param output whether it holds anything at all
     */
    public static StopReason read(String said, boolean calls, boolean output) {
        StopReason reason =
                switch (said.toLowerCase(Locale.ROOT)) {
                    case "end_turn", "tool_use", "" -> StopReason.STOP;
                    case "stop_sequence" -> StopReason.STOP_SEQUENCE;
                    case "max_tokens", "model_context_window_exceeded" -> StopReason.LENGTH;
                    case "refusal" -> StopReason.FILTER;
                    case "pause_turn" -> StopReason.PAUSE;
                    default -> output ? StopReason.STOP : StopReason.BROKEN;
                };
        return reason == StopReason.STOP && calls ? StopReason.TOOL_CALLS : reason;
    }

    /**
     * @param calls whether the client was given a call
     */
    public static String write(StopReason reason, boolean calls) {
        return switch (reason) {
            case STOP, BROKEN -> "end_turn";
            case STOP_SEQUENCE -> "stop_sequence";
            case LENGTH -> "max_tokens";
            case TOOL_CALLS -> calls ? "tool_use" : "end_turn";
            case FILTER -> "refusal";
            case PAUSE -> "pause_turn";
        };
    }
}
