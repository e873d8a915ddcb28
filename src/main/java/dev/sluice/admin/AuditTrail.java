package dev.sluice.admin;

import java.util.List;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Notes who changed what, in the very transaction that changes it. */
@FunctionalInterface
public interface AuditTrail {
    /** Notes nothing. */
    AuditTrail NONE = (_, _, _) -> {};

    /**
     * One change.
     *
     * @param action such as {@code create}, {@code update}, {@code delete}, {@code sign_in}
     * @param resource such as {@code key}
     * @param before without secrets; null where there was nothing
     * @param after likewise
     */
    record Entry(
            String action,
            String resource,
            @Nullable UUID resourceId,
            @Nullable JsonNode before,
            @Nullable JsonNode after) {}

    void note(Handle handle, Actor actor, List<Entry> entries);
}
