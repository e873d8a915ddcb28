package dev.sluice.dialect.gemini.wire;

import dev.sluice.chat.StopReason;
import java.util.Locale;

/** Gemini's finish reasons (wire-contract §2.8). */
public final class GeminiStopReasons {
    private GeminiStopReasons() {}

    /** {@return whether a reason was said at all} */
    public static boolean isSaid(String reason) {
        return !reason.isEmpty() && !reason.equals("FINISH_REASON_UNSPECIFIED");
    }

    /** {@return whether a prompt's block reason is one} */
    public static boolean isBlock(String reason) {
        return !reason.isEmpty()
                && !reason.equals("BLOCK_REASON_UNSPECIFIED")
                && !reason.equals("BLOCKED_REASON_UNSPECIFIED");
    }

    /**
     * @param said as it was said; empty where nothing was
     * @param calls whether the answer holds a call for the client to make
     * @param output whether it holds anything at all
     */
    public static StopReason read(String said, boolean calls, boolean output) {
        StopReason reason =
                switch (said.toUpperCase(Locale.ROOT)) {
                    case "STOP" -> StopReason.STOP;
                    case "MAX_TOKENS" -> StopReason.LENGTH;
                    case "SAFETY",
                            "RECITATION",
                            "LANGUAGE",
                            "BLOCKLIST",
                            "PROHIBITED_CONTENT",
                            "SPII",
                            "MODEL_ARMOR",
                            "IMAGE_SAFETY",
                            "IMAGE_RECITATION",
                            "IMAGE_PROHIBITED_CONTENT" ->
                            StopReason.FILTER;
                    case "OTHER",
                            "MALFORMED_FUNCTION_CALL",
                            "MALFORMED_RESPONSE",
                            "MISSING_THOUGHT_SIGNATURE",
                            "UNEXPECTED_TOOL_CALL",
                            "TOO_MANY_TOOL_CALLS",
                            "NO_IMAGE",
                            "IMAGE_OTHER" ->
                            StopReason.BROKEN;
                    default -> output ? StopReason.STOP : StopReason.BROKEN;
                };
        return reason == StopReason.STOP && calls ? StopReason.TOOL_CALLS : reason;
    }

    /**
     * @param malformed whether a call had to be left out because its arguments were none
     */
    public static String write(StopReason reason, boolean malformed) {
        return switch (reason) {
            case STOP, STOP_SEQUENCE, TOOL_CALLS, PAUSE ->
                    malformed ? "MALFORMED_FUNCTION_CALL" : "STOP";
            case LENGTH -> "MAX_TOKENS";
            case FILTER -> "SAFETY";
            case BROKEN -> "OTHER";
        };
    }
}
