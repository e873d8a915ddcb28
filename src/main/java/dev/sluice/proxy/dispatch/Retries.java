package dev.sluice.proxy.dispatch;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.sluice.proxy.dispatch.visit.ExtraCalls;
import dev.sluice.proxy.dispatch.visit.Visits;
import dev.sluice.proxy.route.Candidate;
import java.util.UUID;

/**
 * How often upstreams that fail are asked again: a tenth of the calls that each gets, so that
 * retries do not become the load that keeps it down, and one upstream's outage does not use up what
 * another needs.
 */
final class Retries {
    private static final int MOST_UPSTREAMS = 4_096;

    /** Where calls are few, one a second; ten may come at once. */
    private static final ExtraCalls.Allowance ALLOWANCE = new ExtraCalls.Allowance(0.1, 1, 100);

    private final Visits visits;
    private final Cache<UUID, ExtraCalls> budgets =
            Caffeine.newBuilder().maximumSize(MOST_UPSTREAMS).executor(Runnable::run).build();

    Retries(Visits visits) {
        this.visits = visits;
    }

    /** The upstream is asked, and that is no retry. */
    void called(Candidate candidate) {
        budget(candidate).called();
    }

    /** Takes one retry. {@return whether there was one} */
    boolean take(Candidate candidate) {
        return budget(candidate).take(visits.now());
    }

    private ExtraCalls budget(Candidate candidate) {
        return budgets.get(candidate.upstream().id(), _ -> new ExtraCalls(ALLOWANCE, visits.now()));
    }
}
