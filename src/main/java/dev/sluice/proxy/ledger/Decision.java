package dev.sluice.proxy.ledger;

import dev.sluice.catalog.limit.Limit;
import dev.sluice.catalog.limit.Period;
import dev.sluice.catalog.limit.Subject;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Whether something was reserved. */
public sealed interface Decision {

    record Granted(Hold hold) implements Decision {}

    /** Nothing was reserved, because what was spent of this budget is not known yet. */
    record Unknown(Subject subject, Limit limit) implements Decision {}

    /**
     * Nothing was reserved, because of this limit.
     *
     * @param used what was used and counts now
     * @param reserved what running calls hold of it
     * @param wanted what the call would have reserved
     * @param fitsInMillis when so much will fit if nothing else happens; null if only the end of
     *     running calls, or nothing at all, can help
     * @param resetsAt when the period ends; null where there is none, or it slides
     */
    record Shortage(
            Subject subject,
            Limit limit,
            long used,
            long reserved,
            long wanted,
            @Nullable Long fitsInMillis,
            @Nullable Instant resetsAt)
            implements Decision {

        /** {@return what still fits, never negative} */
        public long left() {
            return Math.max(0, limit.amount() - used - reserved);
        }

        /** {@return whether this call could never fit, however long it waits} */
        public boolean isForEver() {
            return wanted > limit.amount()
                    || (limit.period() == Period.TOTAL && used > limit.amount() - wanted);
        }

        /** {@return whether it would fit if running calls used nothing of what they hold} */
        public boolean onlyReserved() {
            return used <= limit.amount() - wanted;
        }
    }
}
