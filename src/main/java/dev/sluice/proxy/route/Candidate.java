package dev.sluice.proxy.route;

import dev.sluice.catalog.Upstream;
import dev.sluice.chat.Protocol;
import dev.sluice.proxy.target.TargetId;
import org.jspecify.annotations.Nullable;

/**
 * One place where a call may go.
 *
 * @param model the id by which this upstream knows the model
 * @param protocol in which it would be called
 * @param reason why it stands here
 * @param use when it steps in
 * @param keys which of the upstream's keys the call would rather use
 */
public record Candidate(
        Upstream upstream, String model, Protocol protocol, Reason reason, Use use, KeyWish keys) {

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
        this(upstream, model, protocol, Reason.of(reason), Use.ALWAYS, KeyWish.NONE);
    }

    /** {@return this candidate, to be called with the key of that label if it can be used} */
    public Candidate preferring(@Nullable String keyLabel) {
        return keyLabel == null ? this : wishing(keys.before(keyLabel));
    }

    Candidate wishing(KeyWish wish) {
        return new Candidate(upstream, model, protocol, reason, use, wish);
    }

    public TargetId targetId() {
        return new TargetId(upstream.id(), model);
    }
}
