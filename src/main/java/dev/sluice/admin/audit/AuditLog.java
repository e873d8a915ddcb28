package dev.sluice.admin.audit;

import dev.sluice.admin.Actor;
import dev.sluice.admin.AdminJson;
import dev.sluice.admin.AuditTrail;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.function.Supplier;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.sqlobject.customizer.BindMethods;
import org.jdbi.v3.sqlobject.statement.SqlBatch;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The trail of changes in the database. */
public final class AuditLog implements AuditTrail {
    private final Clock clock;
    private final Supplier<UUID> ids;

    public AuditLog(Clock clock, Supplier<UUID> ids) {
        this.clock = clock;
        this.ids = ids;
    }

    /** The only SQL that writes there. */
    interface Store {
        @SqlBatch(
                """
                insert into audit_log (
                    id, at, actor_kind, actor_rank, actor_id, actor_name, organization_id, client_address,
                    action, resource, resource_id, before_change, after_change)
                values (
                    :id, :at, :actorKind, :actorRank, :actorId, :actorName, :organizationId, :clientAddress,
                    :action, :resource, :resourceId, :beforeChange, :afterChange)
                """)
        void append(@BindMethods List<AuditRow> rows);
    }

    @Override
    public void note(Handle handle, Actor actor, List<Entry> entries) {
        if (!entries.isEmpty()) {
            handle.attach(Store.class)
                    .append(entries.stream().map(entry -> row(actor, entry)).toList());
        }
    }

    private AuditRow row(Actor actor, Entry entry) {
        return new AuditRow(
                ids.get(),
                clock.instant().truncatedTo(ChronoUnit.MICROS),
                actor.kind().name().toLowerCase(Locale.ROOT),
                actor.rank().wireName(),
                actor.id(),
                actor.name(),
                actor.organizationId(),
                actor.address(),
                entry.action(),
                entry.resource(),
                entry.resourceId(),
                text(entry.before()),
                text(entry.after()));
    }

    private static @Nullable String text(@Nullable JsonNode tree) {
        return tree == null ? null : AdminJson.text(tree);
    }
}
