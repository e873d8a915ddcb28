package dev.sluice.catalog.price;

import dev.sluice.chat.ImageKind;
import java.math.BigDecimal;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Unit prices in one currency. Tokens are priced per million; what has no price of its own costs
 * what its kind costs: cached input as input, reasoning as output.
 *
 * @param cacheWrite input written to a cache, for minutes
 * @param cacheWriteLong input written to a cache for an hour
 * @param request added once to every answered call
 * @param image per image made
 * @param second per second of audio
 * @param characters per million characters that are spoken
 * @param images of images of other sizes and qualities than the usual ones
 */
public record Rates(
        BigDecimal input,
        @Nullable BigDecimal cachedInput,
        @Nullable BigDecimal cacheWrite,
        @Nullable BigDecimal cacheWriteLong,
        BigDecimal output,
        @Nullable BigDecimal reasoning,
        @Nullable BigDecimal request,
        @Nullable BigDecimal image,
        @Nullable BigDecimal second,
        @Nullable BigDecimal characters,
        List<ImageRate> images) {

    /**
     * What an image of some size, or quality, or both costs.
     *
     * @param size null for any
     * @param quality null for any
     */
    public record ImageRate(@Nullable String size, @Nullable String quality, BigDecimal price) {
        public ImageRate {
            if (size == null && quality == null) {
                throw new IllegalArgumentException(
                        "a price of 'images' names a size or a quality; that of all others is 'image'");
            }
            check(price);
        }

        private boolean isOf(ImageKind kind) {
            return (size == null || size.equalsIgnoreCase(kind.size()))
                    && (quality == null || quality.equalsIgnoreCase(kind.quality()));
        }

        private int closeness() {
            return (size == null ? 0 : 2) + (quality == null ? 0 : 1);
        }
    }

    /** Every price is checked to be exact in nano-units. */
    public Rates {
        check(input);
        check(cachedInput);
        check(cacheWrite);
        check(cacheWriteLong);
        check(output);
        check(reasoning);
        check(request);
        check(image);
        check(second);
        check(characters);
        images = List.copyOf(images);
    }

    /** Prices without characters, and of images of one kind. */
    public Rates(
            BigDecimal input,
            @Nullable BigDecimal cachedInput,
            @Nullable BigDecimal cacheWrite,
            @Nullable BigDecimal cacheWriteLong,
            BigDecimal output,
            @Nullable BigDecimal reasoning,
            @Nullable BigDecimal request,
            @Nullable BigDecimal image,
            @Nullable BigDecimal second) {
        this(
                input,
                cachedInput,
                cacheWrite,
                cacheWriteLong,
                output,
                reasoning,
                request,
                image,
                second,
                null,
                List.of());
    }

    /** {@return prices of input and output alone} */
    public static Rates of(String input, String output) {
        return new Rates(
                new BigDecimal(input),
                null,
                null,
                null,
                new BigDecimal(output),
                null,
                null,
                null,
                null);
    }

    private static void check(@Nullable BigDecimal price) {
        if (price != null) {
            Money.nanos(price);
        }
    }

    /**
     * {@return what such an image costs: by the closest of {@code images}, else {@code image}, else
     * as much as the dearest; null where images have no price}
     */
    public @Nullable BigDecimal image(ImageKind kind) {
        return images.stream()
                .filter(rate -> rate.isOf(kind))
                .max(Comparator.comparingInt(ImageRate::closeness))
                .map(ImageRate::price)
                .orElse(image == null ? dearestImage() : image);
    }

    /** {@return what no image costs more than; null where images have no price} */
    public @Nullable BigDecimal dearestImage() {
        return Stream.concat(Stream.ofNullable(image), images.stream().map(ImageRate::price))
                .max(Comparator.naturalOrder())
                .orElse(null);
    }

    public BigDecimal cachedInputOrInput() {
        return cachedInput == null ? input : cachedInput;
    }

    public BigDecimal cacheWriteOrInput() {
        return cacheWrite == null ? input : cacheWrite;
    }

    public BigDecimal cacheWriteLongOrShort() {
        return cacheWriteLong == null ? cacheWriteOrInput() : cacheWriteLong;
    }

    public BigDecimal reasoningOrOutput() {
        return reasoning == null ? output : reasoning;
    }
}
