package dev.sluice.admin.log;

import dev.sluice.store.BulkInsert;
import dev.sluice.store.BulkInsert.Column;
import java.util.List;

/** Into which column of {@code request_logs} each part of a row goes. */
final class LogColumns {
    static final BulkInsert<LogRow> INSERT =
            new BulkInsert<>(
                    "request_logs",
                    "id",
                    List.of(
                            Column.uuid("id", LogRow::id),
                            Column.instant("started_at", LogRow::startedAt),
                            Column.uuid("api_key_id", LogRow::apiKeyId),
                            Column.text("key_prefix", LogRow::keyPrefix),
                            Column.text("source_label", LogRow::sourceLabel),
                            Column.uuid("user_id", LogRow::userId),
                            Column.uuid("organization_id", LogRow::organizationId),
                            Column.text("session", LogRow::session),
                            Column.text("client_address", LogRow::clientAddress),
                            Column.text("user_agent", LogRow::userAgent),
                            Column.text("method", LogRow::method),
                            Column.text("path", LogRow::path),
                            Column.text("protocol", LogRow::protocol),
                            Column.text("model", LogRow::model),
                            Column.flag("stream", LogRow::stream),
                            Column.uuid("upstream_id", LogRow::upstreamId),
                            Column.text("upstream_name", LogRow::upstreamName),
                            Column.text("served_model", LogRow::servedModel),
                            Column.text("served_protocol", LogRow::servedProtocol),
                            Column.text("target_url", LogRow::targetUrl),
                            Column.text("route_trail", LogRow::routeTrail),
                            Column.text("ending", LogRow::ending),
                            Column.number("status_code", LogRow::statusCode),
                            Column.text("fault", LogRow::fault),
                            Column.text("error_code", LogRow::errorCode),
                            Column.text("error_message", LogRow::errorMessage),
                            Column.numberIfAny("first_token_micros", LogRow::firstTokenMicros),
                            Column.number("duration_micros", LogRow::durationMicros),
                            Column.text("usage_origin", LogRow::usageOrigin),
                            Column.number("input_tokens", LogRow::inputTokens),
                            Column.number("cache_read_tokens", LogRow::cacheReadTokens),
                            Column.number("cache_write_tokens", LogRow::cacheWriteTokens),
                            Column.number("cache_write_long_tokens", LogRow::cacheWriteLongTokens),
                            Column.number("output_tokens", LogRow::outputTokens),
                            Column.number("reasoning_tokens", LogRow::reasoningTokens),
                            Column.number("audio_tokens", LogRow::audioTokens),
                            Column.decimal("input_price", LogRow::inputPrice),
                            Column.decimal("cached_input_price", LogRow::cachedInputPrice),
                            Column.decimal("cache_write_price", LogRow::cacheWritePrice),
                            Column.decimal("output_price", LogRow::outputPrice),
                            Column.decimal("request_price", LogRow::requestPrice),
                            Column.text("currency", LogRow::currency),
                            Column.numberIfAny("cost_nanos", LogRow::costNanos),
                            Column.number("request_bytes", LogRow::requestBytes),
                            Column.number("response_bytes", LogRow::responseBytes),
                            Column.number("chunks", LogRow::chunks),
                            Column.text("attempts", LogRow::attempts),
                            Column.text("warnings", LogRow::warnings),
                            Column.number("images", LogRow::images),
                            Column.number("audio_millis", LogRow::audioMillis),
                            Column.decimal("cache_write_long_price", LogRow::cacheWriteLongPrice),
                            Column.decimal("reasoning_price", LogRow::reasoningPrice),
                            Column.decimal("image_price", LogRow::imagePrice),
                            Column.decimal("second_price", LogRow::secondPrice),
                            Column.number("characters", LogRow::characters),
                            Column.text("image_size", LogRow::imageSize),
                            Column.text("image_quality", LogRow::imageQuality),
                            Column.decimal("character_price", LogRow::characterPrice)));

    private LogColumns() {}
}
