package dev.sluice.dialect.openai.responses.wire;

import dev.sluice.chat.StopReason;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** How an answer's status and what it holds say why it ended (wire-contract §2.8). */
public final class OpenAiResponsesStopReasons {
    public static final String BROKEN_OFF = "The upstream broke the answer off.";

    private OpenAiResponsesStopReasons() {}

    /**
     * @param incomplete the reason of {@code incomplete_details}; empty for none
     * @param calls whether the answer holds a call
     * @param refused whether it holds a refusal
     */
    public static StopReason read(
            String status, String incomplete, boolean calls, boolean refused) {
        if (isFailure(status)) {
            return StopReason.BROKEN;
        }
        return switch (incomplete.toLowerCase(Locale.ROOT)) {
            case "max_output_tokens", "max_tokens", "length" -> StopReason.LENGTH;
            case "content_filter" -> StopReason.FILTER;
            default -> {
                if (status.equals("incomplete") && incomplete.isEmpty()) {
                    yield StopReason.LENGTH;
                }
                if (calls) {
                    yield StopReason.TOOL_CALLS;
                }
                yield refused ? StopReason.FILTER : StopReason.STOP;
            }
        };
    }

    public static boolean isFailure(String status) {
        return status.equals("failed") || status.equals("cancelled");
    }

    /** {@return why the answer is incomplete, or null where it is complete} */
    public static @Nullable String incomplete(StopReason reason) {
        return switch (reason) {
            case STOP, STOP_SEQUENCE, TOOL_CALLS, PAUSE, BROKEN -> null;
            case LENGTH -> "max_output_tokens";
            case FILTER -> "content_filter";
        };
    }
}
