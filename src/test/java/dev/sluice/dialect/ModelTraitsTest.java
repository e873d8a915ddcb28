package dev.sluice.dialect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.dialect.trait.ModelTraits;
import dev.sluice.dialect.trait.UpstreamTraits;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A model is the same whatever vendor or cloud has put around its name. */
class ModelTraitsTest {
    private final ModelTraits models = ModelTraits.shipped();

    @ParameterizedTest
    @CsvSource({
        "claude-sonnet-4-20250514, claude-sonnet-4@20250514",
        "claude-sonnet-4-20250514, anthropic/claude-sonnet-4-20250514",
        "claude-sonnet-4-20250514, us.anthropic.claude-sonnet-4-20250514-v1:0",
        "claude-sonnet-4-5,        claude-sonnet-4-5@20250929",
        "claude-sonnet-4-5,        global.anthropic.claude-sonnet-4-5-20250929-v1:0",
        "claude-3-7-sonnet,        eu.anthropic.claude-3-7-sonnet-20250219-v1:0",
        "claude-opus-4-6,          anthropic.claude-opus-4-6-v1",
    })
    void cloudsNamesAreReadLikeAnthropics(String own, String atTheCloud) {
        UpstreamTraits expected = models.of("x", own, Map.of());
        UpstreamTraits found = models.of("x", atTheCloud, Map.of());

        assertThat(found.flags()).isEqualTo(expected.flags()).isNotEmpty();
        assertThat(found.maxOutputTokens()).isEqualTo(expected.maxOutputTokens());
        assertThat(found.family()).isEqualTo("anthropic");
        assertThat(found.model()).isEqualTo(atTheCloud);
    }
}
