package dev.sluice.admin.audit;

import dev.sluice.admin.AdminJson;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * A row of {@code audit_log}.
 *
 * <p>Public, because JDBI binds only what it can see.
 *
 * @param actorRank with which authority; null in rows older than the column
 * @param beforeChange JSON without secrets; null where there was nothing
 * @param afterChange likewise
 */
public record AuditRow(
        UUID id,
        Instant at,
        String actorKind,
        @Nullable String actorRank,
        @Nullable UUID actorId,
        String actorName,
        @Nullable UUID organizationId,
        String clientAddress,
        String action,
        String resource,
        @Nullable UUID resourceId,
        @Nullable String beforeChange,
        @Nullable String afterChange) {

    ObjectNode view() {
        ObjectNode view =
                AdminJson.object()
                        .put("id", id.toString())
                        .put("at", at.toString())
                        .put("actor_kind", actorKind)
                        .put("actor_rank", actorRank)
                        .put("actor_id", text(actorId))
                        .put("actor_name", actorName)
                        .put("organization_id", text(organizationId))
                        .put("client_address", clientAddress)
                        .put("action", action)
                        .put("resource", resource)
                        .put("resource_id", text(resourceId));
        view.set("before", beforeChange == null ? null : AdminJson.tree(beforeChange));
        view.set("after", afterChange == null ? null : AdminJson.tree(afterChange));
        return view;
    }

    private static @Nullable String text(@Nullable UUID value) {
        return value == null ? null : value.toString();
    }
}
