package dev.sluice.admin.bootstrap;

import java.time.Instant;
import java.util.Optional;
import org.jdbi.v3.sqlobject.statement.SqlQuery;
import org.jdbi.v3.sqlobject.statement.SqlUpdate;

/** The SQL of the gateway's own secrets. */
interface SecretStore {

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
}
