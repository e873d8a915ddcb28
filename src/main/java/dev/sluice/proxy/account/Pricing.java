package dev.sluice.proxy.account;

import dev.sluice.catalog.Upstream;
import dev.sluice.catalog.price.Money;
import dev.sluice.catalog.price.Price;
import dev.sluice.catalog.price.PriceList;
import dev.sluice.catalog.price.Rates;
import dev.sluice.chat.ImageKind;
import dev.sluice.chat.Units;
import dev.sluice.chat.Usage;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What usage costs. Everything is computed in exact decimals and rounded once a call, to whole
 * nano-units of the ledger's currency. A price in a currency without a configured rate is none.
 */
public final class Pricing {
    /** A million units: no call costs more, and sums of many calls stay within 64 bits. */
    static final long MOST_NANOS = 1_000_000_000_000_000L;

    private static final BigDecimal MOST = BigDecimal.valueOf(MOST_NANOS);

    /** From a price per million tokens to nano-units a token. */
    private static final int NANOS_A_TOKEN = 9 - 6;

    private static final int NANOS = 9;

    /** From a price a second to nano-units a millisecond. */
    private static final int NANOS_A_MILLI = NANOS - 3;

    private static final BigDecimal QUARTER = new BigDecimal("0.25");

    private final Supplier<PriceList> configured;
    private final List<PriceList> fixed;
    private final String currency;
    private final Map<String, BigDecimal> exchange;

    /**
     * @param configured the operator's prices, which stand before those that are fixed
     * @param fixed prices of the settings and those that are shipped, the former before the latter
     * @param currency the ledger's
     * @param exchange what one unit of another currency is worth in the ledger's
     */
    public Pricing(
            Supplier<PriceList> configured,
            List<PriceList> fixed,
            String currency,
            Map<String, BigDecimal> exchange) {
        this.configured = configured;
        this.fixed = List.copyOf(fixed);
        this.currency = currency;
        this.exchange = Map.copyOf(exchange);
    }

    /** {@return the prices of the settings and the public ones: they hold where no other does} */
    public List<Price> fixed() {
        return fixed.stream().flatMap(list -> list.all().stream()).toList();
    }

    /** {@return the price of that model there; empty if nothing prices it} */
    public Optional<Price> price(Upstream upstream, String model, Instant at) {
        Optional<Price> found =
                configured.get().find(upstream.id(), upstream.provider(), model, at);
        for (int i = 0; found.isEmpty() && i < fixed.size(); i++) {
            found = fixed.get(i).find(upstream.id(), upstream.provider(), model, at);
        }
        return found.filter(this::isConvertible);
    }

    /**
     * {@return what a million tokens of a usual call cost there, three of input to one of output,
     * for comparison; NaN if nothing prices it}
     */
    public double typical(Upstream upstream, String model, Instant at) {
        return price(upstream, model, at)
                .map(price -> converted(usual(price.rates()), price.currency()).doubleValue())
                .orElse(Double.NaN);
    }

    private static BigDecimal usual(Rates rates) {
        return rates.input().multiply(BigDecimal.valueOf(3)).add(rates.output()).multiply(QUARTER);
    }

    /**
     * {@return the most that a call to any model there may cost, or -1 if nothing is priced there}
     */
    public long worstNanosAt(Upstream upstream, long input, long output, Instant at) {
        return Stream.concat(Stream.of(configured.get()), fixed.stream())
                .flatMap(list -> list.at(upstream.id(), upstream.provider(), at).stream())
                .filter(this::isConvertible)
                .mapToLong(price -> worstNanos(price, input, output))
                .max()
                .orElse(-1);
    }

    /** {@return the most that a call of so many tokens may cost, in nano-units, rounded up} */
    public long worstNanos(Price price, long input, long output) {
        return worstNanos(price, input, output, Units.NONE);
    }

    /** {@return the same of a call that is billed by other units too} */
    public long worstNanos(Price price, long input, long output, Units units) {
        BigDecimal worst = worst(price.rates(), input, output).add(most(units, price.rates()));
        if (price.longInput() != null && input > price.longInput().moreThan()) {
            Rates rates = price.longInput().rates();
            worst = worst.max(worst(rates, input, output).add(most(units, rates)));
        }
        return bounded(converted(worst, price.currency()).setScale(0, RoundingMode.CEILING));
    }

