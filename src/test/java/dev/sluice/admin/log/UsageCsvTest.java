package dev.sluice.admin.log;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.admin.log.UsageSums.Sum;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UsageCsvTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            nullValues = "null",
            value = {
                "gpt-5 | \"gpt-5\"",
                "null | ",
                "a\"b,c | \"a\"\"b,c\"",
                "=1+1 | \"'=1+1\"",
                "@SUM(A1) | \"'@SUM(A1)\"",
                "-x | \"'-x\""
            })
    void aNameIsTextWhateverItSays(@Nullable String name, @Nullable String cell) {
        String body =
                UsageCsv.response(List.of(new Sum(name, 2, 1, 30, 4, 1_500_000_000L, "USD")))
                        .body()
                        .toString();

        assertThat(body)
                .endsWith(
                        "\r\n"
                                + (cell == null ? "" : cell)
                                + ",2,1,30,4,34,1.500000000,\"USD\"\r\n");
    }
}
