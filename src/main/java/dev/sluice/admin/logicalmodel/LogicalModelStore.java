package dev.sluice.admin.logicalmodel;

import java.util.List;
import java.util.Optional;
import org.jdbi.v3.sqlobject.config.RegisterConstructorMapper;
import org.jdbi.v3.sqlobject.customizer.BindMethods;
import org.jdbi.v3.sqlobject.statement.SqlBatch;
import org.jdbi.v3.sqlobject.statement.SqlQuery;
import org.jdbi.v3.sqlobject.statement.SqlUpdate;

/** The SQL of logical models and their targets. */
@RegisterConstructorMapper(LogicalModelRow.class)
@RegisterConstructorMapper(LogicalModelRow.TargetRow.class)
@RegisterConstructorMapper(LogicalModelRow.UpstreamName.class)
interface LogicalModelStore {

    @SqlUpdate(
            """
            insert into logical_models (
                id, display_name, description, capabilities, is_enabled, strategy, fallbacks,
                attempt_timeout_millis, deadline_millis, is_hedged, hedge_at_least_millis,
                hedge_max_extra, is_hedge_billed, has_affinity, created_at, updated_at)
            values (
                :id, :displayName, :description, :capabilities, :isEnabled, :strategy, :fallbacks,
                :attemptTimeoutMillis, :deadlineMillis, :isHedged, :hedgeAtLeastMillis,
                :hedgeMaxExtra, :isHedgeBilled, :hasAffinity, :createdAt, :updatedAt)
            """)
    void insert(@BindMethods LogicalModelRow row);

    @SqlUpdate(
            """
            update logical_models set
                display_name = :displayName, description = :description,
                capabilities = :capabilities, is_enabled = :isEnabled, strategy = :strategy,
                fallbacks = :fallbacks, attempt_timeout_millis = :attemptTimeoutMillis,
                deadline_millis = :deadlineMillis, is_hedged = :isHedged,
                hedge_at_least_millis = :hedgeAtLeastMillis, hedge_max_extra = :hedgeMaxExtra,
                is_hedge_billed = :isHedgeBilled, has_affinity = :hasAffinity, updated_at = :updatedAt
            where id = :id
            """)
    void update(@BindMethods LogicalModelRow row);

    @SqlUpdate("delete from logical_models where id = :id")
    void delete(String id);

    @SqlQuery("select * from logical_models where id = :id")
    Optional<LogicalModelRow> find(String id);

    @SqlQuery("select * from logical_models order by id")
    List<LogicalModelRow> all();

    @SqlQuery("select * from logical_model_targets where logical_model_id = :id order by position")
    List<LogicalModelRow.TargetRow> targets(String id);

    @SqlUpdate("delete from logical_model_targets where logical_model_id = :id")
    void deleteTargets(String id);

    @SqlBatch(
            """
            insert into logical_model_targets (
                logical_model_id, position, upstream_id, model, weight, priority, region)
            values (
                :logicalModelId, :position, :upstreamId, :model, :weight, :priority, :region)
            """)
    void insertTargets(@BindMethods List<LogicalModelRow.TargetRow> rows);

    @SqlQuery("select id, name from upstreams")
    List<LogicalModelRow.UpstreamName> upstreams();
}
