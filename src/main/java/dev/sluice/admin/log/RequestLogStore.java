package dev.sluice.admin.log;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.sqlobject.config.RegisterConstructorMapper;
import org.jdbi.v3.sqlobject.customizer.BindMethods;
import org.jdbi.v3.sqlobject.statement.SqlBatch;
import org.jdbi.v3.sqlobject.statement.SqlQuery;
import org.jdbi.v3.sqlobject.statement.SqlUpdate;

/** The SQL of request logs and of the position up to which they were imported. */
interface RequestLogStore {

    /** A row whose id is already there is left as it is. */
    @SqlBatch(
            """
            insert into request_logs (
                id, started_at, api_key_id, key_prefix, source_label, user_id, organization_id,
                session, client_address, user_agent, method, path, protocol, model, stream,
                upstream_id, upstream_name, served_model, served_protocol, target_url, route_trail,
                ending, status_code, fault, error_code, error_message, first_token_micros,
                duration_micros, usage_origin, input_tokens, cache_read_tokens, cache_write_tokens,
                cache_write_long_tokens, output_tokens, reasoning_tokens, audio_tokens, input_price,
                cached_input_price, cache_write_price, output_price, request_price, currency,
                cost_nanos, request_bytes, response_bytes, chunks, attempts, warnings,
                images, audio_millis, cache_write_long_price, reasoning_price, image_price,
                second_price)
            values (
                :id, :startedAt, :apiKeyId, :keyPrefix, :sourceLabel, :userId, :organizationId,
                :session, :clientAddress, :userAgent, :method, :path, :protocol, :model, :stream,
                :upstreamId, :upstreamName, :servedModel, :servedProtocol, :targetUrl, :routeTrail,
                :ending, :statusCode, :fault, :errorCode, :errorMessage, :firstTokenMicros,
                :durationMicros, :usageOrigin, :inputTokens, :cacheReadTokens, :cacheWriteTokens,
                :cacheWriteLongTokens, :outputTokens, :reasoningTokens, :audioTokens, :inputPrice,
                :cachedInputPrice, :cacheWritePrice, :outputPrice, :requestPrice, :currency,
                :costNanos, :requestBytes, :responseBytes, :chunks, :attempts, :warnings,
                :images, :audioMillis, :cacheWriteLongPrice, :reasoningPrice, :imagePrice,
                :secondPrice)
            on conflict (id) do nothing
            """)
    void insert(@BindMethods List<LogRow> rows);

    @SqlQuery("select * from request_logs where id = :id")
    @RegisterConstructorMapper(LogRow.class)
    Optional<LogRow> find(UUID id);

    /** Calls of one key: how many, and when the last of them began. */
    record KeyUse(UUID id, long count, Instant last) {
        KeyUse and(KeyUse other) {
            return new KeyUse(
                    id, count + other.count, last.isAfter(other.last) ? last : other.last);
        }
    }

    @SqlBatch(
            """
            update api_keys set
                use_count = use_count + :count,
                last_used_at = case
                    when last_used_at is null or last_used_at < :last then :last
                    else last_used_at end
            where id = :id
            """)
    void used(@BindMethods List<KeyUse> uses);

    @SqlQuery("select position from import_positions where node = :node")
    Optional<Long> position(String node);

    /** A position only ever grows; {@return 1 if it has} */
    @SqlUpdate(
            """
            insert into import_positions (node, position, updated_at) values (:node, :position, :now)
            on conflict (node) do update
            set position = excluded.position, updated_at = excluded.updated_at
            where import_positions.position < excluded.position
            """)
    int moveTo(String node, long position, Instant now);
}
