package dev.sluice.dialect;

import dev.sluice.chat.ChatRequest;
import dev.sluice.dialect.trait.UpstreamTraits;
import org.jspecify.annotations.Nullable;

/**
 * How a protocol asks for the number of input tokens of a request that is not run, and answers it
 * (wire-contract §2.12). Stateless, safe for many threads. Where client and upstream speak the same
 * protocol the body passes through {@link Dialect#rewrite}, as a generating one would.
 */
public interface TokenCounting {
    /** {@return the path of the endpoint below the version segment} */
    String path(String model);

    /**
     * {@return a client's request}
     *
     * @throws MalformedRequest if it cannot mean anything
     */
    ChatRequest readRequest(byte[] body, Envelope envelope) throws MalformedRequest;

    /** {@return the request as that upstream counts it: only what an upstream takes there} */
    Written writeRequest(ChatRequest request, UpstreamTraits traits);

    /**
     * {@return the number of input tokens that an upstream's answer says, or null if it says none}
     * Total on arbitrary bytes.
     */
    @Nullable Long readCount(byte[] body);

    /** {@return the answer for a client} */
    byte[] writeCount(long inputTokens);
}
