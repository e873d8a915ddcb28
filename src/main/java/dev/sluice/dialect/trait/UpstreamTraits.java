package dev.sluice.dialect.trait;

import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a writer must know of the upstream it writes for.
 *
 * @param family whose models these are, for seals: {@code openai}, {@code anthropic}, {@code
 *     google}, or the vendor's name
 * @param model as the upstream spells it; what is written into the body or path
 * @param maxOutputTokens the most the model can put out, where the catalogue knows it
 */
public record UpstreamTraits(
        String family, String model, @Nullable Integer maxOutputTokens, Map<Trait, String> flags) {

    public UpstreamTraits {
        flags = Map.copyOf(flags);
    }

    public static UpstreamTraits standard(String family, String model) {
        return new UpstreamTraits(family, model, null, Map.of());
    }

    /** {@return the traits that flags of the configuration say; unknown names count for nothing} */
    public static UpstreamTraits of(
            String family,
            String model,
            @Nullable Integer maxOutputTokens,
            Map<String, String> flags) {
        Map<Trait, String> known = new EnumMap<>(Trait.class);
        flags.forEach(
                (name, value) -> Trait.named(name).ifPresent(trait -> known.put(trait, value)));
        return new UpstreamTraits(family, model, maxOutputTokens, known);
    }

    public boolean has(Trait trait) {
        return word(trait).equals("true");
    }

    public String word(Trait trait) {
        return flags.getOrDefault(trait, trait.standard());
    }

    public UpstreamTraits with(Trait trait, String value) {
        Map<Trait, String> more = new EnumMap<>(Trait.class);
        more.putAll(flags);
        more.put(trait, value);
        return new UpstreamTraits(family, model, maxOutputTokens, more);
    }
}
