package dev.sluice.admin.upstream;

import dev.sluice.chat.Protocol;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a provider's name implies (wire-contract §1.5): protocols, its public address, and how it
 * differs from its protocol. They are data, {@code providers.json}; a new vendor is a few lines
 * there.
 */
record Presets(List<Protocol> protocols, @Nullable String baseUrl, Map<String, String> flags) {
    /** Most take the older names of OpenAI's protocol only. */
    private static final Map<String, String> OLDER_NAMES =
            Map.of("developerRole", "false", "maxTokensField", "max_tokens");

    private static final Map<String, Presets> SHIPPED = read();

    Presets {
        protocols = List.copyOf(protocols);
        flags = Map.copyOf(flags);
    }

    /** {@return the preset of a provider; an unknown one speaks OpenAI Chat} */
    static Presets of(String provider) {
        Presets known = SHIPPED.get(provider.toLowerCase(Locale.ROOT));
        return known == null
                ? new Presets(List.of(Protocol.OPENAI_CHAT), null, OLDER_NAMES)
                : known;
    }

    private static Map<String, Presets> read() {
        try (InputStream file = Presets.class.getResourceAsStream("/providers.json")) {
            if (file == null) {
                throw new IllegalStateException("providers.json is not on the class path");
            }
            Map<String, Presets> presets = new HashMap<>();
            for (JsonNode entry : JsonMapper.shared().readTree(file)) {
                Presets preset = preset(entry);
                presets.put(entry.path("provider").stringValue(), preset);
                entry.path("aliases").forEach(alias -> presets.put(alias.stringValue(), preset));
            }
            return Map.copyOf(presets);
        } catch (IOException unreadable) {
            throw new UncheckedIOException("providers.json cannot be read", unreadable);
        }
    }

    private static Presets preset(JsonNode entry) {
        List<Protocol> protocols = new ArrayList<>();
        entry.path("protocols")
                .forEach(name -> protocols.add(Protocol.named(name.stringValue()).orElseThrow()));
        Map<String, String> flags = new HashMap<>();
        if (protocols.isEmpty()) {
            protocols.add(Protocol.OPENAI_CHAT);
            flags.putAll(OLDER_NAMES);
        }
        entry.path("capabilities")
                .forEachEntry((name, value) -> flags.put(name, value.stringValue()));
        JsonNode url = entry.path("base_url");
        return new Presets(protocols, url.isString() ? url.stringValue() : null, flags);
    }
}
