package dev.sluice.proxy.account;

import dev.sluice.chat.Protocol;
import dev.sluice.chat.Usage;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What is remembered of one call of a known key: exactly one record a call. No bodies, no secrets,
 * no queries.
 *
 * @param id the request id
 * @param warnings what a translation dropped or changed, as short codes such as {@code
 *     dropped:seed}
 */
public record RequestRecord(
        UUID id,
        Instant startedAt,
        Asker asker,
        Asked asked,
        Served served,
        Outcome outcome,
        Timing timing,
        Usage usage,
        Cost cost,
        Traffic traffic,
        List<AttemptRecord> attempts,
        List<String> warnings) {

    public RequestRecord {
        attempts = List.copyOf(attempts);
        warnings = List.copyOf(warnings);
    }

    /** Who asked. */
    public record Asker(
            @Nullable UUID keyId,
            @Nullable String keyPrefix,
            @Nullable String sourceLabel,
            @Nullable UUID userId,
            @Nullable UUID organizationId,
            @Nullable String session,
            String clientAddress,
            @Nullable String userAgent) {}

    /**
     * What was asked.
     *
     * @param path as sent, without query
     * @param protocol the client's dialect; null where none applies (raw proxying, audio, …)
     */
    public record Asked(
            String method,
            String path,
            @Nullable Protocol protocol,
            @Nullable String model,
            boolean stream) {}

    /**
     * Who served it.
     *
     * @param targetUrl scheme, host, port and path of the last attempt, no query
     * @param routeTrail why these candidates in this order, compact
     */
    public record Served(
            @Nullable UUID upstreamId,
            @Nullable String upstream,
            @Nullable String model,
            @Nullable Protocol protocol,
            @Nullable String targetUrl,
            @Nullable String routeTrail) {
        public static final Served NOBODY = new Served(null, null, null, null, null, null);
    }

    /**
     * How it ended.
     *
     * @param status what the client got; 499 when it left before a status was sent
     * @param fault whose fault an ending other than {@code COMPLETED} is; null for none's
     */
    public record Outcome(
            Ending ending,
            int status,
            @Nullable Fault fault,
            @Nullable String errorCode,
            @Nullable String errorText) {}

    /** Durations in microseconds. */
    public record Timing(@Nullable Long firstTokenMicros, long durationMicros) {}

    /**
     * Prices and cost in the ledger currency; null while nothing prices the model.
     *
     * @param inputPrice per million tokens
     * @param requestPrice per call
     * @param nanos the cost in nano-units
     * @param imagePrice per image of the kind that was made
     * @param secondPrice per second of sound
     * @param characterPrice per million characters that are spoken
     */
    public record Cost(
            @Nullable BigDecimal inputPrice,
            @Nullable BigDecimal cachedInputPrice,
            @Nullable BigDecimal cacheWritePrice,
            @Nullable BigDecimal outputPrice,
            @Nullable BigDecimal requestPrice,
            @Nullable String currency,
            @Nullable Long nanos,
            @Nullable BigDecimal cacheWriteLongPrice,
            @Nullable BigDecimal reasoningPrice,
            @Nullable BigDecimal imagePrice,
            @Nullable BigDecimal secondPrice,
            @Nullable BigDecimal characterPrice) {
        public static final Cost UNPRICED = new Cost(null, null, null, null, null, null, null);

        /** The cost at a price that tells fewer kinds apart. */
        public Cost(
                @Nullable BigDecimal inputPrice,
                @Nullable BigDecimal cachedInputPrice,
                @Nullable BigDecimal cacheWritePrice,
                @Nullable BigDecimal outputPrice,
                @Nullable BigDecimal requestPrice,
                @Nullable String currency,
                @Nullable Long nanos) {
            this(
                    inputPrice,
                    cachedInputPrice,
                    cacheWritePrice,
                    outputPrice,
                    requestPrice,
                    currency,
                    nanos,
                    null,
                    null,
                    null,
                    null,
                    null);
        }

        /** {@return these prices with another cost: that of several attempts together} */
        public Cost withNanos(long sum) {
            return new Cost(
                    inputPrice,
                    cachedInputPrice,
                    cacheWritePrice,
                    outputPrice,
                    requestPrice,
                    currency,
                    sum,
                    cacheWriteLongPrice,
                    reasoningPrice,
                    imagePrice,
                    secondPrice,
                    characterPrice);
        }
    }

    /**
     * @param chunks events of a stream that went to the client
     */
    public record Traffic(long requestBytes, long responseBytes, long chunks) {}

    /**
     * One try against one candidate.
     *
     * @param startedMicros since the request's start
     * @param status the upstream's, or null if it gave none
     * @param outcome {@code answered}, or the class of its failure
     */
    public record AttemptRecord(
            @Nullable UUID upstreamId,
            String upstream,
            @Nullable String model,
            @Nullable String keyLabel,
            long startedMicros,
            long durationMicros,
            @Nullable Integer status,
            String outcome,
            @Nullable String errorText) {}
}
