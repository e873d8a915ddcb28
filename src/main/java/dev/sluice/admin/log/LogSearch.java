package dev.sluice.admin.log;

import dev.sluice.admin.Actor;
import dev.sluice.catalog.Role;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.mapper.reflect.ConstructorMapper;
import org.jdbi.v3.core.statement.Query;
import org.jspecify.annotations.Nullable;

/**
 * A search of the logs, newest first. Only the structure of its SQL is put together here; all
 * values are bound.
 */
final class LogSearch {
    private final List<String> conditions = new ArrayList<>();
    private final Map<String, Object> values = new LinkedHashMap<>();

    LogSearch(LogFilter filter) {
        filter.conditions().forEach(this::require);
    }

    /** Narrows it to what that one may see: members to their own calls. */
    LogSearch visibleTo(Actor actor) {
        if (actor.organizationId() != null) {
            require("organization_id = :value", actor.organizationId());
        }
        if (actor.role() == Role.MEMBER && actor.id() != null) {
            require("user_id = :value", actor.id());
        }
        return this;
    }

    private void require(String condition, Object value) {
        String name = "value" + values.size();
        conditions.add(condition.replace(":value", ":" + name));
        values.put(name, value);
    }

    /** {@return rows that come after the cursor, or from the beginning} */
    List<LogRow> rows(Handle handle, @Nullable LogCursor after, int offset, int limit) {
        try (Query query = handle.createQuery(sql(after))) {
            values.forEach(query::bind);
            if (after != null) {
                query.bind("cursorAt", after.startedAt()).bind("cursorId", after.id());
            }
            return query.bind("limit", limit)
                    .bind("offset", offset)
                    .map(ConstructorMapper.of(LogRow.class))
                    .list();
        }
    }

    private String sql(@Nullable LogCursor after) {
        List<String> all = new ArrayList<>(conditions);
        if (after != null) {
            all.add("(started_at, id) < (:cursorAt, :cursorId)");
        }
        return "select * from request_logs"
                + where(all)
                + " order by started_at desc, id desc limit :limit offset :offset";
    }

    /** {@return how many there are, counted no further than {@code limit}} */
    int count(Handle handle, int limit) {
        String sql =
                "select count(*) from (select 1 from request_logs"
                        + where(conditions)
                        + " limit :limit) counted";
        try (Query query = handle.createQuery(sql)) {
            values.forEach(query::bind);
            return query.bind("limit", limit).mapTo(Integer.class).one();
        }
    }

    private static String where(List<String> conditions) {
        return conditions.isEmpty() ? "" : " where " + String.join(" and ", conditions);
    }
}
