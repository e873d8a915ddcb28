package dev.sluice.admin.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.chat.Protocol;
import dev.sluice.dialect.trait.Trait;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** The vendors that are known by name. */
public class PresetsTest {
    public static final List<String> VENDORS =
            List.of(
                    "openai",
                    "azure",
                    "anthropic",
                    "google",
                    "vertex",
                    "vertex-anthropic",
                    "bedrock",
                    "bedrock-anthropic",
                    "openrouter",
                    "deepseek",
                    "siliconflow",
                    "groq",
                    "mistral",
                    "xai",
                    "moonshot",
                    "zai",
                    "alibaba",
                    "ollama",
                    "vllm");

    private static final Set<String> NOT_OF_THE_DIALECT = Set.of("credential");

    @ParameterizedTest
    @FieldSource("VENDORS")
    void everyFlagOfAVendorIsATrait(String provider) {
        Presets preset = Presets.of(provider);
        assertThat(preset.protocols()).isNotEmpty();
        assertThat(preset.flags().keySet())
                .allMatch(
                        flag -> NOT_OF_THE_DIALECT.contains(flag) || Trait.named(flag).isPresent());
    }

    @Test
    void anUnknownVendorSpeaksTheOlderOpenAiChat() {
        Presets preset = Presets.of("some new vendor");
        assertThat(preset.protocols()).isEqualTo(List.of(Protocol.OPENAI_CHAT));
        assertThat(preset.flags()).containsEntry("maxTokensField", "max_tokens");
    }

    @Test
    void namesAreTakenInAnyCaseAndByTheirAliases() {
        assertThat(Presets.of("OpenAI").protocols())
                .containsExactly(Protocol.OPENAI_CHAT, Protocol.OPENAI_RESPONSES);
        assertThat(Presets.of("gemini")).isEqualTo(Presets.of("google"));
    }
}
