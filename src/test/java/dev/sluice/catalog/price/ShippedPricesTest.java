package dev.sluice.catalog.price;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.chat.ImageKind;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ShippedPricesTest {
    private static final Instant NOW = Instant.parse("2026-11-21T00:00:00Z");
    private static final UUID UPSTREAM = new UUID(0, 7);

    @ParameterizedTest
    @CsvSource({
        "openai, gpt-4o, 2.50, 10",
        "openai, gpt-4o-mini, 0.15, 0.60",
        "openai, gpt-5-mini-2025-08-07, 0.25, 2",
        "anthropic, claude-sonnet-4-5-20250929, 3, 15",
        "google, gemini-2.5-flash, 0.30, 2.50"
    })
    void mainModelsHaveTheirListPrice(String provider, String model, String input, String output) {
        PriceList prices = new PriceList(ShippedPrices.all());

        Rates rates = prices.find(UPSTREAM, provider, model, NOW).orElseThrow().rates();

        assertThat(rates.input()).isEqualByComparingTo(input);
        assertThat(rates.output()).isEqualByComparingTo(output);
    }

    @ParameterizedTest
    @CsvSource({
        "dall-e-3,             ,         , 0.04",
        "dall-e-3,    1024x1024, standard, 0.04",
        "dall-e-3,    1024x1024, hd,       0.08",
        "dall-e-3,             , hd,       0.08",
        "dall-e-3,    1792x1024, standard, 0.08",
        "dall-e-3,    1024x1792, HD,       0.12",
        "dall-e-2,    512x512,           , 0.018"
    })
    void imagesCostByTheirSizeAndQuality(
            String model, @Nullable String size, @Nullable String quality, String price) {
        PriceList prices = new PriceList(ShippedPrices.all());

        Rates rates = prices.find(UPSTREAM, "openai", model, NOW).orElseThrow().rates();

        assertThat(rates.image(new ImageKind(size, quality))).isEqualByComparingTo(price);
    }

    @Test
    void aPriceThatChangedHoldsFromItsDayOn() {
        PriceList prices = new PriceList(ShippedPrices.all());

        for (String day : new String[] {"2026-10-06", "2026-10-07"}) {
            Rates rates =
                    prices.find(
                                    UPSTREAM,
                                    "anthropic",
                                    "claude-sonnet-5-5",
                                    Instant.parse(day + "T12:00:00Z"))
                            .orElseThrow()
                            .rates();
            assertThat(rates.cachedInputOrInput())
                    .isEqualByComparingTo(day.endsWith("06") ? "0.2" : "0.1");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "openai-compatible, gpt-4o",
        "openai, gpt-4o-audio-preview",
        "openai, gpt-4o-2024-05-13",
        "anthropic, claude-unheard-of"
    })
    void whatIsNotKnownForSureHasNone(String provider, String model) {
        PriceList prices = new PriceList(ShippedPrices.all());

        assertThat(prices.find(UPSTREAM, provider, model, NOW)).isEmpty();
    }

    @Test
    void everyPriceHasADateASourceAndIsTheSameWhenWrittenAndReadAgain() {
        assertThat(ShippedPrices.all())
                .isNotEmpty()
                .allSatisfy(price -> {
                    assertThat(price.source()).contains("https://", "as of");
                    assertThat(price.validFrom()).isBefore(NOW);
                    assertThat(price.rates().cachedInputOrInput())
                            .isLessThanOrEqualTo(price.rates().input());
                    assertThat(PriceJson.read(price.id(), PriceJson.write(price))).isEqualTo(price);
                });
    }
}
