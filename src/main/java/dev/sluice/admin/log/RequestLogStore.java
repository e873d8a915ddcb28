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
