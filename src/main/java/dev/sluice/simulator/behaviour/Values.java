package dev.sluice.simulator.behaviour;

import java.util.List;
import java.util.function.Predicate;

/**
 * A kind of value that a directive takes.
 *
 * @param description what is accepted, for the error that refuses something else
 */
record Values(String description, Predicate<String> test) {

    boolean accept(String value) {
        try {
            return test.test(value);
        } catch (NumberFormatException malformed) {
            return false;
        }
    }

    static Values flag() {
        return new Values("no value", String::isEmpty);
    }

    static Values text() {
        return new Values("a text", value -> !value.isEmpty());
    }

    static Values count(long max) {
        return new Values(
                "a number from 0 to " + max,
                value -> Long.parseLong(value) >= 0 && Long.parseLong(value) <= max);
    }

    static Values size() {
        return new Values(
                "bytes from 1 to 64MB, such as 300, 64KB or 10MB",
                value -> Quantities.bytes(value) >= 1 && Quantities.bytes(value) <= 64 << 20);
    }

    static Values duration() {
        return new Values(
                "a duration such as 500ms, 2s or 1m",
                value -> Quantities.duration(value).toDays() < 1);
    }

    static Values drip() {
        return new Values(
                "bytes and a duration, such as 1/1s or 7/5ms",
                value -> {
                    Drip drip = Drip.of(value);
                    return drip.bytes() > 0 && drip.every().toMillis() > 0;
                });
    }

    static Values position() {
        return new Values(
                "a count of events, preamble, or preamble+2",
                value -> Position.of(value).events() >= 0);
    }

    static Values oneOf(String... words) {
        return new Values("one of " + String.join(", ", words), List.of(words)::contains);
    }

    static Values optional(Values values) {
        return new Values(
                "nothing, or " + values.description(),
                value -> value.isEmpty() || values.accept(value));
    }
}
