package dev.sluice.simulator.behaviour;

/**
 * A place in a stream: after so many events as they stand on the wire, or after the preamble (what
 * comes before the first output) and so many more.
 */
public record Position(boolean afterPreamble, int events) {
    private static final String PREAMBLE = "preamble";

    static Position of(String text) {
        if (text.equals(PREAMBLE)) {
            return new Position(true, 0);
        }
        if (text.startsWith(PREAMBLE + "+")) {
            return new Position(true, Integer.parseInt(text.substring(PREAMBLE.length() + 1)));
        }
        return new Position(false, Integer.parseInt(text));
    }
}
