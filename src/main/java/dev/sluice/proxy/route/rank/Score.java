package dev.sluice.proxy.route.rank;

/**
 * How good a place looks, and why: its weight in comparison to the others', less what speaks
 * against it. Every part is between 0 and 1.
 *
 * @param value never 0: nobody is lost through a low weight
 * @param base the weight after what it lost, 1 for the greatest of all
 * @param latency the 95th percentile in relation to 4 s; where nothing was measured, the mean of
 *     the others'
 * @param errors the error rate
 * @param cost 0 for the cheapest, 1 for the dearest; where there is no price, the middle
 * @param quota 1 where most calls fail or nothing is left of the upstream's rate limit
 */
public record Score(
        double value, double base, double latency, double errors, double cost, double quota) {
    static final double LEAST = 0.01;

    /** {@return all of it in one word, such as {@code 0.50(w1.00,l0.50,e0.00,c0.50,q0.00)}} */
    public String compact() {
        StringBuilder word = new StringBuilder(48);
        hundredths(word, value);
        hundredths(word.append("(w"), base);
        hundredths(word.append(",l"), latency);
        hundredths(word.append(",e"), errors);
        hundredths(word.append(",c"), cost);
        hundredths(word.append(",q"), quota);
        return word.append(')').toString();
    }

    /** By hand, since it is written into every record. */
    private static void hundredths(StringBuilder word, double number) {
        long rounded = Math.round(number * 100);
        if (rounded < 0) {
            word.append('-');
        }
        long digits = Math.abs(rounded);
        word.append(digits / 100).append('.');
        if (digits % 100 < 10) {
            word.append('0');
        }
        word.append(digits % 100);
    }
}
