package dev.sluice.proxy.route;

import dev.sluice.catalog.ApiKey;
import dev.sluice.catalog.LogicalModel;
import dev.sluice.catalog.LogicalModel.Fallbacks;
import dev.sluice.catalog.LogicalModel.Hedging;
import dev.sluice.catalog.LogicalModel.Patience;
import dev.sluice.catalog.RoutingStrategy;
import dev.sluice.catalog.Upstream;
import dev.sluice.proxy.InboundRequest;
import dev.sluice.proxy.route.Candidate.Use;
import dev.sluice.proxy.route.Plan.Conduct;
import dev.sluice.proxy.route.Plan.LeftOut;
import dev.sluice.proxy.route.Plan.Why;
import dev.sluice.proxy.route.ProtocolChoice.Chosen;
import dev.sluice.proxy.route.ServedModels.Logical;
import dev.sluice.proxy.route.memory.RoutingMemory;
import dev.sluice.proxy.route.memory.SessionKey;
import dev.sluice.proxy.route.rank.Assessor;
import dev.sluice.proxy.route.rank.Placement;
import dev.sluice.proxy.route.rank.Ranking;
import dev.sluice.proxy.route.rank.Rated;
import dev.sluice.proxy.route.rank.Wish;
import dev.sluice.proxy.target.TargetId;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Makes a plan of the places that a model's name stands for, and of its fallbacks'. */
public final class Planner {
    private final ProtocolChoice protocols;
    private final RoutingMemory memory;
    private final Assessor assessor;
    private final Ranking ranking;
    private final LongSupplier ticker;

    /** The ticker counts nanoseconds, monotonic. */
    public Planner(
            ProtocolChoice protocols,
            RoutingMemory memory,
            Assessor assessor,
            Ranking ranking,
            LongSupplier ticker) {
        this.protocols = protocols;
        this.memory = memory;
        this.assessor = assessor;
        this.ranking = ranking;
        this.ticker = ticker;
    }

    /** {@return where the call goes, if there is anywhere} */
    Decision decide(Question question, Resolution found, ServedModels served) {
        LogicalModel logical = found.logical();
        RoutingStrategy strategy = strategy(question, logical);
        List<LeftOut> leftOut = new ArrayList<>(0);
        List<Rated> ranked = ranked(question, found, strategy, leftOut);
        List<Candidate> candidates = new ArrayList<>(ranked.size());
        addAll(candidates, ranked, Use.ALWAYS);
        if (logical != null) {
            addFallbacks(candidates, question, logical.fallbacks(), served);
        }
        String asked = question.model() == null ? found.group() : question.model();
        sessionFirst(candidates, question.session(), asked);
        KeyWish keys = keyWish(question, logical);
        candidates.replaceAll(candidate -> candidate.wishing(keys));
        Conduct conduct =
                new Conduct(
                        asked,
                        strategy,
                        logical == null ? Patience.STANDARD : logical.patience(),
                        logical == null ? Hedging.OFF : logical.hedging(),
                        question.session());
        return new Decision(
                asked,
                strategy,
                ranked,
                leftOut,
                candidates.isEmpty() ? null : new Plan(candidates, leftOut, conduct));
    }

    private static RoutingStrategy strategy(Question question, @Nullable LogicalModel logical) {
        RoutingStrategy asked = question.strategy();
        if (asked != null) {
            return asked;
        }
        return logical == null ? RoutingStrategy.BALANCED : logical.strategy();
    }

    private List<Rated> ranked(
            Question question, Resolution found, RoutingStrategy strategy, List<LeftOut> leftOut) {
        long now = ticker.getAsLong();
        List<Rated> places = new ArrayList<>(found.placements().size());
        for (Placement placement : found.placements()) {
            Upstream upstream = placement.upstream();
            ApiKey key = question.key();
            Chosen chosen = protocol(question, placement);
            if (key != null && !key.mayUse(upstream)) {
                leftOut.add(new LeftOut(upstream.name(), placement.model(), Why.NOT_ALLOWED));
            } else if (question.excludes(upstream)) {
                leftOut.add(new LeftOut(upstream.name(), placement.model(), Why.EXCLUDED));
            } else if (chosen == null) {
                leftOut.add(new LeftOut(upstream.name(), placement.model(), Why.PROTOCOL));
            } else {
                places.add(assessor.assess(placement, chosen.protocol(), chosen.isLossy(), now));
            }
        }
        ranking.rank(places, wish(question, found, strategy), now);
        return places;
    }

