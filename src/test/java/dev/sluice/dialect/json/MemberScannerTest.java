package dev.sluice.dialect.json;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MemberScannerTest {
    private static final Set<String> WANTED = Set.of("usage", "model");

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\'',
            value = {
                "{\"usage\":{\"a\":[1,{\"b\":2}]},\"x\":1} | {\"usage\":{\"a\":[1,{\"b\":2}]}}",
                "{\"x\":{\"usage\":1},\"model\":\"m\"}     | {\"model\":\"m\"}",
                "{\"x\":[{\"usage\":1}],\"usage\":null}    | {\"usage\":null}",
                "{\"x\":\"}, \\\"usage\\\":1\",\"usage\":2}| {\"usage\":2}",
                "{\"x\":\"\\\\\",\"usage\": 2 }            | {\"usage\": 2 }",
                "' \n {\"usage\" : 1 , \"model\" : \"a,b}\"}' | {\"usage\": 1 ,\"model\": \"a,b}\"}",
                "[{\"usage\":1}]                           | {}",
                "\"usage\"                                 | {}",
                "RIFF{\"usage\":1}                         | {}",
                "{}                                        | {}",
                "{\"usage\":1} {\"usage\":2}               | {\"usage\":1}",
                "{\"usage\":1                              | {}"
            })
    void itKeepsTheObjectsOwnMembers(String json, String kept) {
        assertThat(scanned(json.getBytes(StandardCharsets.UTF_8), null)).isEqualTo(kept);
    }

    @Test
    void howTheBytesArriveChangesNothing() {
        byte[] json =
                "{\"data\":[\"\\\"usage\\\":\",{\"usage\":9}],\"model\":\"é\\\"\",\"usage\":{\"t\":[1,2]}}"
                        .getBytes(StandardCharsets.UTF_8);
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int round = 0; round < 500; round++) {
            assertThat(scanned(json, random))
                    .as("seed %d", seed)
                    .isEqualTo("{\"model\":\"é\\\"\",\"usage\":{\"t\":[1,2]}}");
        }
    }

    @Test
    void aValueTooLargeToKeepIsLeftOut() {
        String json = "{\"usage\":\"" + "x".repeat(20_000) + "\",\"model\":\"m\"}";

        assertThat(scanned(json.getBytes(StandardCharsets.UTF_8), null))
                .isEqualTo("{\"model\":\"m\"}");
    }

    private static String scanned(byte[] json, @Nullable Random random) {
        MemberScanner scanner = new MemberScanner(WANTED);
        for (int at = 0; at < json.length; ) {
            int next =
                    random == null
                            ? json.length
                            : Math.min(json.length, at + 1 + random.nextInt(9));
            scanner.read(Arrays.copyOfRange(json, at, next));
            at = next;
        }
        return new String(scanner.found(), StandardCharsets.UTF_8);
    }
}
