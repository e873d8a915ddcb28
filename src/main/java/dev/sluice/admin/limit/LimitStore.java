package dev.sluice.admin.limit;

import java.util.List;
import java.util.UUID;
import org.jdbi.v3.sqlobject.config.RegisterConstructorMapper;
import org.jdbi.v3.sqlobject.customizer.BindMethods;
import org.jdbi.v3.sqlobject.statement.SqlBatch;
import org.jdbi.v3.sqlobject.statement.SqlQuery;
import org.jdbi.v3.sqlobject.statement.SqlUpdate;

/** The SQL of limits. */
@RegisterConstructorMapper(LimitRow.class)
interface LimitStore {

    @SqlUpdate("delete from limits where scope = :scope and subject_id = :subjectId")
    void delete(String scope, UUID subjectId);

    @SqlBatch(
            """
            insert into limits (
                scope, subject_id, model, position, measure, period, amount, zone, updated_at)
            values (
                :scope, :subjectId, :model, :position, :measure, :period, :amount, :zone,
                :updatedAt)
            """)
    void insert(@BindMethods List<LimitRow> rows);

    @SqlQuery(
            """
            select * from limits where scope = :scope and subject_id = :subjectId
            order by position
            """)
    List<LimitRow> of(String scope, UUID subjectId);

    @SqlQuery("select * from limits order by scope, subject_id, position")
    List<LimitRow> all();
}
