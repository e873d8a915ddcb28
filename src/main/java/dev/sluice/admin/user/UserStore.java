package dev.sluice.admin.user;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.sqlobject.config.RegisterConstructorMapper;
import org.jdbi.v3.sqlobject.customizer.BindMethods;
import org.jdbi.v3.sqlobject.statement.SqlQuery;
import org.jdbi.v3.sqlobject.statement.SqlUpdate;

/** The SQL of users. */
@RegisterConstructorMapper(UserRow.class)
public interface UserStore {

    @SqlUpdate(
            """
            insert into users (
                id, organization_id, username, email, display_name, password_hash, role,
                is_active, disabled_by, sessions_since, last_sign_in_at, created_at, updated_at)
            values (
                :id, :organizationId, :username, :email, :displayName, :passwordHash, :role,
                :isActive, :disabledBy, :sessionsSince, :lastSignInAt, :createdAt, :updatedAt)
            """)
    void insert(@BindMethods UserRow row);

    @SqlUpdate(
            """
            update users set
                organization_id = :organizationId, email = :email, display_name = :displayName,
                password_hash = :passwordHash, role = :role, is_active = :isActive, disabled_by = :disabledBy,
                sessions_since = :sessionsSince, updated_at = :updatedAt
            where id = :id
            """)
    void update(@BindMethods UserRow row);

    @SqlUpdate("update users set last_sign_in_at = :at where id = :id")
    void signedIn(UUID id, Instant at);

    @SqlQuery("select * from users where id = :id")
    Optional<UserRow> find(UUID id);

    /**
     * @param name a username or an e-mail address, in lower case; no username contains an at sign
     */
    @SqlQuery("select * from users where username = :name or email = :name")
    Optional<UserRow> named(String name);

    @SqlQuery("select * from users")
    List<UserRow> all();

    @SqlQuery("select count(*) from users")
    long count();

    /** {@return how many others could still do everything in the gateway} */
    @SqlQuery(
            """
            select count(*) from users
            where role = 'owner' and is_active = true and organization_id is null and id <> :id
            """)
    long otherOwners(UUID id);

    @SqlQuery("select count(*) from organizations where id = :id and is_active = true")
    long activeOrganizations(UUID id);
}
