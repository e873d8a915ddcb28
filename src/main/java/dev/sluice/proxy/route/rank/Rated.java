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
    private final Measurements measurements;
    private final @Nullable Obstacle obstacle;
    private final double costs;
    private @Nullable Score score;
    private String word;
    private double rank;

    /**
     * @param isLossy whether what would be lost there makes the answer wrong
     * @param costs its price, or NaN
     */
    Rated(
            Placement placement,
            Protocol protocol,
            boolean isLossy,
            Target target,
            Measurements measurements,
            @Nullable Obstacle obstacle,
            double costs) {
        this.placement = placement;
        this.protocol = protocol;
        this.isLossy = isLossy;
        this.target = target;
        this.measurements = measurements;
        this.obstacle = obstacle;
        this.costs = costs;
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
        return measurements;
    }

    public @Nullable Obstacle obstacle() {
        return obstacle;
    }

    public @Nullable Score score() {
        return score;
    }

    /** {@return why it stands where it stands, in a word or two} */
    public String word() {
        return word;
    }

    boolean isLossy() {
        return isLossy;
    }

    double costs() {
        return costs;
    }

    /** {@return its weight after what was seen of it} */
    public double dynamicWeight() {
        return placement.weight() * target.weightFactor();
    }

    void score(Score found) {
        this.score = found;
    }

    /** {@return where it stands within its tier; lower goes first} */
    double rank() {
        return rank;
    }

    void rank(double found) {
        this.rank = found;
    }

    void explain(String by) {
        this.word = by;
    }
}
