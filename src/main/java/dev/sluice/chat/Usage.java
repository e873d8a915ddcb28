package dev.sluice.chat;

/**
 * Tokens of one answer by kind (wire-contract §2.9). {@code inputTotal} includes cache reads and
 * writes, {@code outputTotal} includes reasoning; the parts are counted again in their own
 * components. All counts are non-negative.
 *
 * @param cacheWriteLong the part of {@code cacheWrite} that was written with a one-hour lifetime
 */
public record Usage(
        Origin origin,
        long inputTotal,
        long cacheRead,
        long cacheWrite,
        long cacheWriteLong,
        long outputTotal,
        long reasoning,
        long audio) {

    /** Who counted. */
    public enum Origin {
        /** The upstream said so. */
        PROVIDER,
        /** The gateway estimated, because the upstream said nothing. */
        ESTIMATED,
        /** Nothing is known, and nothing was delivered that could be estimated. */
        NONE
    }

    public static final Usage NONE = new Usage(Origin.NONE, 0, 0, 0, 0, 0, 0, 0);

    public Usage {
        inputTotal = Math.max(0, inputTotal);
        cacheRead = Math.max(0, cacheRead);
        cacheWrite = Math.max(0, cacheWrite);
        cacheWriteLong = Math.max(0, cacheWriteLong);
        outputTotal = Math.max(0, outputTotal);
        reasoning = Math.max(0, reasoning);
        audio = Math.max(0, audio);
    }

    public static Usage provider(long inputTotal, long outputTotal) {
        return new Usage(Origin.PROVIDER, inputTotal, 0, 0, 0, outputTotal, 0, 0);
    }

    public static Usage estimated(long inputTotal, long outputTotal) {
        return new Usage(Origin.ESTIMATED, inputTotal, 0, 0, 0, outputTotal, 0, 0);
    }

    /**
     * {@return this usage brought up to date by a later report: what that counts replaces what was
     * known, and what it leaves at zero stays} Streams report totals so far, often in parts.
     */
    public Usage updatedBy(Usage later) {
        return new Usage(
                later.origin == Origin.NONE ? origin : later.origin,
                newest(inputTotal, later.inputTotal),
                newest(cacheRead, later.cacheRead),
                newest(cacheWrite, later.cacheWrite),
                newest(cacheWriteLong, later.cacheWriteLong),
                newest(outputTotal, later.outputTotal),
                newest(reasoning, later.reasoning),
                newest(audio, later.audio));
    }

    private static long newest(long known, long later) {
        return later == 0 ? known : later;
    }

    /**
     * {@return the sum of two attempts} A part that was estimated makes the sum an estimate; one of
     * which nothing is known changes nothing.
     */
    public Usage plus(Usage other) {
        if (other.origin == Origin.NONE) {
            return this;
        }
        if (origin == Origin.NONE) {
            return other;
        }
        return new Usage(
                origin == other.origin ? origin : Origin.ESTIMATED,
                sum(inputTotal, other.inputTotal),
                sum(cacheRead, other.cacheRead),
                sum(cacheWrite, other.cacheWrite),
                sum(cacheWriteLong, other.cacheWriteLong),
                sum(outputTotal, other.outputTotal),
                sum(reasoning, other.reasoning),
                sum(audio, other.audio));
    }

    /** Counts that no answer can have stop at the largest number instead of turning over. */
    private static long sum(long a, long b) {
        long sum = a + b;
        return sum < 0 ? Long.MAX_VALUE : sum;
    }

    public long total() {
        return sum(inputTotal, outputTotal);
    }

    public boolean isKnown() {
        return origin == Origin.PROVIDER;
    }
}
