package dev.sluice.proxy.call;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.chat.Usage;
import dev.sluice.dialect.peek.AnswerPeek;
import dev.sluice.proxy.tokens.TokenEstimator;
import dev.sluice.proxy.tokens.Tokenizer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class UsageEstimateTest {
    private static final byte[] BODY =
            "{\"choices\":[{\"message\":{\"content\":\"some words\"}}]}"
                    .getBytes(StandardCharsets.UTF_8);

    /** What asks for the vocabulary: whoever counts. */
    private final List<Runnable> counted = new ArrayList<>();

    private final UsageEstimate estimate =
            UsageEstimate.ofBytes(400, new TokenEstimator(new Tokenizer(counted::add)));

    @Test
    void noWordIsCountedOfAnAnswerThatReportsItsUsage() {
        Usage reported = new Usage(Usage.Origin.PROVIDER, 10, 0, 0, 0, 20, 0, 0);

        assertThat(estimate.ofAnswer(new AnswerPeek(reported, "m", null, 10), BODY))
                .isEqualTo(reported);
        assertThat(counted).isEmpty();
    }

    @Test
    void theWordsOfAnAnswerThatReportsNoneAreCounted() {
        Usage used = estimate.ofAnswer(new AnswerPeek(null, "m", null, 10), BODY);

        assertThat(used.origin()).isEqualTo(Usage.Origin.ESTIMATED);
        assertThat(used.inputTotal()).isEqualTo(100);
        assertThat(used.outputTotal()).isPositive();
        assertThat(counted).hasSize(1);
    }
}
