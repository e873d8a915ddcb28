package dev.sluice.proxy.target;

/**
 * What was measured of a target within the last minute. A number that nothing is known of is NaN.
 *
 * @param calls those that ended, without the ones whose client or caller was at fault
 * @param errorRate the share of them that failed, 0 to 1; 0 of none
 * @param firstSamples how many streams the times to first output come from
 * @param quotaLeft the share of its rate limit that the upstream said is left, 0 to 1
 */
public record Measurements(
        long calls,
        long failures,
        double errorRate,
        long firstSamples,
        double firstP50Millis,
        double firstP95Millis,
        long totalSamples,
        double totalP50Millis,
        double totalP95Millis,
        double totalP99Millis,
        double tokensPerSecond,
        double quotaLeft) {

    public static final Measurements NONE =
            new Measurements(
                    0,
                    0,
                    0,
                    0,
                    Double.NaN,
                    Double.NaN,
                    0,
                    Double.NaN,
                    Double.NaN,
                    Double.NaN,
                    Double.NaN,
                    Double.NaN);

    /** How a target fares (seed-contract-b §1.5). */
    public enum Status {
        HEALTHY,
        DEGRADED,
        DOWN
    }

    public Status status() {
        if (errorRate > 0.5) {
            return Status.DOWN;
        }
        return errorRate > 0.1 || typicalWorstMillis() > 2000 ? Status.DEGRADED : Status.HEALTHY;
    }

    /** {@return the median of the time to first output; of the whole time without streams} */
    public double typicalMillis() {
        return firstSamples > 0 ? firstP50Millis : totalP50Millis;
    }

    /**
     * {@return the 95th percentile of the time to first output; of the whole time without streams}
     */
    public double typicalWorstMillis() {
        return firstSamples > 0 ? firstP95Millis : totalP95Millis;
    }
}
