package dev.sluice.simulator.behaviour;

import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads the little language. Directives are separated by commas; each is {@code word} or {@code
 * word=value}, and a fault may end in {@code @5%}, the share of calls that it hits:
 *
 * <pre>
 * delay=500ms, pace=20ms, chunks=50, cut-after=3
 * status=429, retry-after=2, fail-first=1
 * stall@5%, seed=7
 * </pre>
 */
public final class BehaviourReader {
    private BehaviourReader() {}

    /**
     * {@return what a model's suffix and a header ask for; the header is the stronger}
     *
     * @throws UnknownDirective if either cannot be read
     */
    public static Behaviour read(@Nullable String suffix, @Nullable String header)
            throws UnknownDirective {
        return read(suffix).overriddenBy(read(header));
    }

    private static Behaviour read(@Nullable String text) throws UnknownDirective {
        if (text == null || text.isBlank()) {
            return Behaviour.PLAIN;
        }
        Map<Directive, String> values = new EnumMap<>(Directive.class);
        Map<Directive, Double> chances = new EnumMap<>(Directive.class);
        for (String part : text.split(",", -1)) {
            if (!part.isBlank()) {
                readOne(part.strip(), values, chances);
            }
        }
        return new Behaviour(values, chances);
    }

    private static void readOne(
            String part, Map<Directive, String> values, Map<Directive, Double> chances)
            throws UnknownDirective {
        int at = part.lastIndexOf('@');
        String wish = at < 0 ? part : part.substring(0, at);
        int equals = wish.indexOf('=');
        String word = (equals < 0 ? wish : wish.substring(0, equals)).strip();
        String value = equals < 0 ? "" : wish.substring(equals + 1).strip();
        Directive directive = Directive.of(word.toLowerCase(Locale.ROOT));
        if (directive == null) {
            throw UnknownDirective.word(word);
        }
        if (!directive.accepts(value)) {
            throw UnknownDirective.value(directive, value);
        }
        values.put(directive, value);
        if (at >= 0) {
            chances.put(directive, chance(directive, part.substring(at + 1)));
        }
    }

    private static double chance(Directive directive, String text) throws UnknownDirective {
        try {
            boolean percent = text.endsWith("%");
            double number =
                    Double.parseDouble(percent ? text.substring(0, text.length() - 1) : text);
            double chance = percent ? number / 100 : number;
            if (directive.group() == Directive.Group.FAULT && chance >= 0 && chance <= 1) {
                return chance;
            }
        } catch (NumberFormatException malformed) {
            // Said below, as for every other wrong value.
        }
        throw UnknownDirective.chance(directive, text);
    }
}
