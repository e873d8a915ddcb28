package dev.sluice.catalog.price;

import java.math.BigDecimal;
import java.math.RoundingMode;

/**
 * Amounts of money as whole nano-units of one currency. Sums stop at the largest amount instead of
 * turning over: no sum of costs is ever negative.
 */
public final class Money {
    public static final long NANOS_PER_UNIT = 1_000_000_000L;
    private static final int DECIMALS = 9;

    private Money() {}

    /**
     * {@return the amount in nano-units, exactly}
     *
     * @throws IllegalArgumentException if it is negative, has more than nine decimals or is too
     *     large
     */
    public static long nanos(BigDecimal amount) {
        if (amount.signum() < 0) {
            throw new IllegalArgumentException("an amount of money is not negative");
        }
        // Bounded before anything is computed: 1E+999999999 has few digits, its integer has not.
        if (amount.precision() - (long) amount.scale() > 10) {
            throw new IllegalArgumentException("the amount of money is too large");
        }
        BigDecimal plain = amount.stripTrailingZeros();
        if (plain.scale() > DECIMALS) {
            throw new IllegalArgumentException("an amount of money has at most nine decimals");
        }
        BigDecimal nanos = plain.movePointRight(DECIMALS);
        if (nanos.compareTo(BigDecimal.valueOf(Long.MAX_VALUE)) > 0) {
            throw new IllegalArgumentException("the amount of money is too large");
        }
        return nanos.longValueExact();
    }

    public static BigDecimal amount(long nanos) {
        return BigDecimal.valueOf(nanos, DECIMALS);
    }

    /** {@return the amount for people: at least two decimals, no more than it has} */
    public static String text(long nanos) {
        BigDecimal amount = amount(nanos).stripTrailingZeros();
        return amount.setScale(Math.max(2, amount.scale()), RoundingMode.UNNECESSARY)
                .toPlainString();
    }

    /** {@return the sum of two non-negative numbers, or the largest number} */
    public static long plus(long a, long b) {
        long sum = a + b;
        return sum < 0 ? Long.MAX_VALUE : sum;
    }

    /** {@return the product of two non-negative numbers, or the largest number} */
    public static long times(long a, long b) {
        return Math.multiplyHigh(a, b) != 0 || a * b < 0 ? Long.MAX_VALUE : a * b;
    }
}
