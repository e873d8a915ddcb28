package dev.sluice.simulator.behaviour;

import java.time.Duration;
import java.util.Locale;

/** Numbers with units, as people write them. All throw {@link NumberFormatException}. */
final class Quantities {
    private Quantities() {}

    /** {@return a duration written as {@code 500ms}, {@code 2s}, {@code 1m}; bare is ms} */
    static Duration duration(String text) {
        if (text.endsWith("ms")) {
            return Duration.ofMillis(natural(text, 2));
        }
        if (text.endsWith("s")) {
            return Duration.ofSeconds(natural(text, 1));
        }
        if (text.endsWith("m")) {
            return Duration.ofMinutes(natural(text, 1));
        }
        return Duration.ofMillis(natural(text, 0));
    }

    /** {@return bytes written as {@code 300}, {@code 64KB}, {@code 10MB}; powers of 1,024} */
    static int bytes(String text) {
        String upper = text.toUpperCase(Locale.ROOT);
        if (upper.endsWith("KB")) {
            return Math.multiplyExact(natural(upper, 2), 1 << 10);
        }
        if (upper.endsWith("MB")) {
            int megabytes = natural(upper, 2);
            return megabytes > 1_000 ? Integer.MAX_VALUE : megabytes << 20;
        }
        return natural(upper, 0);
    }

    private static int natural(String text, int unitLength) {
        int number = Integer.parseInt(text.substring(0, text.length() - unitLength));
        if (number < 0 || number > 1_000_000_000) {
            throw new NumberFormatException("out of range");
        }
        return Math.min(number, 1 << 30);
    }
}
