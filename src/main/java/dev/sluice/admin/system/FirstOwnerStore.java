package dev.sluice.admin.system;

import java.time.Instant;
import java.util.UUID;
import org.jdbi.v3.sqlobject.statement.SqlUpdate;

/** The SQL of the first owner. */
interface FirstOwnerStore {

    /** Of two at the same time, the second fails for the primary key. */
    @SqlUpdate("insert into first_owner (only_one, user_id, created_at) values (1, :user, :now)")
    void claim(UUID user, Instant now);
}
