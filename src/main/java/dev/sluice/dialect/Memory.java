package dev.sluice.dialect;

import dev.sluice.dialect.trait.UpstreamTraits;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What was done to a request on its way out and must be undone in the answer.
 *
 * @param traits of the upstream that answers
 * @param toolNames the renamed tools
 * @param unwrappedTools tools of free text that were sent as functions with one string {@code
 *     input}; by the client's name
 * @param outputTool the forced tool whose arguments are the answer's text (structured output on
 *     models that have none); null for none
 */
public record Memory(
        UpstreamTraits traits,
        ToolNames toolNames,
        Set<String> unwrappedTools,
        @Nullable String outputTool) {

    public Memory {
        unwrappedTools = Set.copyOf(unwrappedTools);
    }

    /** {@return the memory of a request in which nothing was changed} */
    public static Memory of(UpstreamTraits traits) {
        return new Memory(traits, ToolNames.NONE, Set.of(), null);
    }
}
