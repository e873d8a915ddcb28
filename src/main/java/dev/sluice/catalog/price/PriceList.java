package dev.sluice.catalog.price;

import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Prices, of which the closest and newest holds. Immutable; what was looked up once is found fast.
 */
public final class PriceList {
    public static final PriceList EMPTY = new PriceList(List.of());
    private static final int MOST_REMEMBERED = 10_000;

    private final List<Price> prices;
    private final ConcurrentHashMap<Asked, List<Price>> remembered = new ConcurrentHashMap<>();

    private record Asked(UUID upstreamId, String provider, String model) {}

    public PriceList(List<Price> prices) {
        this.prices = List.copyOf(prices);
    }

    public List<Price> all() {
        return prices;
    }

    /** {@return the price of that model there at that moment; empty if nothing prices it} */
    public Optional<Price> find(UUID upstreamId, String provider, String model, Instant at) {
        for (Price price : matching(new Asked(upstreamId, provider, model))) {
            if (!price.validFrom().isAfter(at)) {
                return Optional.of(price);
            }
        }
        return Optional.empty();
    }

    /** {@return every price that may hold at that upstream at that moment, for any model} */
    public List<Price> at(UUID upstreamId, String provider, Instant moment) {
        return prices.stream()
                .filter(price -> !price.validFrom().isAfter(moment))
                .filter(price -> price.holdsAt(upstreamId, provider))
                .toList();
    }

    private List<Price> matching(Asked asked) {
        List<Price> known = remembered.get(asked);
        if (known != null) {
            return known;
        }
        List<Price> found =
                prices.stream()
                        .filter(price -> price.holdsAt(asked.upstreamId(), asked.provider()))
                        .filter(price -> price.matches(asked.model()))
                        .sorted(
                                Comparator.comparingInt(Price::closeness)
                                        .thenComparing(Price::validFrom)
                                        .reversed())
                        .toList();
        if (remembered.size() < MOST_REMEMBERED) {
            remembered.put(asked, found);
        }
        return found;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof PriceList list && prices.equals(list.prices);
    }

    @Override
    public int hashCode() {
        return prices.hashCode();
    }
}
