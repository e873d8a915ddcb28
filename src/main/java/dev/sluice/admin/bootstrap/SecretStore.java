package dev.sluice.admin.bootstrap;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.sqlobject.config.RegisterConstructorMapper;
import org.jdbi.v3.sqlobject.statement.SqlQuery;
import org.jdbi.v3.sqlobject.statement.SqlUpdate;

/** The SQL of the gateway's own secrets, and of all others that are stored encrypted. */
@RegisterConstructorMapper(SecretStore.Stored.class)
@RegisterConstructorMapper(SecretStore.UpstreamSecret.class)
@RegisterConstructorMapper(SecretStore.UpstreamHeaders.class)
interface SecretStore {

    /** One of the gateway's own. */
    record Stored(String name, String valueEncrypted) {}

    /**
     * A credential of an upstream.
     *
     * @param name of the upstream
     */
    record UpstreamSecret(
            UUID upstreamId, int position, String label, String name, String encrypted) {}

    /** The headers that are sent to an upstream. */
    record UpstreamHeaders(UUID id, String name, String encrypted) {}

    @SqlQuery("select value_encrypted from secrets where name = :name")
    Optional<String> find(String name);

    /** Of two nodes that start at the same time, one is first. */
    @SqlUpdate(
            """
            insert into secrets (name, value_encrypted, created_at)
            values (:name, :valueEncrypted, :now)
            on conflict (name) do nothing
            """)
    void insertIfAbsent(String name, String valueEncrypted, Instant now);

    @SqlQuery("select name, value_encrypted from secrets order by name")
    List<Stored> all();

    @SqlUpdate("update secrets set value_encrypted = :encrypted where name = :name")
    void replace(String name, String encrypted);

    @SqlQuery(
            """
            select k.upstream_id, k.position, k.label, u.name, k.secret_encrypted as encrypted
            from upstream_keys k join upstreams u on u.id = k.upstream_id
            order by k.upstream_id, k.position
            """)
    List<UpstreamSecret> upstreamKeys();

    @SqlUpdate(
            """
            update upstream_keys set secret_encrypted = :encrypted
            where upstream_id = :upstreamId and position = :position
            """)
    void replaceUpstreamKey(UUID upstreamId, int position, String encrypted);

    @SqlQuery(
            """
            select id, name, headers_encrypted as encrypted from upstreams
            where headers_encrypted is not null order by id
            """)
    List<UpstreamHeaders> upstreamHeaders();

    @SqlUpdate("update upstreams set headers_encrypted = :encrypted where id = :id")
    void replaceUpstreamHeaders(UUID id, String encrypted);
}
