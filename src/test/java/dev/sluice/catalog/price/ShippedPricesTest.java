package dev.sluice.catalog.price;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.UUID;
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
