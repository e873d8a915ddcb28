package dev.sluice.admin.log;

import dev.sluice.admin.AdminJson;
import dev.sluice.chat.Protocol;
import dev.sluice.chat.Usage;
import dev.sluice.proxy.account.Fault;
import dev.sluice.proxy.account.RequestRecord;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A row of {@code request_logs}: a {@link RequestRecord} laid flat. Texts that come from outside
 * are cut to a length, so that no row is refused for being long; attempts and warnings are JSON.
 */
public record LogRow(
        UUID id,
        Instant startedAt,
        @Nullable UUID apiKeyId,
        @Nullable String keyPrefix,
        @Nullable String sourceLabel,
        @Nullable UUID userId,
        @Nullable UUID organizationId,
        @Nullable String session,
        String clientAddress,
        @Nullable String userAgent,
        String method,
        String path,
        @Nullable String protocol,
        @Nullable String model,
        boolean stream,
        @Nullable UUID upstreamId,
        @Nullable String upstreamName,
        @Nullable String servedModel,
        @Nullable String servedProtocol,
        @Nullable String targetUrl,
        @Nullable String routeTrail,
        String ending,
        int statusCode,
        @Nullable String fault,
        @Nullable String errorCode,
        @Nullable String errorMessage,
        @Nullable Long firstTokenMicros,
        long durationMicros,
        String usageOrigin,
        long inputTokens,
        long cacheReadTokens,
        long cacheWriteTokens,
        long cacheWriteLongTokens,
        long outputTokens,
        long reasoningTokens,
        long audioTokens,
        @Nullable BigDecimal inputPrice,
        @Nullable BigDecimal cachedInputPrice,
        @Nullable BigDecimal cacheWritePrice,
        @Nullable BigDecimal outputPrice,
        @Nullable BigDecimal requestPrice,
        @Nullable String currency,
        @Nullable Long costNanos,
        long requestBytes,
        long responseBytes,
        long chunks,
        String attempts,
        String warnings,
        long images,
        long audioMillis,
        @Nullable BigDecimal cacheWriteLongPrice,
        @Nullable BigDecimal reasoningPrice,
        @Nullable BigDecimal imagePrice,
        @Nullable BigDecimal secondPrice,
        long characters,
        @Nullable String imageSize,
        @Nullable String imageQuality,
        @Nullable BigDecimal characterPrice) {
    /** What an index entry may hold; model names are indexed. */
    private static final int WORD = 255;

    private static final int LINE = 2_048;

    static LogRow of(RequestRecord record) {
        RequestRecord.Asker asker = record.asker();
        RequestRecord.Asked asked = record.asked();
        RequestRecord.Served served = record.served();
        RequestRecord.Outcome outcome = record.outcome();
        RequestRecord.Cost cost = record.cost();
        Usage usage = record.usage();
        return new LogRow(
                record.id(),
                record.startedAt(),
                asker.keyId(),
                cut(asker.keyPrefix(), WORD),
                cut(asker.sourceLabel(), WORD),
                asker.userId(),
                asker.organizationId(),
                cut(asker.session(), WORD),
                required(asker.clientAddress(), WORD),
                cut(asker.userAgent(), LINE),
                required(asked.method(), WORD),
                required(asked.path(), LINE),
                wireName(asked.protocol()),
                cut(asked.model(), WORD),
                asked.stream(),
                served.upstreamId(),
                cut(served.upstream(), WORD),
                cut(served.model(), WORD),
                wireName(served.protocol()),
                cut(served.targetUrl(), LINE),
                cut(served.routeTrail(), LINE),
                outcome.ending().wireName(),
                outcome.status(),
                wireName(outcome.fault()),
                cut(outcome.errorCode(), WORD),
                cut(outcome.errorText(), LINE),
                record.timing().firstTokenMicros(),
                record.timing().durationMicros(),
                usage.origin().name().toLowerCase(Locale.ROOT),
                usage.inputTotal(),
                usage.cacheRead(),
                usage.cacheWrite(),
                usage.cacheWriteLong(),
                usage.outputTotal(),
                usage.reasoning(),
                usage.audio(),
                cost.inputPrice(),
                cost.cachedInputPrice(),
                cost.cacheWritePrice(),
                cost.outputPrice(),
                cost.requestPrice(),
                cost.currency(),
                cost.nanos(),
                record.traffic().requestBytes(),
                record.traffic().responseBytes(),
                record.traffic().chunks(),
                withoutNul(AdminJson.text(record.attempts())),
                withoutNul(AdminJson.text(record.warnings())),
                usage.units().images(),
                usage.units().audioMillis(),
                cost.cacheWriteLongPrice(),
                cost.reasoningPrice(),
                cost.imagePrice(),
                cost.secondPrice(),
                usage.units().characters(),
                cut(usage.units().imageKind().size(), WORD),
                cut(usage.units().imageKind().quality(), WORD),
                cost.characterPrice());
    }

    private static @Nullable String wireName(@Nullable Protocol protocol) {
        return protocol == null ? null : protocol.wireName();
    }

    private static @Nullable String wireName(@Nullable Fault fault) {
        return fault == null ? null : fault.wireName();
    }

    private static @Nullable String cut(@Nullable String text, int length) {
        return text == null ? null : required(text, length);
    }

    private static String required(String text, int length) {
        if (text.length() <= length) {
            return withoutNul(text);
        }
        // Never through the middle of a pair of surrogates.
        int end = Character.isHighSurrogate(text.charAt(length - 1)) ? length - 1 : length;
        return withoutNul(text.substring(0, end));
    }

    /** PostgreSQL's text cannot hold the character U+0000. */
    private static String withoutNul(String text) {
        return text.indexOf('\0') < 0 ? text : text.replace('\0', '\ufffd');
    }
}
