package dev.sluice.proxy.admit;

import dev.sluice.proxy.route.Candidate;

/**
 * A call into which is not looked.
 *
 * @param bytes of its body, or less than none where that is not said
 */
public record RawCall(Candidate candidate, Kind kind, long bytes) {

    /** What such a call may use. */
    public enum Kind {
        /** Generates like a chat: input by its bytes, output as if it named no limit. */
        GENERATION,
        /** Lists models and the like: costs nothing. */
        LOOK,
        /** Costs nobody knows what. */
        OTHER
    }
}
