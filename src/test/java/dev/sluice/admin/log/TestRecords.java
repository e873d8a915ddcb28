package dev.sluice.admin.log;

import dev.sluice.chat.ImageKind;
import dev.sluice.chat.Protocol;
import dev.sluice.chat.Units;
import dev.sluice.chat.Usage;
import dev.sluice.proxy.account.Ending;
import dev.sluice.proxy.account.Fault;
import dev.sluice.proxy.account.RequestRecord;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Request records with every field filled. */
final class TestRecords {
    static final UUID UPSTREAM = UUID.fromString("00000000-0000-7000-8000-0000000000aa");

    private TestRecords() {}

    static RequestRecord completed(Instant startedAt, @Nullable UUID keyId, String model) {
        return record(UUID.randomUUID(), startedAt, keyId, model, Ending.COMPLETED, 200);
    }

    static RequestRecord record(
            UUID id,
            Instant startedAt,
            @Nullable UUID keyId,
            String model,
            Ending ending,
            int status) {
        return new RequestRecord(
                id,
                startedAt,
                new RequestRecord.Asker(
                        keyId, "sk-auto-abcd", "app", null, null, "s-1", "127.0.0.1", "test/1"),
                new RequestRecord.Asked(
                        "POST", "/v1/chat/completions", Protocol.OPENAI_CHAT, model, true),
                new RequestRecord.Served(
                        UPSTREAM,
                        "main",
                        model,
                        Protocol.OPENAI_CHAT,
                        "http://127.0.0.1/v1/chat/completions",
                        "only"),
                new RequestRecord.Outcome(
                        ending,
                        status,
                        ending == Ending.COMPLETED ? null : Fault.UPSTREAM,
                        ending == Ending.COMPLETED ? null : "upstream_failed",
                        ending == Ending.COMPLETED ? null : "it broke"),
                new RequestRecord.Timing(1_500L, 20_499L),
                new Usage(
                        Usage.Origin.PROVIDER,
                        10,
                        4,
                        1,
                        0,
                        20,
                        5,
                        0,
                        new Units(2, 1_500, 77, new ImageKind("1024x1024", "hd"))),
                new RequestRecord.Cost(
                        new BigDecimal("0.15"),
                        null,
                        null,
                        new BigDecimal("0.6"),
                        null,
                        "USD",
                        13_500L,
                        null,
                        new BigDecimal("0.7"),
                        new BigDecimal("0.04"),
                        new BigDecimal("0.0001"),
                        new BigDecimal("15")),
                new RequestRecord.Traffic(100, 200, 7),
                List.of(
                        new RequestRecord.AttemptRecord(
                                UPSTREAM,
                                "main",
                                model,
                                "1",
                                10,
                                20_000,
                                status,
                                "answered",
                                null)),
                List.of("dropped:seed"));
    }
}
