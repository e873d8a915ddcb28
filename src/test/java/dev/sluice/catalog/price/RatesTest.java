package dev.sluice.catalog.price;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.catalog.price.Rates.ImageRate;
import dev.sluice.chat.ImageKind;
import java.math.BigDecimal;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RatesTest {
    private static final ImageKind WIDE_HD = new ImageKind("1792x1024", "hd");

    private static Rates rates(@Nullable String image, ImageRate... images) {
        return new Rates(
                BigDecimal.ZERO,
                null,
                null,
                null,
                BigDecimal.ZERO,
                null,
                null,
                image == null ? null : new BigDecimal(image),
                null,
                null,
                List.of(images));
    }

    private static ImageRate rate(@Nullable String size, @Nullable String quality, String price) {
        return new ImageRate(size, quality, new BigDecimal(price));
    }

    @Test
    void theClosestPriceOfAnImageHoldsWhateverTheOrder() {
        ImageRate both = rate("1792x1024", "hd", "0.12");
        ImageRate size = rate("1792x1024", null, "0.09");
        ImageRate quality = rate(null, "hd", "0.08");

        assertThat(rates("0.04", quality, both, size).image(WIDE_HD)).isEqualByComparingTo("0.12");
        assertThat(rates("0.04", both, size, quality).image(WIDE_HD)).isEqualByComparingTo("0.12");
        assertThat(rates("0.04", quality, size).image(WIDE_HD)).isEqualByComparingTo("0.09");
        assertThat(rates("0.04", quality).image(WIDE_HD)).isEqualByComparingTo("0.08");
        assertThat(rates("0.04", both).image(new ImageKind("1792x1024", null)))
                .isEqualByComparingTo("0.04");
    }

    @Test
    void anImageThatNothingSaysAnythingOfCostsTheUsualElseTheDearest() {
        assertThat(rates("0.04", rate(null, "hd", "0.08")).image(ImageKind.UNKNOWN))
                .isEqualByComparingTo("0.04");
        assertThat(rates(null, rate("a", null, "0.01"), rate("b", null, "0.02")).image(WIDE_HD))
                .isEqualByComparingTo("0.02");
        assertThat(rates(null).image(WIDE_HD)).isNull();
        assertThat(rates("0.04", rate(null, "hd", "0.08")).dearestImage())
                .isEqualByComparingTo("0.08");
    }

    @Test
    void aPriceOfImagesNamesWhichAndIsNotNegative() {
        assertThatThrownBy(() -> rate(null, null, "0.01")).hasMessageContaining("size");
        assertThatThrownBy(() -> rate("a", null, "-0.01"))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
