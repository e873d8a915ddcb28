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
import org.jspecify.annotations.Nullable;

/** The SQL of API keys. */
@RegisterConstructorMapper(ApiKeyRow.class)
@RegisterConstructorMapper(ApiKeyStore.Link.class)
@RegisterConstructorMapper(ImportedKeys.Imported.class)
interface ApiKeyStore {

    /** A key that may use an upstream. */
    record Link(UUID apiKeyId, UUID upstreamId) {}

    @SqlUpdate(
            """
            insert into api_keys (
                id, name, description, prefix, digest, permissions, all_upstreams, is_active,
                disabled_by, expires_at, default_model, source_label, rules, user_id, organization_id,
                weak, created_at, updated_at)
            values (
                :id, :name, :description, :prefix, :digest, :permissions, :allUpstreams, :isActive,
                :disabledBy, :expiresAt, :defaultModel, :sourceLabel, :rules, :userId,
                :organizationId, :weak, :createdAt, :updatedAt)
            """)
    void insert(@BindMethods ApiKeyRow row);

    /** What a key is recognised by stays as it is. */
    @SqlUpdate(
            """
            update api_keys set
                name = :name, description = :description, permissions = :permissions,
                all_upstreams = :allUpstreams, is_active = :isActive,
                disabled_by = :disabledBy, expires_at = :expiresAt,
                default_model = :defaultModel, source_label = :sourceLabel,
                rules = :rules, updated_at = :updatedAt
            where id = :id
            """)
    void update(@BindMethods ApiKeyRow row);

    /** Changes what a key is recognised by. The hash was that of the value before. */
    @SqlUpdate(
            """
            update api_keys set
                prefix = :prefix, digest = :digest, bcrypt_hash = null, weak = :weak,
                retiring_digest = :retiringDigest, retiring_until = :retiringUntil,
                retiring_weak = :retiringWeak, updated_at = :updatedAt
            where id = :id
            """)
    void rotate(@BindMethods ApiKeyRow row);

    /** Sets the hash of a value, if it is still the key's. */
    @SqlUpdate("update api_keys set bcrypt_hash = :hash where id = :id and digest = :digest")
    void setHash(UUID id, String digest, String hash);

    /** {@return keys of which nothing but a hash is known} */
    @SqlQuery(
            """
            select id, prefix, bcrypt_hash from api_keys
            where digest is null and bcrypt_hash is not null
            """)
    List<ImportedKeys.Imported> imported();

    /** {@return 1 if the key was still known by that hash alone, and is by the digest now} */
    @SqlUpdate(
            """
            update api_keys set digest = :digest
            where id = :id and digest is null and bcrypt_hash = :hash
            """)
    int see(UUID id, String digest, String hash);

    @SqlQuery("select * from api_keys where id = :id")
    Optional<ApiKeyRow> find(UUID id);

    @SqlQuery("select * from api_keys where digest is not null")
    List<ApiKeyRow> all();

    @SqlQuery("select count(*) from api_keys where retiring_digest = :digest")
    int retiring(String digest);

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

    /** {@return the organization of that user; empty without such a user} */
    @SqlQuery("select id, organization_id from users where id = :id")
    @RegisterConstructorMapper(Person.class)
    Optional<Person> person(UUID id);

    /** A user, and where they belong. */
    record Person(UUID id, @Nullable UUID organizationId) {}
}
