package dev.sluice.admin.log;

import dev.sluice.admin.Actor;
import dev.sluice.admin.AdminJson;
import java.math.BigDecimal;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** A record as people see it. */
final class LogView {
    private LogView() {}

    /** {@return the record as it stands in a list} */
    static ObjectNode brief(LogRow row, Actor actor) {
        ObjectNode view = brief(row);
        if (!actor.isGatewayWide()) {
            // Where the operator's upstreams are is nobody else's business.
            view.putNull("target_url").putNull("route_trail");
        }
        return view;
    }

    private static ObjectNode brief(LogRow row) {
        ObjectNode view =
                AdminJson.object()
                        .put("id", row.id().toString())
                        .put("created_at", row.startedAt().toString());
        putAsker(view, row);
        putRequest(view, row);
        putOutcome(view, row);
        putTokens(view, row);
        putCost(view, row);
        view.put("request_bytes", row.requestBytes())
                .put("response_bytes", row.responseBytes())
                .put("chunks", row.chunks())
                .put("attempt_count", AdminJson.tree(row.attempts()).size());
        view.set("warnings", AdminJson.tree(row.warnings()));
        return view;
    }

    /** {@return the record with its attempts, for who sees the whole gateway} */
    static ObjectNode whole(LogRow row, Actor actor) {
        ObjectNode view = brief(row, actor);
        if (!actor.isGatewayWide()) {
            return view;
        }
        JsonNode attempts = AdminJson.tree(row.attempts());
        view.set("attempts", attempts);
        return view;
    }

    private static void putAsker(ObjectNode view, LogRow row) {
        view.put("api_key_id", text(row.apiKeyId()))
                .put("key_prefix", row.keyPrefix())
                .put("source_label", row.sourceLabel())
                .put("user_id", text(row.userId()))
                .put("organization_id", text(row.organizationId()))
                .put("session", row.session())
                .put("client_address", row.clientAddress())
                .put("user_agent", row.userAgent());
    }

    private static void putRequest(ObjectNode view, LogRow row) {
        view.put("method", row.method())
                .put("path", row.path())
                .put("protocol", row.protocol())
                .put("model", row.model())
                .put("stream", row.stream())
                .put("upstream_id", text(row.upstreamId()))
                .put("upstream_name", row.upstreamName())
                .put("served_model", row.servedModel())
                .put("served_protocol", row.servedProtocol())
                .put("target_url", row.targetUrl())
                .put("route_trail", row.routeTrail());
    }

    private static void putOutcome(ObjectNode view, LogRow row) {
        Long firstToken = row.firstTokenMicros();
        view.put("ending", row.ending())
                .put("status_code", row.statusCode())
                .put("fault", row.fault())
                .put("error_code", row.errorCode())
                .put("error_message", row.errorMessage())
                .put("first_token_ms", firstToken == null ? null : millis(firstToken))
                .put("duration_ms", millis(row.durationMicros()))
                .put("first_token_micros", firstToken)
                .put("duration_micros", row.durationMicros());
    }

    private static void putTokens(ObjectNode view, LogRow row) {
        view.put("prompt_tokens", row.inputTokens())
                .put("completion_tokens", row.outputTokens())
                .put("total_tokens", row.inputTokens() + row.outputTokens());
        view.putObject("usage")
                .put("origin", row.usageOrigin())
                .put("input_tokens", row.inputTokens())
                .put("cache_read_tokens", row.cacheReadTokens())
                .put("cache_write_tokens", row.cacheWriteTokens())
                .put("cache_write_long_tokens", row.cacheWriteLongTokens())
                .put("output_tokens", row.outputTokens())
                .put("reasoning_tokens", row.reasoningTokens())
                .put("audio_tokens", row.audioTokens())
                .put("images", row.images())
                .put("image_size", row.imageSize())
                .put("image_quality", row.imageQuality())
                .put("audio_seconds", BigDecimal.valueOf(row.audioMillis(), 3))
                .put("characters", row.characters());
    }

    private static void putCost(ObjectNode view, LogRow row) {
        if (row.costNanos() == null) {
            view.putNull("cost");
            return;
        }
        view.putObject("cost")
                .put("nanos", row.costNanos())
                .put("currency", row.currency())
                .put("input_price", text(row.inputPrice()))
                .put("cached_input_price", text(row.cachedInputPrice()))
                .put("cache_write_price", text(row.cacheWritePrice()))
                .put("output_price", text(row.outputPrice()))
                .put("request_price", text(row.requestPrice()))
                .put("cache_write_long_price", text(row.cacheWriteLongPrice()))
                .put("reasoning_price", text(row.reasoningPrice()))
                .put("image_price", text(row.imagePrice()))
                .put("second_price", text(row.secondPrice()))
                .put("character_price", text(row.characterPrice()));
    }

    private static long millis(long micros) {
        return Math.round(micros / 1_000.0);
    }

    private static @Nullable String text(@Nullable UUID id) {
        return id == null ? null : id.toString();
    }

    private static @Nullable String text(@Nullable BigDecimal price) {
        return price == null ? null : price.toPlainString();
    }
}
