package dev.sluice.proxy.route;

import dev.sluice.catalog.Upstream;
import dev.sluice.chat.Protocol;
import dev.sluice.proxy.target.TargetId;

/**
 * One place where a call may go.
 *
 * @param model the id by which this upstream knows the model
 * @param protocol in which it would be called
 * @param reason why it stands here
 * @param use when it steps in
 */
public record Candidate(
        Upstream upstream, String model, Protocol protocol, Reason reason, Use use) {

    /** What a candidate is for. */
    public enum Use {
        /** It is tried in its turn. */
        ALWAYS,
        /** It is tried when the request was too long for another. */
        CONTEXT_OVERFLOW,
        /** It is tried when another refused the content. */
        CONTENT_REFUSAL
    }

    /** A candidate that is tried in its turn. */
    public Candidate(Upstream upstream, String model, Protocol protocol, String reason) {
        this(upstream, model, protocol, Reason.of(reason), Use.ALWAYS);
    }

    public TargetId targetId() {
        return new TargetId(upstream.id(), model);
    }
}
