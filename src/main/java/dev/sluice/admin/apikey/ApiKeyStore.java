package dev.sluice.admin.apikey;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jdbi.v3.sqlobject.config.RegisterConstructorMapper;
import org.jdbi.v3.sqlobject.customizer.BindList;
import org.jdbi.v3.sqlobject.customizer.BindMethods;
import org.jdbi.v3.sqlobject.statement.SqlBatch;
import org.jdbi.v3.sqlobject.statement.SqlQuery;
import org.jdbi.v3.sqlobject.statement.SqlUpdate;

/** The SQL of API keys. */
@RegisterConstructorMapper(ApiKeyRow.class)
@RegisterConstructorMapper(ApiKeyStore.Link.class)
interface ApiKeyStore {

    /** A key that may use an upstream. */
    record Link(UUID apiKeyId, UUID upstreamId) {}

    @SqlUpdate(
            """
            insert into api_keys (
                id, name, description, prefix, digest, permissions, all_upstreams, is_active,
                expires_at, default_model, source_label, user_id, organization_id, weak,
                created_at, updated_at)
            values (
                :id, :name, :description, :prefix, :digest, :permissions, :allUpstreams, :isActive,
                :expiresAt, :defaultModel, :sourceLabel, :userId, :organizationId, :weak,
                :createdAt, :updatedAt)
            """)
    void insert(@BindMethods ApiKeyRow row);

    /** What a key is recognised by never changes. */
    @SqlUpdate(
            """
            update api_keys set
                name = :name, description = :description, permissions = :permissions,
                all_upstreams = :allUpstreams, is_active = :isActive, expires_at = :expiresAt,
                default_model = :defaultModel, source_label = :sourceLabel,
                updated_at = :updatedAt
            where id = :id
            """)
    void update(@BindMethods ApiKeyRow row);

    @SqlUpdate("update api_keys set bcrypt_hash = :hash where id = :id")
    void setHash(UUID id, String hash);

    @SqlQuery("select * from api_keys where id = :id")
    Optional<ApiKeyRow> find(UUID id);

    @SqlQuery(
            "select * from api_keys order by created_at desc, id desc limit :limit offset :offset")
    List<ApiKeyRow> page(int limit, long offset);

    @SqlQuery("select * from api_keys where digest is not null")
    List<ApiKeyRow> all();

    @SqlQuery("select count(*) from api_keys")
    long count();

    @SqlBatch(
            """
            insert into api_key_upstreams (api_key_id, upstream_id, created_at)
            values (:apiKeyId, :upstreamId, :now)
            """)
    void link(UUID apiKeyId, Set<UUID> upstreamId, Instant now);

    @SqlUpdate("delete from api_key_upstreams where api_key_id = :apiKeyId")
    void unlink(UUID apiKeyId);

    /**
     * @param apiKeyIds at least one
     */
    @SqlQuery(
            """
            select api_key_id, upstream_id from api_key_upstreams
            where api_key_id in (<apiKeyIds>) order by created_at, upstream_id
            """)
    List<Link> links(@BindList("apiKeyIds") List<UUID> apiKeyIds);

    @SqlQuery("select api_key_id, upstream_id from api_key_upstreams")
    List<Link> allLinks();

    /**
     * @param ids at least one
     */
    @SqlQuery("select id from upstreams where is_active = true and id in (<ids>)")
    List<UUID> activeUpstreams(@BindList("ids") Set<UUID> ids);

    @SqlQuery("select count(*) from organizations where id = :id")
    int organizations(UUID id);

    @SqlQuery("select count(*) from users where id = :id")
    int users(UUID id);
}
