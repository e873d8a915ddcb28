package dev.sluice.proxy.dispatch;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.sluice.catalog.LogicalModel.Hedging;
import dev.sluice.proxy.dispatch.visit.ExtraCalls;
import dev.sluice.proxy.dispatch.visit.Visits;
import dev.sluice.proxy.route.Candidate;
import dev.sluice.proxy.route.Plan;
import dev.sluice.proxy.target.Measurements;
import org.jspecify.annotations.Nullable;

/**
 * When a second target is asked because the first is unusually late, and how often that may be: a
 * share of a model's calls.
 */
final class Hedges {
    private static final int MOST_MODELS = 1_000;

    /** Of fewer calls than that it is not known what is usual. */
    private static final int LEAST_SAMPLES = 20;

    private final Visits visits;
    private final Cache<String, ExtraCalls> budgets =
            Caffeine.newBuilder().maximumSize(MOST_MODELS).executor(Runnable::run).build();

    Hedges(Visits visits) {
        this.visits = visits;
    }

    /** A call of that plan is made. */
    void called(Plan plan) {
        if (plan.conduct().hedging().enabled()) {
            budget(plan).called();
        }
    }

    /** {@return after how many milliseconds a second target is asked; null for never} */
    @Nullable Long delayMillis(Plan plan, Candidate first) {
        Hedging hedging = plan.conduct().hedging();
        if (!hedging.enabled()) {
            return null;
        }
        Measurements measured = visits.measured(first);
        if (Math.max(measured.firstSamples(), measured.totalSamples()) < LEAST_SAMPLES) {
            return null;
        }
        long usual = (long) Math.ceil(measured.typicalWorstMillis());
        return Math.max(usual, hedging.atLeast().toMillis());
    }

    /** Takes one of the extra calls. {@return whether there was one} */
    boolean take(Plan plan) {
        return budget(plan).take(visits.now());
    }

    private ExtraCalls budget(Plan plan) {
        String model = plan.conduct().model() == null ? "" : plan.conduct().model();
        double share = plan.conduct().hedging().maxExtra();
        return budgets.get(model, _ -> new ExtraCalls(share, 0, visits.now()));
    }
}
