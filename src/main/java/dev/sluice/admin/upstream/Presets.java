package dev.sluice.admin.upstream;

import static dev.sluice.chat.Protocol.ANTHROPIC;
import static dev.sluice.chat.Protocol.GEMINI;
import static dev.sluice.chat.Protocol.OPENAI_CHAT;
import static dev.sluice.chat.Protocol.OPENAI_RESPONSES;

import dev.sluice.chat.Protocol;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a provider's name implies (wire-contract §1.5): protocols, its public address, and how it
 * differs from its protocol.
 */
record Presets(List<Protocol> protocols, @Nullable String baseUrl, Map<String, String> flags) {

    Presets {
        protocols = List.copyOf(protocols);
        flags = Map.copyOf(flags);
    }

    /** Most take the older names of OpenAI's protocol only. */
    private static final Map<String, String> OLDER_NAMES =
            Map.of("developerRole", "false", "maxTokensField", "max_tokens");

    /** {@return the preset of a provider; an unknown one speaks OpenAI Chat} */
    static Presets of(String provider) {
        return switch (provider.toLowerCase(Locale.ROOT)) {
            case "openai" ->
                    new Presets(
                            List.of(OPENAI_CHAT, OPENAI_RESPONSES),
                            "https://api.openai.com/v1",
                            Map.of());
            case "anthropic" ->
                    new Presets(List.of(ANTHROPIC), "https://api.anthropic.com", Map.of());
            case "google", "gemini" ->
                    new Presets(
                            List.of(GEMINI), "https://generativelanguage.googleapis.com", Map.of());
            case "openrouter" -> chat("https://openrouter.ai/api/v1");
            case "deepseek" -> chat("https://api.deepseek.com/v1");
            case "groq" -> chat("https://api.groq.com/openai/v1");
            // Refuses stream_options, and says usage on the last chunk unasked.
            case "mistral" ->
                    new Presets(
                            List.of(OPENAI_CHAT),
                            "https://api.mistral.ai/v1",
                            Map.of(
                                    "developerRole", "false",
                                    "maxTokensField", "max_tokens",
                                    "streamOptions", "false",
                                    "toolChoiceRequiredWord", "any"));
            case "ollama" -> chat("http://127.0.0.1:11434/v1");
            case "simulator" -> new Presets(List.of(OPENAI_CHAT), null, Map.of());
            default -> chat(null);
        };
    }

    private static Presets chat(@Nullable String baseUrl) {
        return new Presets(List.of(OPENAI_CHAT), baseUrl, OLDER_NAMES);
    }
}
