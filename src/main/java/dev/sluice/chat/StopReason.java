package dev.sluice.chat;

/** Why an answer ended (wire-contract §2.8). */
public enum StopReason {
    STOP,
    /** One of the client's own stop texts came; which, where the provider says it, goes along. */
    STOP_SEQUENCE,
    LENGTH,
    TOOL_CALLS,
    FILTER,
    /** The provider paused a long turn and wants it sent back. */
    PAUSE,
    /** The provider's own failure: an error before output, an error event after. */
    BROKEN
}
