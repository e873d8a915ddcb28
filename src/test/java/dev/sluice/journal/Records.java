package dev.sluice.journal;

import dev.sluice.chat.Protocol;
import dev.sluice.chat.Usage;
import dev.sluice.proxy.account.Ending;
import dev.sluice.proxy.account.Fault;
import dev.sluice.proxy.account.Opening;
import dev.sluice.proxy.account.RequestRecord;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Samples of what a journal holds. */
final class Records {
    private Records() {}

    static RequestRecord completed(UUID id) {
        return record(id, Ending.COMPLETED, null);
    }

    static Opening opening(UUID id) {
        return new Opening(
                record(id, Ending.INTERRUPTED, Fault.GATEWAY),
                List.of(new Opening.Reservation("key", UUID.randomUUID(), "tokens", 1234)));
    }

    private static RequestRecord record(UUID id, Ending ending, @Nullable Fault fault) {
        UUID upstream = UUID.randomUUID();
        return new RequestRecord(
                id,
                Instant.parse("2026-03-04T05:06:07.123456Z"),
                new RequestRecord.Asker(
                        UUID.randomUUID(),
                        "sk-auto-abcd",
                        "tests",
                        null,
                        null,
                        "s-1",
                        "::1",
                        "curl"),
                new RequestRecord.Asked(
                        "POST", "/v1/chat/completions", Protocol.OPENAI_CHAT, "sim-1", true),
                new RequestRecord.Served(
                        upstream,
                        "simulator",
                        "sim-1",
                        Protocol.OPENAI_CHAT,
                        "http://127.0.0.1/v1/chat/completions",
                        "simulator=exact"),
                new RequestRecord.Outcome(ending, 200, fault, null, fault == null ? null : "cut"),
                new RequestRecord.Timing(1500L, 90_000),
                new Usage(Usage.Origin.PROVIDER, 100, 40, 5, 2, 60, 20, 1),
                new RequestRecord.Cost(
                        new BigDecimal("0.15"),
                        null,
                        null,
                        new BigDecimal("0.60"),
                        null,
                        "USD",
                        51L),
                new RequestRecord.Traffic(2048, 4096, 17),
                List.of(
                        new RequestRecord.AttemptRecord(
                                upstream,
                                "simulator",
                                "sim-1",
                                "a",
                                10,
                                800,
                                429,
                                "limited",
                                "wait"),
                        new RequestRecord.AttemptRecord(
                                upstream,
                                "simulator",
                                "sim-1",
                                "b",
                                900,
                                400,
                                200,
                                "answered",
                                null)),
                List.of("dropped:seed"));
    }
}
