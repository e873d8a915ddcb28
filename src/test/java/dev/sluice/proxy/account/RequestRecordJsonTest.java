package dev.sluice.proxy.account;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.chat.ImageKind;
import dev.sluice.chat.Protocol;
import dev.sluice.chat.Units;
import dev.sluice.chat.Usage;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RequestRecordJsonTest {

    @Test
    void anyRecordReadsAsItWasWritten() {
        for (long seed = 0; seed < 500; seed++) {
            RequestRecord record = new Sample(seed).record();
            assertThat(RequestRecordJson.record(RequestRecordJson.write(record)))
                    .as("seed %d", seed)
                    .isEqualTo(record);
        }
    }

    @Test
    void anyOpeningReadsAsItWasWritten() {
        for (long seed = 0; seed < 200; seed++) {
            Sample sample = new Sample(seed);
            Opening opening =
                    new Opening(
                            sample.record(),
                            List.of(
                                    new Opening.Reservation(
                                            "key", new UUID(seed, 1), "money", Long.MAX_VALUE),
                                    new Opening.Reservation(
                                            "organization", new UUID(seed, 2), "tokens", 0)));
            assertThat(RequestRecordJson.opening(RequestRecordJson.write(opening)))
                    .as("seed %d", seed)
                    .isEqualTo(opening);
        }
    }

    @Test
    void fieldsOfALaterVersionAreSkipped() {
        RequestRecord record = new Sample(1).record();
        String json = new String(RequestRecordJson.write(record), StandardCharsets.UTF_8);
        String later =
                json.replaceFirst(
                        "\\{\"v\":1,",
                        "{\"v\":2,\"later\":{\"deep\":[1,{\"x\":null}]},\"laterText\":\"y\",");

        assertThat(later).isNotEqualTo(json);
        assertThat(RequestRecordJson.record(later.getBytes(StandardCharsets.UTF_8)))
                .isEqualTo(record);
    }

    @Test
    void halfASurrogatePairIsReplacedAndAWholeOneKept() {
        RequestRecord record = asking("a\ud83d\ude00b\ud83dc\ude00");

        assertThat(RequestRecordJson.record(RequestRecordJson.write(record)).asked().model())
                .isEqualTo("a\ud83d\ude00b\ufffdc\ufffd");
    }

    @Test
    void controlCharactersNeverStandBareInAnEntry() {
        byte[] bytes = RequestRecordJson.write(asking("\0\1\n\r\u001f"));

        for (byte b : bytes) {
            assertThat(b < 0 || b >= 0x20).isTrue();
        }
    }

    @Test
    void whatIsNoRecordIsRefused() {
        for (String text : List.of("", "{", "[]", "{}", "null", "{\"id\":\"x\"}", "\0\0")) {
            assertThatThrownBy(
                            () -> RequestRecordJson.record(text.getBytes(StandardCharsets.UTF_8)))
                    .as("'%s'", text)
                    .isInstanceOf(RuntimeException.class);
        }
    }

    private static RequestRecord asking(String model) {
        RequestRecord any = new Sample(3).record();
        return new RequestRecord(
                any.id(),
                any.startedAt(),
                any.asker(),
                new RequestRecord.Asked("POST", "/v1/chat/completions", null, model, false),
                any.served(),
                any.outcome(),
                any.timing(),
                any.usage(),
                any.cost(),
                any.traffic(),
                any.attempts(),
                any.warnings());
    }

    /** Records of all shapes, by a seed. */
    private static final class Sample {
        private static final List<String> TEXTS =
                List.of(
                        "",
                        "gpt-4o",
                        "ünïcödé",
                        "\"quoted\" \\ \n\t",
                        "\ud83d\ude00",
                        "x".repeat(3000));
        private final Random random;

        Sample(long seed) {
            this.random = new Random(seed);
        }

        RequestRecord record() {
            return new RequestRecord(
                    new UUID(random.nextLong(), random.nextLong()),
                    Instant.ofEpochSecond(random.nextInt(), random.nextInt(1_000_000) * 1000L),
                    new RequestRecord.Asker(
                            id(), text(), text(), id(), id(), text(), sure(), text()),
                    new RequestRecord.Asked(
                            sure(), sure(), protocol(), text(), random.nextBoolean()),
                    new RequestRecord.Served(id(), text(), text(), protocol(), text(), text()),
                    new RequestRecord.Outcome(
                            one(Ending.values()),
                            random.nextInt(600),
                            random.nextBoolean() ? null : one(Fault.values()),
                            text(),
                            text()),
                    new RequestRecord.Timing(number(), random.nextLong()),
                    usage(),
                    new RequestRecord.Cost(
                            decimal(), decimal(), decimal(), decimal(), decimal(), text(), number(),
                            decimal(), decimal(), decimal(), decimal(), decimal()),
                    new RequestRecord.Traffic(
                            random.nextLong(), random.nextLong(), random.nextLong()),
                    random.nextBoolean() ? List.of() : List.of(attempt(), attempt()),
                    random.nextBoolean() ? List.of() : List.of(sure(), sure()));
        }

        private Usage usage() {
            return new Usage(
                    one(Usage.Origin.values()),
                    count(),
                    count(),
                    count(),
                    count(),
                    count(),
                    count(),
                    count(),
                    new Units(
                            count(),
                            count(),
                            count(),
                            random.nextBoolean()
                                    ? ImageKind.UNKNOWN
                                    : new ImageKind("1024x1024", "hd")));
        }

        private RequestRecord.AttemptRecord attempt() {
            return new RequestRecord.AttemptRecord(
                    id(),
                    sure(),
                    text(),
                    text(),
                    random.nextLong(),
                    random.nextLong(),
                    random.nextBoolean() ? null : random.nextInt(600),
                    sure(),
                    text());
        }

        private String sure() {
            return TEXTS.get(random.nextInt(TEXTS.size()));
        }

        private @Nullable String text() {
            return random.nextBoolean() ? null : sure();
        }

        private @Nullable UUID id() {
            return random.nextBoolean() ? null : new UUID(random.nextLong(), random.nextLong());
        }

        private @Nullable Protocol protocol() {
            return random.nextBoolean() ? null : one(Protocol.values());
        }

        private @Nullable Long number() {
            return random.nextBoolean() ? null : (Long) random.nextLong();
        }

        private long count() {
            return random.nextBoolean() ? 0 : random.nextLong(Usage.MOST);
        }

        private @Nullable BigDecimal decimal() {
            return random.nextBoolean()
                    ? null
                    : BigDecimal.valueOf(random.nextLong(), random.nextInt(20));
        }

        private <T> T one(T[] values) {
            return values[random.nextInt(values.length)];
        }
    }
}
