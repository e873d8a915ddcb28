package dev.sluice.simulator.behaviour;

import java.time.Duration;

/** A tap that lets so many bytes through every so often, whatever the events are. */
public record Drip(int bytes, Duration every) {

    static Drip of(String text) {
        int slash = text.indexOf('/');
        if (slash < 0) {
            throw new NumberFormatException("no slash");
        }
        return new Drip(
                Quantities.bytes(text.substring(0, slash)),
                Quantities.duration(text.substring(slash + 1)));
    }
}
