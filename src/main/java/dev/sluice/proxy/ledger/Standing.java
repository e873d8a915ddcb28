package dev.sluice.proxy.ledger;

import dev.sluice.catalog.limit.Limit;
import dev.sluice.catalog.limit.Subject;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How things stand with one limit.
 *
 * @param used what was used and counts now; in a sliding minute what is reserved counts as used
 * @param reserved what running calls hold
 * @param since when the period began; null where there is none, or it slides, or it is for ever
 * @param resetsAt when the period ends; null likewise
 * @param isComplete false while what was spent before the start is not known yet
 */
public record Standing(
        Subject subject,
        Limit limit,
        long used,
        long reserved,
        @Nullable Instant since,
        @Nullable Instant resetsAt,
        boolean isComplete) {

    /** {@return what still fits, never negative} */
    public long left() {
        return Math.max(0, limit.amount() - used - reserved);
    }

    /** {@return what was used beyond the limit, because upstreams billed more than was reserved} */
    public long debt() {
        return Math.max(0, used - limit.amount());
    }
}
