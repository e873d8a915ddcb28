package dev.sluice.proxy.tokens;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class TokenizerTest {
    private static final Tokenizer TOKENIZER = new Tokenizer(Runnable::run);

    @BeforeAll
    static void prepare() {
        TOKENIZER.prepare();
    }

    @ParameterizedTest
    @CsvSource({
        "hello world, 2",
        "'The quick brown fox jumps over the lazy dog.', 10",
        "<|endoftext|>, 7",
        "'', 0"
    })
    void shortTextIsCountedExactlyAndNoTextIsSpecial(String text, long tokens) {
        assertThat(TOKENIZER.count(text, 8_192)).isEqualTo(tokens);
    }

    static List<String> monsters() {
        return List.of(
                "a".repeat(1_000_000),
                "A".repeat(1_000_000),
                " ".repeat(1_000_000) + "x",
                "\n".repeat(1_000_000) + "x",
                "1".repeat(1_000_000),
                "!?".repeat(500_000),
                "a\u0301".repeat(500_000),
                "\ud83d\ude00".repeat(500_000),
                "\ud83d".repeat(1_000_000),
                "漢字仮名".repeat(250_000));
    }

    @ParameterizedTest
    @MethodSource("monsters")
    void noTextTakesLong(String monster) {
        TOKENIZER.count(monster, 8_192);
        long began = System.nanoTime();

        long tokens = TOKENIZER.count(monster, 8_192);

        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(1));
        assertThat(tokens).isBetween(1L, 2L * monster.length());
    }

    @Test
    void longTextIsEstimatedFromPiecesOfIt() {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 4_000; i++) {
            text.append("Paragraph ")
                    .append(i)
                    .append(" speaks of reserves, budgets and ledgers.\n");
        }

        long all = TOKENIZER.count(text.toString(), Integer.MAX_VALUE);
        long some = TOKENIZER.count(text.toString(), 8_192);

        assertThat((double) some / all).isBetween(0.95, 1.05);
    }

    @Test
    void untilTheVocabularyIsReadFourBytesAreAToken() {
        List<Runnable> asked = new ArrayList<>();
        Tokenizer fresh = new Tokenizer(asked::add);

        assertThat(fresh.count("abcdefgh", 100)).isEqualTo(2);
        assertThat(fresh.count("äöüß", 100)).isEqualTo(2);
        assertThat(asked).hasSize(1);
        asked.getFirst().run();
        assertThat(fresh.count("hello world", 100)).isEqualTo(2);
    }
}
