package dev.sluice.admin.organization;

import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.sqlobject.config.RegisterConstructorMapper;
import org.jdbi.v3.sqlobject.customizer.BindMethods;
import org.jdbi.v3.sqlobject.statement.SqlQuery;
import org.jdbi.v3.sqlobject.statement.SqlUpdate;

/** The SQL of organizations. */
@RegisterConstructorMapper(OrganizationRow.class)
interface OrganizationStore {

    @SqlUpdate(
            """
            insert into organizations (
                id, name, description, is_active, disabled_by, created_at, updated_at)
            values (
                :id, :name, :description, :isActive, :disabledBy, :createdAt, :updatedAt)
            """)
    void insert(@BindMethods OrganizationRow row);

    @SqlUpdate(
            """
            update organizations set
                name = :name, description = :description, is_active = :isActive,
                disabled_by = :disabledBy, updated_at = :updatedAt
            where id = :id
            """)
    void update(@BindMethods OrganizationRow row);

    @SqlQuery("select * from organizations where id = :id")
    Optional<OrganizationRow> find(UUID id);

    @SqlQuery("select * from organizations")
    List<OrganizationRow> all();
}
