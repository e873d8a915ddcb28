package dev.sluice;

import java.util.Random;
import java.util.stream.Stream;

/**
 * Seeds of generated tests, a few by default. {@code -Dfuzz.rounds=200} tries that many times as
 * many, {@code -Dfuzz.first=12345} begins elsewhere; a failure names its seed.
 *
 * @param last that one included
 */
public record Seeds(long first, long last) {
    /** Something that must hold whatever is generated. */
    @FunctionalInterface
    public interface Property {
        void holds(Random random) throws Exception;
    }

    /** {@return one round of that many seeds, or as many rounds as were asked for} */
    public static Stream<Seeds> rounds(int each) {
        long first = Long.getLong("fuzz.first", 1);
        return Stream.iterate(
                        new Seeds(first, first + each - 1),
                        round -> new Seeds(round.last + 1, round.last + each))
                .limit(Long.getLong("fuzz.rounds", 1));
    }

    public void check(Property property) {
        for (long seed = first; seed <= last; seed++) {
            try {
                property.holds(new Random(seed));
            } catch (Exception | Error failure) {
                throw new AssertionError("with seed " + seed + ": " + failure, failure);
            }
        }
    }
}
