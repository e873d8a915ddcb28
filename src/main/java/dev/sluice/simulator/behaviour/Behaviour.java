package dev.sluice.simulator.behaviour;

import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What was asked of one answer besides its content: directives with values that are known to be
 * right. Immutable.
 */
public final class Behaviour {
    public static final Behaviour PLAIN = new Behaviour(Map.of(), Map.of());

    private final Map<Directive, String> values;
    private final Map<Directive, Double> chances;

    Behaviour(Map<Directive, String> values, Map<Directive, Double> chances) {
        this.values = values;
        this.chances = chances;
    }

    public boolean isPlain() {
        return values.isEmpty();
    }

    public boolean has(Directive directive) {
        return values.containsKey(directive);
    }

    public boolean is(Directive directive, String word) {
        return word.equals(values.get(directive));
    }

    /** {@return its value, "" for a flag, or null where it is absent} */
    public @Nullable String text(Directive directive) {
        return values.get(directive);
    }

    public String text(Directive directive, String otherwise) {
        return values.getOrDefault(directive, otherwise);
    }

    /** {@return its number; the other one where it is absent or has no value} */
    public int count(Directive directive, int otherwise) {
        String value = values.getOrDefault(directive, "");
        return value.isEmpty() ? otherwise : (int) Long.parseLong(value);
    }

    public int bytes(Directive directive, int otherwise) {
        String value = values.get(directive);
        return value == null ? otherwise : Quantities.bytes(value);
    }

    /** {@return its duration, zero where it is absent} */
    public Duration duration(Directive directive) {
        String value = values.get(directive);
        return value == null ? Duration.ZERO : Quantities.duration(value);
    }

    public @Nullable Drip drip() {
        String value = values.get(Directive.DRIP);
        return value == null ? null : Drip.of(value);
    }

    /** {@return its place, after the preamble where it has no value, or null where it is absent} */
    public @Nullable Position position(Directive directive) {
        String value = values.get(directive);
        if (value == null) {
            return null;
        }
        return value.isEmpty() ? new Position(true, 0) : Position.of(value);
    }

    boolean isLimited() {
        return has(Directive.FAIL_FIRST) || !chances.isEmpty();
    }

    @Nullable Double chance(Directive directive) {
        return chances.get(directive);
    }

    Iterable<Directive> directives() {
        return values.keySet();
    }

    Behaviour without(Directive directive) {
        Map<Directive, String> fewer = new EnumMap<>(values);
        fewer.remove(directive);
        return new Behaviour(fewer, chances);
    }

    /** {@return these directives, and those in place of any of the same name} */
    Behaviour overriddenBy(Behaviour others) {
        if (isPlain() || others.isPlain()) {
            return isPlain() ? others : this;
        }
        Map<Directive, String> allValues = new EnumMap<>(values);
        Map<Directive, Double> allChances = new EnumMap<>(Directive.class);
        allChances.putAll(chances);
        allChances.keySet().removeAll(others.values.keySet());
        allValues.putAll(others.values);
        allChances.putAll(others.chances);
        return new Behaviour(allValues, allChances);
    }

    @Override
    public String toString() {
        return values.toString() + chances;
    }
}
