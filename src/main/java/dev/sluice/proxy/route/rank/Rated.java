package dev.sluice.proxy.route.rank;

import dev.sluice.chat.Protocol;
import dev.sluice.proxy.target.Measurements;
import dev.sluice.proxy.target.Target;
import org.jspecify.annotations.Nullable;

/** A place with all that speaks for and against it, while the order is being made. */
public final class Rated {
    private final Placement placement;
    private final Protocol protocol;
    private final boolean isLossy;
    private final Target target;
    private final Found found;
    private @Nullable Score score;
    private String word;
    private double rank;

    /**
     * What is known of it at this moment.
     *
     * @param weightFactor what it earned or lost
     * @param obstacle what keeps calls from it
     * @param costs its price, or NaN
     */
    record Found(
            Measurements measurements,
            double weightFactor,
            @Nullable Obstacle obstacle,
            double costs) {}

    /**
     * @param isLossy whether what would be lost there makes the answer wrong
     */
    Rated(Placement placement, Protocol protocol, boolean isLossy, Target target, Found found) {
        this.placement = placement;
        this.protocol = protocol;
        this.isLossy = isLossy;
        this.target = target;
        this.found = found;
        this.word = placement.why();
    }

    public Placement placement() {
        return placement;
    }

    public Protocol protocol() {
        return protocol;
    }

    public Target target() {
        return target;
    }

    public Measurements measurements() {
        return found.measurements();
    }

    public @Nullable Obstacle obstacle() {
        return found.obstacle();
    }

    public @Nullable Score score() {
        return score;
    }

    /** {@return why it stands where it stands, in a word or two} */
    public String word() {
        return word;
    }

    /** {@return whether what would be lost there makes the answer wrong} */
    public boolean isLossy() {
        return isLossy;
    }

    double costs() {
        return found.costs();
    }

    /** {@return its weight after what was seen of it} */
    public double dynamicWeight() {
        return placement.weight() * found.weightFactor();
    }

    /**
     * {@return the weight that it is scored by: what it lost counts against it, but what it earned
     * beyond its weight does not count against others, which may have had no chance to earn}
     */
    double scoredWeight() {
        return placement.weight() * Math.min(1, found.weightFactor());
    }

    void score(Score given) {
        this.score = given;
    }

    /** {@return where it stands within its tier; lower goes first} */
    double rank() {
        return rank;
    }

    void rank(double given) {
        this.rank = given;
    }

    void explain(String by) {
        this.word = by;
    }
}
