package dev.sluice.admin.price;

import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.sqlobject.config.RegisterConstructorMapper;
import org.jdbi.v3.sqlobject.customizer.BindMethods;
import org.jdbi.v3.sqlobject.statement.SqlQuery;
import org.jdbi.v3.sqlobject.statement.SqlUpdate;

/** The SQL of prices. */
@RegisterConstructorMapper(PriceRow.class)
interface PriceStore {

    @SqlUpdate(
            """
            insert into prices (id, body, created_at, updated_at)
            values (:id, :body, :createdAt, :updatedAt)
            """)
    void insert(@BindMethods PriceRow row);

    @SqlUpdate("update prices set body = :body, updated_at = :updatedAt where id = :id")
    int update(@BindMethods PriceRow row);

    @SqlUpdate("delete from prices where id = :id")
    int delete(UUID id);

    @SqlQuery("select * from prices where id = :id")
    Optional<PriceRow> find(UUID id);

    @SqlQuery("select * from prices order by created_at desc, id desc")
    List<PriceRow> all();
}