    private @Nullable Chosen protocol(Question question, Placement placement) {
        Upstream upstream = placement.upstream();
        InboundRequest request = question.request();
        return request == null
                ? new Chosen(upstream.protocols().getFirst(), 0)
                : protocols.choose(request, upstream, placement.model()).orElse(null);
    }

    private Wish wish(Question question, Resolution found, RoutingStrategy strategy) {
        SessionKey session = question.session();
        String model = question.model() == null ? found.group() : question.model();
        LogicalModel logical = found.logical();
        return new Wish(
                found.group(),
                strategy,
                question.seed(),
                question.region(),
                session == null ? null : memory.bound(session, model),
                prefix(question, logical),
                question.isRehearsal());
    }

    private static @Nullable Long prefix(Question question, @Nullable LogicalModel logical) {
        InboundRequest request = question.request();
        boolean hasAffinity = logical != null && logical.affinity();
        return hasAffinity && request != null ? PromptPrefix.hash(request.body()) : null;
    }

    private static KeyWish keyWish(Question question, @Nullable LogicalModel logical) {
        SessionKey session = question.session();
        if (session != null) {
            return KeyWish.of(session);
        }
        Long prefix = prefix(question, logical);
        return new KeyWish(null, prefix == null ? question.seed() : prefix);
    }

    private void addFallbacks(
            List<Candidate> candidates,
            Question question,
            Fallbacks fallbacks,
            ServedModels served) {
        for (String id : fallbacks.failure()) {
            addFallback(candidates, question, served.logical().get(id), Use.ALWAYS);
        }
        for (String id : fallbacks.contextOverflow()) {
            addFallback(candidates, question, served.logical().get(id), Use.CONTEXT_OVERFLOW);
        }
        for (String id : fallbacks.contentRefusal()) {
            addFallback(candidates, question, served.logical().get(id), Use.CONTENT_REFUSAL);
        }
    }

    private void addFallback(
            List<Candidate> candidates, Question question, @Nullable Logical fallback, Use use) {
        if (fallback == null || !fallback.model().enabled()) {
            return;
        }
        LogicalModel model = fallback.model();
        Resolution found = new Resolution(model.id(), fallback.placements(), model);
        addAll(candidates, ranked(question, found, model.strategy(), new ArrayList<>(0)), use);
    }

    /**
     * A session that a fallback has served stays there while nothing stands in its way: a
     * conversation is not handed to and fro between models.
     */
    private void sessionFirst(
            List<Candidate> candidates, @Nullable SessionKey session, String model) {
        TargetId bound = session == null ? null : memory.bound(session, model);
        for (Candidate candidate : candidates) {
            if (candidate.use() == Use.ALWAYS
                    && candidate.reason().obstacle() == null
                    && candidate.targetId().equals(bound)) {
                candidates.remove(candidate);
                candidates.addFirst(candidate);
                return;
            }
        }
    }

    private static void addAll(List<Candidate> candidates, List<Rated> ranked, Use use) {
        for (Rated place : ranked) {
            if (!isIn(candidates, place, use)) {
                candidates.add(
                        new Candidate(
                                place.placement().upstream(),
                                place.placement().model(),
                                place.protocol(),
                                new Reason(place.word(), place.score(), place.obstacle()),
                                use,
                                KeyWish.NONE));
            }
        }
    }

    private static boolean isIn(List<Candidate> candidates, Rated place, Use use) {
        for (Candidate candidate : candidates) {
            if (candidate.use() == use
                    && candidate.model().equals(place.placement().model())
                    && candidate.upstream().id().equals(place.placement().upstream().id())) {
                return true;
            }
        }
        return false;
    }
}
