package dev.sluice.simulator.script;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A whole answer: reasoning first, then text, then calls. Texts come in the pieces in which they
 * are streamed.
 *
 * @param hiddenReasoning whether the reasoning happened but is not for the client to read
 * @param stopSequence the client's stop sequence that ended the text, or null
 */
public record Script(
        Fingerprint fingerprint,
        String model,
        List<String> reasoning,
        boolean hiddenReasoning,
        List<String> text,
        List<Call> calls,
        Stop stop,
        @Nullable String stopSequence,
        Use use) {

    /**
     * A tool call.
     *
     * @param arguments JSON; not whole if {@code complete} is false
     */
    public record Call(int index, String name, String arguments, boolean complete) {}

    /** Why the answer ends. */
    public enum Stop {
        DONE,
        STOP_SEQUENCE,
        LENGTH,
        CALLS,
        FILTER
    }

    /**
     * Tokens: {@code input} includes the cached and the newly cached, {@code output} the reasoning.
     */
    public record Use(int input, int cached, int cacheWrite, int output, int reasoning) {
        public int total() {
            return input + output;
        }
    }

    public boolean reasons() {
        return !reasoning.isEmpty();
    }

    public boolean showsReasoning() {
        return reasons() && !hiddenReasoning;
    }

    /** {@return the call's arguments as they are streamed} */
    public static List<String> argumentPieces(Call call) {
        return Pieces.ofArguments(call.arguments());
    }

    public String wholeText() {
        return String.join("", text);
    }

    public String wholeReasoning() {
        return String.join("", reasoning);
    }
}
