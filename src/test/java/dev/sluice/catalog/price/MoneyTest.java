package dev.sluice.catalog.price;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MoneyTest {

    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "1, 1000000000",
        "0.000000001, 1",
        "12.5, 12500000000",
        "1.0000000000000, 1000000000",
        "9223372036.854775807, 9223372036854775807"
    })
    void anAmountIsExactInNanoUnits(BigDecimal amount, long nanos) {
        assertThat(Money.nanos(amount)).isEqualTo(nanos);
        assertThat(Money.amount(nanos)).isEqualByComparingTo(amount);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "-1",
                "-0.000000001",
                "1e308",
                "1e999999999",
                "1e-999999999",
                "0.0000000001",
                "9223372036.854775808",
                "18446744073709551616"
            })
    void whatIsNoAmountIsRefused(BigDecimal amount) {
        assertThatIllegalArgumentException().isThrownBy(() -> Money.nanos(amount));
    }

    @Test
    void anAmountIsShownWithAllItsDecimalsAndAtLeastTwo() {
        assertThat(Money.text(1_000_000_000L)).isEqualTo("1.00");
        assertThat(Money.text(1)).isEqualTo("0.000000001");
        assertThat(Money.text(0)).isEqualTo("0.00");
    }

    @Test
    void sumsAndProductsStopAtTheLargestNumber() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        BigInteger most = BigInteger.valueOf(Long.MAX_VALUE);
        for (int i = 0; i < 100_000; i++) {
            long a = random.nextLong(Long.MAX_VALUE) >>> random.nextInt(63);
            long b = random.nextLong(Long.MAX_VALUE) >>> random.nextInt(63);
            BigInteger left = BigInteger.valueOf(a);
            BigInteger right = BigInteger.valueOf(b);
            assertThat(Money.plus(a, b))
                    .as("%d + %d, seed %d", a, b, seed)
                    .isEqualTo(left.add(right).min(most).longValueExact());
            assertThat(Money.times(a, b))
                    .as("%d * %d, seed %d", a, b, seed)
                    .isEqualTo(left.multiply(right).min(most).longValueExact());
        }
    }
}
