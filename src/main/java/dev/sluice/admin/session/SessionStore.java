package dev.sluice.admin.session;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.sqlobject.config.RegisterConstructorMapper;
import org.jdbi.v3.sqlobject.customizer.BindMethods;
import org.jdbi.v3.sqlobject.statement.SqlQuery;
import org.jdbi.v3.sqlobject.statement.SqlUpdate;

/** The SQL of sessions. */
@RegisterConstructorMapper(SessionRow.class)
interface SessionStore {

    @SqlUpdate(
            """
            insert into sessions (
                id, user_id, kind, refresh_digest, client_address, user_agent, created_at,
                expires_at, ended_at, ended_why)
            values (
                :id, :userId, :kind, :refreshDigest, :clientAddress, :userAgent, :createdAt,
                :expiresAt, :endedAt, :endedWhy)
            """)
    void insert(@BindMethods SessionRow row);

    @SqlQuery("select * from sessions where id = :id")
    Optional<SessionRow> find(UUID id);

    /** {@return 1 for the only caller who still held the good token, else 0} */
    @SqlUpdate(
            """
            update sessions set refresh_digest = :next, expires_at = :expiresAt
            where id = :id and refresh_digest = :used and ended_at is null
            """)
    int renew(UUID id, String used, String next, Instant expiresAt);

    @SqlUpdate(
            """
            update sessions set ended_at = :now, ended_why = :why
            where id = :id and ended_at is null
            """)
    int end(UUID id, Instant now, String why);

    @SqlUpdate("delete from sessions where expires_at < :before")
    int deleteOlderThan(Instant before);

    @SqlQuery("select * from sessions where ended_at is not null and expires_at > :now")
    List<SessionRow> endedBeforeTheirTime(Instant now);
}
