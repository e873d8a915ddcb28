package dev.sluice.dialect.peek;

/**
 * An id of something that one account of one upstream keeps. It means nothing elsewhere, and
 * whoever knows it could read another's content: the gateway remembers who owns it and which
 * upstream made it.
 */
public record UpstreamReference(Kind kind, String id) {

    /** What is kept. */
    public enum Kind {
        /** An answer that can be continued, read and deleted. */
        RESPONSE,
        CONVERSATION,
        /** One item of an answer or a conversation. */
        ITEM,
        FILE,
        /** A sandbox of a hosted tool. */
        CONTAINER,
        VECTOR_STORE,
        /** A prompt template. */
        PROMPT,
        /** A prefix that the provider keeps warm. */
        CACHED_CONTENT
    }
}