    private static BigDecimal worst(Rates rates, long input, long output) {
        BigDecimal dearestInput =
                rates.input().max(rates.cacheWriteOrInput()).max(rates.cacheWriteLongOrShort());
        BigDecimal dearestOutput = rates.output().max(rates.reasoningOrOutput());
        return times(input, dearestInput)
                .add(times(output, dearestOutput))
                .movePointRight(NANOS_A_TOKEN)
                .add(each(1, rates.request()));
    }

    /** {@return what that usage costs, with the unit prices it was computed from} */
    public RequestRecord.Cost cost(@Nullable Price price, Usage usage) {
        if (price == null) {
            return RequestRecord.Cost.UNPRICED;
        }
        Rates rates = price.ratesFor(usage.inputTotal());
        return new RequestRecord.Cost(
                converted(rates.input(), price.currency()),
                converted(rates.cachedInputOrInput(), price.currency()),
                converted(rates.cacheWriteOrInput(), price.currency()),
                converted(rates.output(), price.currency()),
                each(rates.request(), price),
                currency,
                nanos(rates, usage, price.currency()),
                converted(rates.cacheWriteLongOrShort(), price.currency()),
                converted(rates.reasoningOrOutput(), price.currency()),
                each(rates.image(usage.units().imageKind()), price),
                each(rates.second(), price),
                each(rates.characters(), price));
    }

    private @Nullable BigDecimal each(@Nullable BigDecimal rate, Price price) {
        return rate == null ? null : converted(rate, price.currency());
    }

    private long nanos(Rates rates, Usage usage, String from) {
        long read = usage.cacheRead();
        long longWrite = Math.min(usage.cacheWriteLong(), usage.cacheWrite());
        long reasoning = Math.min(usage.reasoning(), usage.outputTotal());
        long cached = Money.plus(read, usage.cacheWrite());
        long plain = Math.max(0, usage.inputTotal() - cached);
        BigDecimal tokens =
                times(plain, rates.input())
                        .add(times(read, rates.cachedInputOrInput()))
                        .add(times(usage.cacheWrite() - longWrite, rates.cacheWriteOrInput()))
                        .add(times(longWrite, rates.cacheWriteLongOrShort()))
                        .add(times(usage.outputTotal() - reasoning, rates.output()))
                        .add(times(reasoning, rates.reasoningOrOutput()));
        BigDecimal nanos = tokens.movePointRight(NANOS_A_TOKEN).add(of(usage.units(), rates));
        if (usage.origin() != Usage.Origin.NONE) {
            nanos = nanos.add(each(1, rates.request()));
        }
        return bounded(converted(nanos, from).setScale(0, RoundingMode.HALF_UP));
    }

    private static BigDecimal of(Units units, Rates rates) {
        return of(units, rates, rates.image(units.imageKind()));
    }

    /** Where it is left to the vendor which images are made, the dearest are reserved. */
    private static BigDecimal most(Units units, Rates rates) {
        ImageKind kind = units.imageKind();
        return of(units, rates, kind.isSettled() ? rates.image(kind) : rates.dearestImage());
    }

    private static BigDecimal of(Units units, Rates rates, @Nullable BigDecimal image) {
        if (units.isNothing()) {
            return BigDecimal.ZERO;
        }
        BigDecimal second = rates.second();
        BigDecimal sound =
                second == null
                        ? BigDecimal.ZERO
                        : times(units.audioMillis(), second).movePointRight(NANOS_A_MILLI);
        BigDecimal perMillion = rates.characters();
        BigDecimal characters =
                perMillion == null
                        ? BigDecimal.ZERO
                        : times(units.characters(), perMillion).movePointRight(NANOS_A_TOKEN);
        return each(units.images(), image).add(sound).add(characters);
    }

    private static BigDecimal times(long tokens, BigDecimal price) {
        return tokens == 0 ? BigDecimal.ZERO : BigDecimal.valueOf(tokens).multiply(price);
    }

    private static BigDecimal each(long count, @Nullable BigDecimal price) {
        return price == null ? BigDecimal.ZERO : times(count, price).movePointRight(NANOS);
    }

    private boolean isConvertible(Price price) {
        return price.currency().equals(currency) || exchange.containsKey(price.currency());
    }

    private BigDecimal converted(BigDecimal amount, String from) {
        BigDecimal rate = from.equals(currency) ? null : exchange.get(from);
        return rate == null ? amount : amount.multiply(rate);
    }

    private static long bounded(BigDecimal nanos) {
        return nanos.compareTo(MOST) >= 0 ? MOST_NANOS : nanos.longValueExact();
    }

    public String currency() {
        return currency;
    }
}
