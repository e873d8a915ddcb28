package dev.sluice.proxy.ledger;

import dev.sluice.catalog.limit.Limit;
import dev.sluice.catalog.limit.Subject;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The meters of one subject. Guarded by the ledger's monitor. */
final class Account {
    private static final Meter[] NONE = {};

    private final Subject subject;
    private List<Limit> limits = List.of();
    private Meter[] meters = NONE;

    Account(Subject subject) {
        this.subject = subject;
    }

    Subject subject() {
        return subject;
    }

    /** {@return what is counted here; not to be changed} */
    Meter[] meters() {
        return meters;
    }

    /** {@return whether these very limits hold here already} */
    @SuppressWarnings("ReferenceEquality")
    boolean holds(List<Limit> wanted) {
        return limits == wanted;
    }

    /** Holds the subject to those limits. What counted the same before goes on counting. */
    void limitBy(List<Limit> changed, Moment now) {
        Meter[] kept = new Meter[changed.size()];
        for (int i = 0; i < kept.length; i++) {
            Limit limit = changed.get(i);
            Meter before = meterLike(limit);
            if (before == null) {
                kept[i] = Meter.of(limit, now);
            } else {
                before.limitBy(limit);
                kept[i] = before;
            }
        }
        limits = changed;
        meters = kept;
    }

    private @Nullable Meter meterLike(Limit limit) {
        for (Meter meter : meters) {
            if (meter.limit().countsLike(limit)) {
                return meter;
            }
        }
        return null;
    }

    void addStandings(List<Standing> standings, Moment now) {
        for (Meter meter : meters) {
            meter.advanceTo(now);
            standings.add(
                    new Standing(
                            subject,
                            meter.limit(),
                            meter.used(),
                            meter.reserved(),
                            meter.since(),
                            meter.resetsAt(),
                            !meter.isUnknown()));
        }
    }

    void addUnprimed(List<MemoryLedger.Unprimed> found) {
        for (Meter meter : meters) {
            if (meter instanceof Budget budget && budget.unknownBefore() != null) {
                found.add(
                        new MemoryLedger.Unprimed(
                                subject,
                                budget,
                                budget.interval().startMillis(),
                                budget.unknownBefore()));
            }
        }
    }
}
