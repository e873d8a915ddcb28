package dev.sluice.proxy.state;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.catalog.ApiKey;
import dev.sluice.proxy.FakeTicker;
import dev.sluice.proxy.Fixtures;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class KeptAnswersTest {
    private final FakeTicker ticker = new FakeTicker();
    private final KeptAnswers answers = new KeptAnswers(20_000, ticker);
    private final ApiKey key = Fixtures.apiKey();

    private static byte[] utf8(String text) {
        return text.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
    }

    private void keep(String id, String text) {
        answers.keep(
                key,
                utf8("{'input':'asked'}"),
                utf8("{'id':'%s','output':[{'id':'msg_%s','text':'%s'}]}".formatted(id, id, text)));
    }

    private String putBack(String id) {
        byte[] request = utf8("{'previous_response_id':'" + id + "','input':'now'}");
        return new String(answers.putBack(key, request), StandardCharsets.UTF_8);
    }

    @Test
    void whatIsKeptIsForgottenAfterAnHour() {
        keep("resp_1", "said");
        ticker.advance(Duration.ofMinutes(59));
        assertThat(putBack("resp_1")).contains("asked", "said", "now");

        ticker.advance(Duration.ofMinutes(2));
        assertThat(putBack("resp_1")).contains("previous_response_id").doesNotContain("asked");
    }

    @Test
    void itTakesNoMoreRoomThanItMay() {
        int kept = 0;
        for (int i = 0; i < 100; i++) {
            keep("resp_" + i, "x".repeat(1_000));
        }
        for (int i = 0; i < 100; i++) {
            kept += putBack("resp_" + i).contains("asked") ? 1 : 0;
        }
        assertThat(kept).isBetween(1, 20);
    }

    @Test
    void theEndOfAStreamIsKeptToo() {
        answers.keep(
                key,
                utf8("{'input':'asked'}"),
                utf8(
                        "event: response.output_item.done\ndata: {}\n\n"
                                + "event: response.completed\ndata: {'type':'response.completed',"
                                + "'response':{'id':'resp_1','output':[{'id':'m','text':'said'}]}}\n\n"));

        assertThat(putBack("resp_1")).contains("asked", "said");
    }
}
