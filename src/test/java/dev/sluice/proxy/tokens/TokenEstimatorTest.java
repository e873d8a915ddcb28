package dev.sluice.proxy.tokens;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TokenEstimatorTest {
    private static final String PROSE =
            "A budget is reserved before a call and settled after it, on every path and exactly once. ";
    private static final Tokenizer TOKENIZER = new Tokenizer(Runnable::run);
    private static final TokenEstimator ESTIMATOR = new TokenEstimator(TOKENIZER);

    @BeforeAll
    static void prepare() {
        TOKENIZER.prepare();
    }

    @ParameterizedTest
    @CsvSource({
        "gpt-5-mini,               100",
        "openai/o4-mini,           100",
        "claude-sonnet-4-5,        120",
        "gemini-2.5-flash,         110",
        "mistralai/mistral-large,  110",
        ",                         100"
    })
    void otherVendorsMakeMoreTokensOfTheSameText(String model, long percent) {
        long plain = TOKENIZER.count(PROSE, 8_192);

        assertThat(ESTIMATOR.quick(PROSE, model)).isEqualTo(plain * percent / 100);
        assertThat(ESTIMATOR.thorough(PROSE, model)).isEqualTo(plain * percent / 100);
    }

    @Test
    void theWordsOfARequestAreItsTextsAndNotWhatTheyAreCalled() {
        JsonTexts.Words words =
                JsonTexts.ofAnswer(
                        bytes(
                                """
                                {"id":"chatcmpl-1","model":"gpt-5","choices":[{"message":{
                                 "role":"assistant","content":"Hello there","reasoning":"Hm."}}]}
                                """));

        assertThat(words.text()).isEqualTo("Hello thereHm.");
        assertThat(words.whole(7)).isEqualTo(7);
    }

    @Test
    void encodedMediaAreNoWords() {
        byte[] noise = new byte[300_000];
        new Random(1).nextBytes(noise);
        String image = Base64.getEncoder().encodeToString(noise);
        String small =
                """
                {"messages":[{"content":[{"text":"See"},{"image_url":{"url":"data:%s"}}]}]}
                """
                        .formatted(image.substring(0, 4_000));
        String large =
                """
                {"messages":[{"content":[{"text":"%s"},{"image_url":{"url":"data:%s"}}]}]}
                """
                        .formatted(PROSE.repeat(500), image);

        assertThat(JsonTexts.ofAnswer(bytes(small)).text()).isEqualTo("See");
        assertThat(tokens(large)).isBetween(prose(500) * 7 / 10, prose(500) * 13 / 10);
    }

    @Test
    void aLongRunOfOneLetterIsText() {
        assertThat(tokens("{\"content\":\"" + "a".repeat(100_000) + "\"}")).isGreaterThan(5_000);
    }

    @Test
    void largeJsonIsEstimatedFromPlacesAllOverIt() {
        String large = "{\"content\":\"" + PROSE.repeat(2_000) + "\"}";

        assertThat((double) tokens(large) / prose(2_000)).isBetween(0.9, 1.1);
    }

    @Test
    void brokenJsonIsReadAsFarAsItGoes() {
        assertThat(JsonTexts.ofRequest(bytes("{\"content\":\"so far\",")).text())
                .contains("so far");
        assertThat(JsonTexts.ofRequest(new byte[0]).whole(0)).isZero();
    }

    @Test
    void aStreamIsEstimatedFromItsBeginning() {
        OutputSample sample = new OutputSample();
        String[] words = PROSE.repeat(50).split("(?= )", -1);
        for (String word : words) {
            sample.event(
                    bytes("{\"choices\":[{\"delta\":{\"content\":\"" + word + "\"}}]}"),
                    word.length());
        }

        assertThat((double) sample.tokens(ESTIMATOR, "gpt-5") / prose(50)).isBetween(0.85, 1.15);
    }

    @Test
    void translatedTextIsEstimatedLikewise() {
        OutputSample sample = new OutputSample();
        for (String word : PROSE.repeat(50).split("(?= )", -1)) {
            sample.text(word);
        }

        assertThat((double) sample.tokens(ESTIMATOR, "gpt-5") / prose(50)).isBetween(0.85, 1.15);
    }

    private static long prose(int times) {
        return TOKENIZER.count(PROSE, 8_192) * times;
    }

    private static long tokens(String json) {
        JsonTexts.Words words = JsonTexts.ofRequest(bytes(json));
        return words.whole(ESTIMATOR.quick(words.text(), "gpt-5"));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
