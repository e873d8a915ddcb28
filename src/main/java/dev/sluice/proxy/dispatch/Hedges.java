package dev.sluice.proxy.dispatch;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.sluice.catalog.LogicalModel.Hedging;
import dev.sluice.proxy.dispatch.Dispatcher.Order;
import dev.sluice.proxy.dispatch.visit.ExtraCalls;
import dev.sluice.proxy.dispatch.visit.Visit;
import dev.sluice.proxy.dispatch.visit.Visits;
import dev.sluice.proxy.dispatch.visit.Visits.Entry;
import dev.sluice.proxy.dispatch.visit.Visits.Visitor;
import dev.sluice.proxy.route.Candidate;
import dev.sluice.proxy.route.Plan;
import dev.sluice.proxy.target.Measurements;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * When a second target is asked because the first is unusually late, and how often that may be: a
 * share of a model's calls.
 */
final class Hedges {
    private static final int MOST_MODELS = 1_000;

    /**
     * Calls that are late come in clusters: what calm times have left over is there for them, and
     * over so many calls the share still holds.
     */
    private static final int KEPT_CALLS = 1_000;

    /** Of fewer calls than that it is not known what is usual. */
    private static final int LEAST_SAMPLES = 20;

    /**
     * Where one call in twenty stalls, the 95th percentile is itself the stall, and waiting for it
     * gains nothing. So many medians are late in any case.
     */
    private static final int LATE_MEDIANS = 8;

    private final Visits visits;
    private final Cache<Hedged, ExtraCalls> budgets =
            Caffeine.newBuilder().maximumSize(MOST_MODELS).executor(Runnable::run).build();

    /** Whose budget it is; one whose share is changed begins anew. */
    private record Hedged(@Nullable String model, double share) {}

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
        double late =
                Math.min(measured.typicalWorstMillis(), LATE_MEDIANS * measured.typicalMillis());
        return Math.max((long) Math.ceil(late), hedging.atLeast().toMillis());
    }

    /**
     * Takes one of the extra calls, and enters. {@return empty if there is none left, or the
     * candidate is not well}
     */
    Optional<Visit> visit(Order order, Candidate candidate) {
        ExtraCalls budget = budget(order.plan());
        if (visits.isFailing(candidate) || !budget.take(visits.now())) {
            return Optional.empty();
        }
        UUID requestId = UUID.fromString(order.request().id());
        return switch (visits.enter(new Visitor(candidate, requestId, Set.of()))) {
            case Entry.Open open -> Optional.of(open.visit());
            case Entry.Shut _ -> {
                budget.giveBack();
                yield Optional.empty();
            }
        };
    }

    /** The call for which that visit was entered is not made after all. */
    void unused(Order order, Visit visit) {
        visit.abandoned();
        budget(order.plan()).giveBack();
    }

    private ExtraCalls budget(Plan plan) {
        Hedged hedged = new Hedged(plan.conduct().model(), plan.conduct().hedging().maxExtra());
        return budgets.get(
                hedged,
                _ ->
                        new ExtraCalls(
                                new ExtraCalls.Allowance(hedged.share(), 0, KEPT_CALLS),
                                visits.now()));
    }
}
