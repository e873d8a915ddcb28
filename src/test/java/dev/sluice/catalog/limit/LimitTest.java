package dev.sluice.catalog.limit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LimitTest {

    @ParameterizedTest
    @ValueSource(longs = {-1, Long.MIN_VALUE, 1L << 53, Long.MAX_VALUE})
    void anAmountOutOfReasonIsRefused(long amount) {
        for (Measure measure : List.of(Measure.REQUESTS, Measure.TOKENS)) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Limit.budget(measure, Period.DAY, amount))
                    .withMessageContaining(measure.wireName());
        }
    }

    @Test
    void moneyIsNotLimitedPerMinuteAndConcurrencyHasNoPeriod() {
        assertThatIllegalArgumentException().isThrownBy(() -> Limit.perMinute(Measure.MONEY, 1));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Limit.budget(Measure.CONCURRENCY, Period.DAY, 1));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Limit(Measure.TOKENS, null, 1, ZoneOffset.UTC));
    }

    @Test
    void twoLimitsThatCountTheSameAreRefused() {
        Limit one = Limit.budget(Measure.TOKENS, Period.DAY, 1);
        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        Limit.distinct(List.of(one, Limit.budget(Measure.TOKENS, Period.DAY, 2))))
                .withMessageContaining("tokens per day");
        assertThat(Limit.distinct(List.of(one, Limit.perMinute(Measure.TOKENS, 5)))).hasSize(2);
    }
}
