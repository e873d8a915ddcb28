package dev.sluice.dialect.peek;

import dev.sluice.chat.Units;

/**
 * What follows from a request of what its answer is billed by other units than tokens.
 *
 * @param most never exceeded by an answer that keeps to the request
 * @param likely what is taken to be so where the answer does not say
 */
public record UnitBound(Units most, Units likely) {
    public static final UnitBound NONE = new UnitBound(Units.NONE, Units.NONE);
}
