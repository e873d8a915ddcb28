package dev.sluice.admin.upstream;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.sqlobject.config.RegisterConstructorMapper;
import org.jdbi.v3.sqlobject.customizer.BindMethods;
import org.jdbi.v3.sqlobject.statement.SqlBatch;
import org.jdbi.v3.sqlobject.statement.SqlQuery;
import org.jdbi.v3.sqlobject.statement.SqlUpdate;

/** The SQL of upstreams, their keys and their models. */
@RegisterConstructorMapper(UpstreamRow.class)
@RegisterConstructorMapper(UpstreamRow.KeyRow.class)
@RegisterConstructorMapper(UpstreamRow.ModelRow.class)
interface UpstreamStore {

    @SqlUpdate(
            """
            insert into upstreams (
                id, name, provider, protocols, base_url, paths, default_model, is_default,
                timeout_millis, connect_timeout_millis, first_byte_timeout_millis,
                idle_timeout_millis, weight, priority, region, max_qps, max_concurrency,
                headers_encrypted, retryable_status_codes, discover_models, capabilities, config,
                is_active, health_check_millis, created_at, updated_at)
            values (
                :id, :name, :provider, :protocols, :baseUrl, :paths, :defaultModel, :isDefault,
                :timeoutMillis, :connectTimeoutMillis, :firstByteTimeoutMillis,
                :idleTimeoutMillis, :weight, :priority, :region, :maxQps, :maxConcurrency,
                :headersEncrypted, :retryableStatusCodes, :discoverModels, :capabilities, :config,
                :isActive, :healthCheckMillis, :createdAt, :updatedAt)
            """)
    void insert(@BindMethods UpstreamRow row);

    @SqlUpdate(
            """
            update upstreams set
                name = :name, provider = :provider, protocols = :protocols, base_url = :baseUrl,
                paths = :paths, default_model = :defaultModel, is_default = :isDefault,
                timeout_millis = :timeoutMillis, connect_timeout_millis = :connectTimeoutMillis,
                first_byte_timeout_millis = :firstByteTimeoutMillis,
                idle_timeout_millis = :idleTimeoutMillis, weight = :weight, priority = :priority,
                region = :region, max_qps = :maxQps, max_concurrency = :maxConcurrency,
                headers_encrypted = :headersEncrypted,
                retryable_status_codes = :retryableStatusCodes,
                discover_models = :discoverModels, capabilities = :capabilities, config = :config,
                is_active = :isActive, health_check_millis = :healthCheckMillis,
                updated_at = :updatedAt
            where id = :id
            """)
    void update(@BindMethods UpstreamRow row);

    @SqlUpdate(
            """
            update upstreams set is_default = false, updated_at = :now
            where is_default = true and id <> :id
            """)
    void clearDefaultBut(UUID id, Instant now);

    @SqlQuery("select id from upstreams where is_default = true and id <> :id")
    List<UUID> defaultsBut(UUID id);

    @SqlQuery("select * from upstreams where id = :id")
    Optional<UpstreamRow> find(UUID id);

    @SqlQuery("select * from upstreams order by created_at, id")
    List<UpstreamRow> all();

    @SqlQuery("select count(*) from upstreams")
    long count();

    @SqlQuery("select * from upstream_keys where upstream_id = :upstreamId order by position")
    List<UpstreamRow.KeyRow> keys(UUID upstreamId);

    @SqlUpdate("delete from upstream_keys where upstream_id = :upstreamId")
    void deleteKeys(UUID upstreamId);

    @SqlBatch(
            """
            insert into upstream_keys (
                upstream_id, position, label, secret_encrypted, weight, max_qps)
            values (:upstreamId, :position, :label, :secretEncrypted, :weight, :maxQps)
            """)
    void insertKeys(@BindMethods List<UpstreamRow.KeyRow> rows);

    @SqlQuery("select * from upstream_models where upstream_id = :upstreamId order by position")
    List<UpstreamRow.ModelRow> models(UUID upstreamId);

    @SqlUpdate("delete from upstream_models where upstream_id = :upstreamId")
    void deleteModels(UUID upstreamId);

    @SqlBatch(
            """
            insert into upstream_models (upstream_id, model_id, position, json)
            values (:upstreamId, :modelId, :position, :json)
            """)
    void insertModels(@BindMethods List<UpstreamRow.ModelRow> rows);
}
