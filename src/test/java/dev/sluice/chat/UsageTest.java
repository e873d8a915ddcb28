package dev.sluice.chat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.chat.Usage.Origin;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UsageTest {

    @ParameterizedTest
    @ValueSource(longs = {Long.MIN_VALUE, -1, Usage.MOST + 1, 1L << 53, Long.MAX_VALUE})
    void aCountThatCannotBeTrueIsBoundedAndNoLongerTheProvidersWord(long count) {
        Usage usage = Usage.provider(count, 7);

        assertThat(usage.inputTotal()).isBetween(0L, Usage.MOST);
        assertThat(usage.outputTotal()).isEqualTo(7);
        assertThat(usage.origin()).isEqualTo(Origin.ESTIMATED);
        assertThat(usage.total()).isNotNegative();
    }

    @Test
    void whatCanBeTrueStaysTheProvidersWord() {
        assertThat(Usage.provider(Usage.MOST, 0).origin()).isEqualTo(Origin.PROVIDER);
    }

    @Test
    void aSumOfAttemptsStaysWithinReason() {
        Usage most = Usage.provider(Usage.MOST, Usage.MOST);

        Usage sum = most.plus(most);

        assertThat(sum.inputTotal()).isEqualTo(Usage.MOST);
        assertThat(sum.origin()).isEqualTo(Origin.ESTIMATED);
    }

    @Test
    void laterReportsReplaceTokensAndAddUnits() {
        Usage first = Usage.provider(10, 1).withUnits(Units.ofImages(1));
        Usage second = Usage.provider(0, 5).withUnits(Units.ofImages(1));

        assertThat(first.updatedBy(second))
                .isEqualTo(Usage.provider(10, 5).withUnits(Units.ofImages(2)));
    }

    @Test
    void unitsAreNeverNegativeNorBeyondReason() {
        assertThat(new Units(-1, Long.MAX_VALUE)).isEqualTo(new Units(0, Units.MOST));
    }
}
