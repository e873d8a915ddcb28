package dev.sluice.dialect.trait;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * How models differ from their protocol (wire-contract §1.3, §1.5), as data: the first entry whose
 * pattern fits a model's name counts. A vendor's prefix ({@code anthropic/claude-…}) does not
 * matter, nor does a cloud's. What an operator says of an upstream stands over it.
 */
public final class ModelTraits {
    private static final int MOST_REMEMBERED = 10_000;
    private static final String BEDROCK_VENDOR = "anthropic.";

    private final List<Entry> entries;
    private final Map<String, Found> remembered = new ConcurrentHashMap<>();

    /**
     * @param family whose models these are; null for the upstream's provider
     */
    private record Entry(
            Pattern models,
            @Nullable String family,
            @Nullable Integer maxOutputTokens,
            Map<String, String> traits) {}

    private record Found(@Nullable Entry entry) {}

    private ModelTraits(List<Entry> entries) {
        this.entries = List.copyOf(entries);
    }

    /** {@return what comes with the program: {@code models.json}} */
    public static ModelTraits shipped() {
        try (InputStream file = ModelTraits.class.getResourceAsStream("/models.json")) {
            if (file == null) {
                throw new IllegalStateException("models.json is not on the class path");
            }
            return read(JsonMapper.shared().readTree(file));
        } catch (IOException unreadable) {
            throw new UncheckedIOException("models.json cannot be read", unreadable);
        }
    }

    private static ModelTraits read(JsonNode list) {
        List<Entry> entries = new ArrayList<>();
        for (JsonNode entry : list) {
            Map<String, String> traits = new HashMap<>();
            entry.path("traits")
                    .forEachEntry((name, value) -> traits.put(known(name), text(value)));
            entries.add(
                    new Entry(
                            Pattern.compile(entry.path("models").stringValue()),
                            entry.path("family").isString()
                                    ? entry.path("family").stringValue()
                                    : null,
                            entry.path("max_output_tokens").isInt()
                                    ? entry.path("max_output_tokens").intValue()
                                    : null,
                            traits));
        }
        return new ModelTraits(entries);
    }

    private static String known(String name) {
        return Trait.named(name)
                .orElseThrow(() -> new IllegalStateException("models.json: no trait " + name))
                .wireName();
    }

    private static String text(JsonNode value) {
        return value.stringValue();
    }

    /**
     * {@return what a writer must know of that model there}
     *
     * @param provider whose family it is of where its name says nothing
     * @param flags what the operator or the provider's preset says, which stands over ours
     */
    public UpstreamTraits of(String provider, String model, Map<String, String> flags) {
        Entry entry = find(model);
        if (entry == null) {
            return UpstreamTraits.of(provider, model, null, flags);
        }
        Map<String, String> all = new HashMap<>(entry.traits());
        all.putAll(flags);
        String family = entry.family() == null ? provider : entry.family();
        return UpstreamTraits.of(family, model, entry.maxOutputTokens(), all);
    }

    private @Nullable Entry find(String model) {
        Found known = remembered.get(model);
        if (known == null) {
            known = new Found(search(model));
            if (remembered.size() < MOST_REMEMBERED) {
                remembered.put(model, known);
            }
        }
        return known.entry();
    }

    /**
     * {@return a model's name without vendor and cloud} Google dates models by {@code @}, Bedrock
     * puts region and vendor before them and a version behind: {@code
     * us.anthropic.claude-sonnet-4-20250514-v1:0}.
     */
    private static String bare(String model) {
        String name = model.substring(model.lastIndexOf('/') + 1).toLowerCase(Locale.ROOT);
        int vendor = name.indexOf(BEDROCK_VENDOR);
        String own = vendor < 0 ? name : name.substring(vendor + BEDROCK_VENDOR.length());
        return own.startsWith("claude-")
                ? own.replace('@', '-').replaceFirst("-v\\d+(:\\d+)?$", "")
                : own;
    }

    private @Nullable Entry search(String model) {
        String bare = bare(model);
        for (Entry entry : entries) {
            if (entry.models().matcher(bare).matches()) {
                return entry;
            }
        }
        return null;
    }
}
