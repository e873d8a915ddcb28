package dev.sluice.proxy.ledger;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The holds that have not been settled, linked to one another. Guarded by the ledger's monitor. */
final class OpenHolds {
    private @Nullable Hold first;
    private int count;
    private long tokens;
    private long nanos;

    void add(Hold hold) {
        hold.after = first;
        if (first != null) {
            first.before = hold;
        }
        first = hold;
        count++;
        // Sums may turn over while calls without any limit run; they turn back with them.
        tokens += hold.amounts().tokens();
        nanos += hold.amounts().nanos();
    }

    void remove(Hold hold) {
        if (hold.before == null) {
            first = hold.after;
        } else {
            hold.before.after = hold.after;
        }
        if (hold.after != null) {
            hold.after.before = hold.before;
        }
        hold.before = null;
        hold.after = null;
        count--;
        tokens -= hold.amounts().tokens();
        nanos -= hold.amounts().nanos();
    }

    List<Hold> begunBefore(Instant moment) {
        List<Hold> found = new ArrayList<>();
        for (Hold hold = first; hold != null; hold = hold.after) {
            if (hold.begun().isBefore(moment)) {
                found.add(hold);
            }
        }
        return found;
    }

    SpendLedger.Reserved sum() {
        return new SpendLedger.Reserved(count, tokens, nanos);
    }
}
