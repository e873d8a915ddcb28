package dev.sluice.admin;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.mapper.reflect.ConstructorMapper;
import org.jdbi.v3.core.statement.Query;
import org.jdbi.v3.core.statement.SqlStatement;
import org.jspecify.annotations.Nullable;

/**
 * What rows must fulfil. Only the structure of its SQL is put together here: conditions are ours,
 * all values are bound.
 */
public final class Conditions {
    private final List<String> conditions = new ArrayList<>();
    private final Map<String, Object> values = new LinkedHashMap<>();

    /** Requires that, of a value that is asked for; null asks for nothing. */
    public Conditions require(String condition, String name, @Nullable Object value) {
        if (value != null) {
            conditions.add(condition);
            values.put(name, value);
        }
        return this;
    }

    /** Requires that one of the columns holds the text, whatever the case. */
    public Conditions search(@Nullable String text, String... columns) {
        if (text == null || text.isBlank()) {
            return this;
        }
        List<String> any = new ArrayList<>();
        for (String column : columns) {
            any.add("lower(coalesce(" + column + ", '')) like :search escape '!'");
        }
        conditions.add("(" + String.join(" or ", any) + ")");
        String literal =
                text.strip()
                        .toLowerCase(Locale.ROOT)
                        .replace("!", "!!")
                        .replace("%", "!%")
                        .replace("_", "!_");
        values.put("search", "%" + literal + "%");
        return this;
    }

    /** {@return the where clause, with a space before it; empty if nothing is required} */
    public String where() {
        return conditions.isEmpty() ? "" : " where " + String.join(" and ", conditions);
    }

    /** {@return a page of the table's rows that fulfil them, newest first} */
    public <T> Listing<T> newest(
            Handle handle, String table, Class<T> row, AdminRequest.Paging paging) {
        String rows = "select * from " + table + where();
        String order = " order by created_at desc, id desc limit :limit offset :offset";
        try (Query page = handle.createQuery(rows + order)) {
            bind(page);
            return new Listing<>(
                    page.bind("limit", paging.size())
                            .bind("offset", paging.offset())
                            .map(ConstructorMapper.of(row))
                            .list(),
                    count(handle, table),
                    paging);
        }
    }

    /** {@return how many rows of the table fulfil them} */
    public long count(Handle handle, String table) {
        try (Query count = handle.createQuery("select count(*) from " + table + where())) {
            bind(count);
            return count.mapTo(Long.class).one();
        }
    }

    public void bind(SqlStatement<?> statement) {
        values.forEach(statement::bind);
    }
}
