package dev.sluice.chat;

/**
 * Tokens of one answer by kind (wire-contract §2.9). {@code inputTotal} includes cache reads and
 * writes, {@code outputTotal} includes reasoning; the parts are counted again in their own
 * components. All counts are non-negative.
 *
 * @param cacheWriteLong the part of {@code cacheWrite} that was written with a one-hour lifetime
 * @param units what is billed by another unit than tokens
 */
public record Usage(
        Origin origin,
        long inputTotal,
        long cacheRead,
        long cacheWrite,
        long cacheWriteLong,
        long outputTotal,
        long reasoning,
        long audio,
        Units units) {

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

    /** No call has so many tokens of one kind: a hundred times what any model can read. */
    public static final long MOST = 1_000_000_000L;

    /** A report with a count that cannot be true is bounded, and no longer the provider's word. */
    public Usage {
        long all =
                outOfReason(inputTotal)
                        | outOfReason(cacheRead)
                        | outOfReason(cacheWrite)
                        | outOfReason(cacheWriteLong)
                        | outOfReason(outputTotal)
                        | outOfReason(reasoning)
                        | outOfReason(audio);
        if (all < 0) {
            inputTotal = Math.clamp(inputTotal, 0, MOST);
            cacheRead = Math.clamp(cacheRead, 0, MOST);
            cacheWrite = Math.clamp(cacheWrite, 0, MOST);
            cacheWriteLong = Math.clamp(cacheWriteLong, 0, MOST);
            outputTotal = Math.clamp(outputTotal, 0, MOST);
            reasoning = Math.clamp(reasoning, 0, MOST);
            audio = Math.clamp(audio, 0, MOST);
            origin = Origin.ESTIMATED;
        }
    }

    /** {@return a negative number if the count is negative or too large} */
    private static long outOfReason(long count) {
        return count | (MOST - count);
    }

    /** Usage of tokens alone. */
    public Usage(
            Origin origin,
            long inputTotal,
            long cacheRead,
            long cacheWrite,
            long cacheWriteLong,
            long outputTotal,
            long reasoning,
            long audio) {
        this(
                origin,
                inputTotal,
                cacheRead,
                cacheWrite,
                cacheWriteLong,
                outputTotal,
                reasoning,
                audio,
                Units.NONE);
    }

    public static Usage provider(long inputTotal, long outputTotal) {
        return new Usage(Origin.PROVIDER, inputTotal, 0, 0, 0, outputTotal, 0, 0);
    }

    public static Usage estimated(long inputTotal, long outputTotal) {
        return new Usage(Origin.ESTIMATED, inputTotal, 0, 0, 0, outputTotal, 0, 0);
    }

    /** {@return this usage with another output, which makes all of it an estimate} */
    public Usage withEstimatedOutput(long tokens) {
        return new Usage(
                Origin.ESTIMATED,
                inputTotal,
                cacheRead,
                cacheWrite,
                cacheWriteLong,
                tokens,
                reasoning,
                audio,
                units);
    }

    /** {@return this usage with those units in place of its own} */
    public Usage withUnits(Units others) {
        return new Usage(
                origin,
                inputTotal,
                cacheRead,
                cacheWrite,
                cacheWriteLong,
                outputTotal,
                reasoning,
                audio,
                others);
    }

    /**
     * {@return this usage brought up to date by a later report: what that counts replaces what was
     * known, and what it leaves at zero stays} Streams report totals so far, often in parts; of
     * units each event reports its own.
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
                newest(audio, later.audio),
                units.plus(later.units));
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
                inputTotal + other.inputTotal,
                cacheRead + other.cacheRead,
                cacheWrite + other.cacheWrite,
                cacheWriteLong + other.cacheWriteLong,
                outputTotal + other.outputTotal,
                reasoning + other.reasoning,
                audio + other.audio,
                units.plus(other.units));
    }

    public long total() {
        return inputTotal + outputTotal;
    }

    public boolean isKnown() {
        return origin == Origin.PROVIDER;
    }
}
