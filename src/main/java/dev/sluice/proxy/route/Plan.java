package dev.sluice.proxy.route;

import dev.sluice.catalog.LogicalModel.Hedging;
import dev.sluice.catalog.LogicalModel.Patience;
import dev.sluice.catalog.RoutingStrategy;
import dev.sluice.chat.ErrorKind;
import dev.sluice.proxy.GatewayException;
import dev.sluice.proxy.route.memory.SessionKey;
import dev.sluice.proxy.state.Keeper;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The candidates for one call, best first; never empty.
 *
 * @param leftOut who might have been one, and why not
 */
public record Plan(List<Candidate> candidates, List<LeftOut> leftOut, Conduct conduct) {

    /** A place that this call may not go to. */
    public record LeftOut(String upstream, String model, Why why) {}

    /** Why a place is out of the question. */
    public enum Why {
        /** The API key may not use the upstream. */
        NOT_ALLOWED("not_allowed"),
        /** The caller asked to leave it out. */
        EXCLUDED("excluded"),
        /** The upstream speaks no protocol that the request can be told in. */
        PROTOCOL("protocol");

        private final String wireName;

        Why(String wireName) {
            this.wireName = wireName;
        }

        public String wireName() {
            return wireName;
        }
    }

    /**
     * How the plan is to be followed.
     *
     * @param model as the client names it, to which a session is bound; null where none is named
     * @param session the client's session, or null
     */
    public record Conduct(
            @Nullable String model,
            RoutingStrategy strategy,
            Patience patience,
            Hedging hedging,
            @Nullable SessionKey session) {
        public static final Conduct PLAIN =
                new Conduct(null, RoutingStrategy.PRIORITY, Patience.STANDARD, Hedging.OFF, null);
    }

    public Plan {
        candidates = List.copyOf(candidates);
        leftOut = List.copyOf(leftOut);
        if (candidates.isEmpty()) {
            throw new IllegalArgumentException("a plan has at least one candidate");
        }
    }

    public Plan(List<Candidate> candidates) {
        this(candidates, List.of(), Conduct.PLAIN);
    }

    /**
     * {@return this plan with the candidates of that upstream only, and its key before others}
     *
     * @throws GatewayException 400 if it has none
     */
    public Plan at(Keeper keeper) {
        List<Candidate> there =
                candidates.stream()
                        .filter(candidate -> candidate.upstream().id().equals(keeper.upstreamId()))
                        .map(candidate -> candidate.preferring(keeper.keyLabel()))
                        .toList();
        if (there.isEmpty()) {
            throw GatewayException.client(
                    ErrorKind.BAD_REQUEST,
                    "reference_elsewhere",
                    "What this request refers to is kept by an upstream that does not serve this"
                            + " model.");
        }
        return new Plan(there, leftOut, conduct);
    }

    /** {@return why these, in this order: for the record} */
    public String trail() {
        StringBuilder trail = new StringBuilder(64 * candidates.size());
        for (Candidate candidate : candidates) {
            trail.append(trail.isEmpty() ? "" : " > ");
            step(trail, candidate);
        }
        String before = " | ";
        for (LeftOut left : leftOut) {
            trail.append(before).append(left.upstream()).append('-').append(left.why().wireName());
            before = " ";
        }
        return trail.toString();
    }

    private static void step(StringBuilder trail, Candidate candidate) {
        trail.append(
                switch (candidate.use()) {
                    case ALWAYS -> "";
                    case CONTEXT_OVERFLOW -> "overflow:";
                    case CONTENT_REFUSAL -> "refusal:";
                });
        trail.append(candidate.upstream().name()).append('=');
        trail.append(candidate.reason().compact());
    }
}
