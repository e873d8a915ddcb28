package dev.sluice.proxy.account;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.catalog.price.Price;
import dev.sluice.catalog.price.PriceList;
import dev.sluice.catalog.price.Rates;
import dev.sluice.chat.Units;
import dev.sluice.chat.Usage;
import dev.sluice.chat.Usage.Origin;
import dev.sluice.proxy.TestUpstreams;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class PricingTest {
    private static final Instant LONG_AGO = Instant.parse("2025-01-01T00:00:00Z");
    private static final Instant NOW = Instant.parse("2026-06-01T00:00:00Z");
    private static final Rates ALL =
            new Rates(
                    new BigDecimal("3"),
                    new BigDecimal("0.3"),
                    new BigDecimal("3.75"),
                    new BigDecimal("6"),
                    new BigDecimal("15"),
                    new BigDecimal("20"),
                    new BigDecimal("0.01"),
                    new BigDecimal("0.04"),
                    new BigDecimal("0.0001"));

    @Test
    void everyKindOfTokenHasItsOwnPrice() {
        Usage usage = new Usage(Origin.PROVIDER, 1000, 400, 300, 100, 200, 50, 0);

        RequestRecord.Cost cost =
                pricing(price("m", "USD", ALL)).cost(price("m", "USD", ALL), usage);

        // 300 x 3 + 400 x 0.3 + 200 x 3.75 + 100 x 6 + 150 x 15 + 50 x 20, per million, and 0.01
        assertThat(cost.nanos())
                .isEqualTo((900 + 120 + 750 + 600 + 2250 + 1000) * 1000L + 10_000_000);
        assertThat(cost.inputPrice()).isEqualByComparingTo("3");
        assertThat(cost.cachedInputPrice()).isEqualByComparingTo("0.3");
        assertThat(cost.currency()).isEqualTo("USD");
    }

    @Test
    void imagesAndSecondsHaveTheirOwnPrice() {
        Price price = price("m", "USD", ALL);
        Usage usage = Usage.provider(0, 0).withUnits(new Units(3, 1_500));

        RequestRecord.Cost cost = pricing(price).cost(price, usage);

        // three images, a second and a half, and the request
        assertThat(cost.nanos()).isEqualTo(120_000_000L + 150_000 + 10_000_000);
        assertThat(cost.imagePrice()).isEqualByComparingTo("0.04");
        assertThat(cost.secondPrice()).isEqualByComparingTo("0.0001");
        assertThat(cost.reasoningPrice()).isEqualByComparingTo("20");
        assertThat(cost.cacheWriteLongPrice()).isEqualByComparingTo("6");
    }

    @Test
    void noCallCostsMoreThanCanBeSummed() {
        Price price = price("m", "USD", Rates.of("9000000000", "9000000000"));
        Usage most = Usage.provider(Usage.MOST, Usage.MOST);

        assertThat(pricing(price).cost(price, most).nanos()).isEqualTo(Pricing.MOST_NANOS);
        assertThat(pricing(price).worstNanos(price, Usage.MOST, 0)).isEqualTo(Pricing.MOST_NANOS);
    }

    @Test
    void aCallIsRoundedOnceAndToTheNanoUnit() {
        Price price = price("m", "USD", Rates.of("0.000000001", "0.0005"));

        assertThat(pricing(price).cost(price, Usage.provider(1, 0)).nanos()).isZero();
        assertThat(pricing(price).cost(price, Usage.provider(0, 1)).nanos()).isEqualTo(1);
        assertThat(pricing(price).worstNanos(price, 1, 0)).isEqualTo(1);
    }

    @Test
    void longInputHasItsOwnPrices() {
        Price price =
                new Price(
                        new UUID(0, 1),
                        null,
                        null,
                        "m",
                        "USD",
                        Rates.of("1", "1"),
                        new Price.LongInput(200_000, Rates.of("2", "2")),
                        null,
                        LONG_AGO,
                        "operator");

        assertThat(pricing(price).cost(price, Usage.provider(200_000, 0)).nanos())
                .isEqualTo(200_000_000L);
        assertThat(pricing(price).cost(price, Usage.provider(200_001, 0)).nanos())
                .isEqualTo(400_002_000L);
    }

    @Test
    void whatNothingPricesIsFlagged() {
        assertThat(find(pricing(), "m")).isNull();
        assertThat(pricing().cost(null, Usage.provider(5, 5)))
                .isEqualTo(RequestRecord.Cost.UNPRICED);
        assertThat(find(pricing(price("m", "EUR", ALL)), "m")).isNull();
    }

    @Test
    void anotherCurrencyIsConvertedAtTheConfiguredRate() {
        Price price = price("m", "EUR", Rates.of("1", "2"));
        Pricing pricing =
                new Pricing(
                        () -> new PriceList(List.of(price)),
                        List.of(),
                        "USD",
                        Map.of("EUR", new BigDecimal("1.1")));

        RequestRecord.Cost cost = pricing.cost(price, Usage.provider(1_000_000, 0));

        assertThat(cost.nanos()).isEqualTo(1_100_000_000L);
        assertThat(cost.outputPrice()).isEqualByComparingTo("2.2");
        assertThat(cost.currency()).isEqualTo("USD");
    }

    @Test
    void theClosestAndNewestPriceHolds() {
        UUID upstream = TestUpstreams.FIRST.id();
        Price any = price("gpt-*", "USD", Rates.of("1", "1"));
        Price ofProvider = at(null, "openai", "gpt-*", LONG_AGO, "2");
        Price whole = at(null, "openai", "gpt-5", LONG_AGO, "3");
        Price newer = at(null, "openai", "gpt-5", NOW.minusSeconds(1), "4");
        Price future = at(null, "openai", "gpt-5", NOW.plusSeconds(1), "5");
        Price ofUpstream = at(upstream, null, "g*5*", LONG_AGO, "6");
        PriceList shipped = new PriceList(List.of(whole, newer, future, ofProvider));

        assertThat(input(shipped, List.of(), "gpt-5")).isEqualTo("4");
        assertThat(input(shipped, List.of(), "gpt-4o")).isEqualTo("2");
        assertThat(input(shipped, List.of(), "claude")).isNull();
        assertThat(input(shipped, List.of(any), "gpt-5")).isEqualTo("1");
        assertThat(input(shipped, List.of(any, ofUpstream), "gpt-5-mini")).isEqualTo("6");
    }

    @Test
    void noUsageAProviderCanClaimMakesACostNegative() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        List<Long> extremes =
                List.of(0L, 1L, (1L << 31) - 1, 1L << 53, Long.MAX_VALUE, -1L, Long.MIN_VALUE);
        Price price = price("m", "USD", ALL);
        for (int i = 0; i < 20_000; i++) {
            long[] counts = new long[7];
            for (int j = 0; j < counts.length; j++) {
                counts[j] = extremes.get(random.nextInt(extremes.size()));
            }
            Usage usage =
                    new Usage(
                            Origin.PROVIDER,
                            counts[0],
                            counts[1],
                            counts[2],
                            counts[3],
                            counts[4],
                            counts[5],
                            counts[6]);
            assertThat(pricing(price).cost(price, usage).nanos())
                    .as("%s, seed %d", usage, seed)
                    .isNotNegative();
            assertThat(usage.plus(usage).total()).isNotNegative();
        }
    }

    @Test
    void theWorstCaseIsNeverBelowTheCost() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        Price price = price("m", "USD", ALL);
        Pricing pricing = pricing(price);
        for (int i = 0; i < 10_000; i++) {
            long input = random.nextLong(1_000_000);
            long output = random.nextLong(100_000);
            long read = random.nextLong(input + 1);
            long write = random.nextLong(input - read + 1);
            Usage usage =
                    new Usage(
                            Origin.PROVIDER,
                            input,
                            read,
                            write,
                            random.nextLong(write + 1),
                            output,
                            random.nextLong(output + 1),
                            0,
                            new Units(random.nextLong(10), random.nextLong(100_000)));
            assertThat(pricing.cost(price, usage).nanos())
                    .as("%s, seed %d", usage, seed)
                    .isLessThanOrEqualTo(pricing.worstNanos(price, input, output, usage.units()));
        }
    }

    private static @Nullable String input(PriceList shipped, List<Price> configured, String model) {
        PriceList own = new PriceList(configured);
        Price price = find(new Pricing(() -> own, List.of(shipped), "USD", Map.of()), model);
        return price == null ? null : price.rates().input().toPlainString();
    }

    private static @Nullable Price find(Pricing pricing, String model) {
        return pricing.price(TestUpstreams.FIRST, model, NOW).orElse(null);
    }

    private static Pricing pricing(Price... prices) {
        return new Pricing(() -> new PriceList(List.of(prices)), List.of(), "USD", Map.of());
    }

    private static Price price(String model, String currency, Rates rates) {
        return new Price(
                new UUID(0, 1),
                null,
                null,
                model,
                currency,
                rates,
                null,
                null,
                LONG_AGO,
                "operator");
    }

    private static Price at(
            @Nullable UUID upstream,
            @Nullable String provider,
            String model,
            Instant from,
            String input) {
        return new Price(
                new UUID(0, 1),
                upstream,
                provider,
                model,
                "USD",
                Rates.of(input, "1"),
                null,
                null,
                from,
                "test");
    }
}
