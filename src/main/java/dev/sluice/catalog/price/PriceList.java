package dev.sluice.catalog.price;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * All prices that hold: the operator's, and below them those that are shipped. Immutable; what has
 * been looked up once is found at once.
 */
public final class PriceList {
    public static final PriceList EMPTY = new PriceList(List.of(), List.of());
    private static final int MOST_REMEMBERED = 10_000;

    private final List<Price> configured;
    private final List<Price> shipped;
    private final ConcurrentHashMap<Asked, List<Price>> remembered = new ConcurrentHashMap<>();

    private record Asked(UUID upstreamId, String provider, String model) {}

    public PriceList(List<Price> configured, List<Price> shipped) {
        this.configured = List.copyOf(configured);
        this.shipped = List.copyOf(shipped);
    }

    /** {@return this with those prices of the operator} */
    public PriceList withConfigured(List<Price> prices) {
        return new PriceList(prices, shipped);
    }

    public List<Price> configured() {
        return configured;
    }

    public List<Price> shipped() {
        return shipped;
    }

    /** {@return the price of that model there at that moment; empty if nothing prices it} */
    public Optional<Price> find(UUID upstreamId, String provider, String model, Instant at) {
        for (Price price : candidates(new Asked(upstreamId, provider, model))) {
            if (!price.validFrom().isAfter(at)) {
                return Optional.of(price);
            }
        }
        return Optional.empty();
    }

    /** {@return every price that may hold at that upstream at that moment, for any model} */
    public List<Price> at(UUID upstreamId, String provider, Instant moment) {
        return Stream.concat(configured.stream(), shipped.stream())
                .filter(price ->
                        !price.validFrom().isAfter(moment)
                                && (price.upstreamId() == null
                                        || price.upstreamId().equals(upstreamId))
                                && (price.provider() == null
                                        || price.provider().equalsIgnoreCase(provider)))
                .toList();
    }

    private List<Price> candidates(Asked asked) {
        List<Price> known = remembered.get(asked);
        if (known != null) {
            return known;
        }
        List<Price> found = new ArrayList<>();
        found.addAll(sorted(configured, asked));
        found.addAll(sorted(shipped, asked));
        if (remembered.size() < MOST_REMEMBERED) {
            remembered.put(asked, List.copyOf(found));
        }
        return found;
    }

    private static List<Price> sorted(List<Price> prices, Asked asked) {
        return prices.stream()
                .filter(price -> price.matches(asked.upstreamId(), asked.provider(), asked.model()))
                .sorted(
                        Comparator.comparingInt(Price::closeness)
                                .thenComparing(Price::validFrom)
                                .reversed())
                .toList();
    }
}
