package dev.sluice.sdk;

import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * What an official client made of an answer.
 *
 * @param stop {@code stop}, {@code length}, {@code calls} or the protocol's own word for anything
 *     else
 * @param message the client's own object of the assistant's turn, to be sent back
 */
public record Heard(
        String text,
        String reasoning,
        List<Call> calls,
        String stop,
        long inputTokens,
        long outputTokens,
        @Nullable Object message) {

    /**
     * A call of a tool.
     *
     * @param arguments as JSON text
     */
    public record Call(String id, String name, String arguments) {

        /** {@return the one argument of the tool that is offered} */
        public String city() {
            return JsonMapper.shared().readTree(arguments).path("city").asString("");
        }
    }
}
