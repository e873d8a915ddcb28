package dev.sluice.proxy.ledger;

import dev.sluice.catalog.limit.Scope;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What is recorded of calls that have ended. Blocking; asked at the start and when a budget is new,
 * never for a call.
 */
public interface SpendHistory {
    /** Nothing was ever spent. */
    SpendHistory NONE = (_, _) -> Map.of();

    /**
     * Which records are asked for.
     *
     * @param from calls that began then or later; null for all
     * @param endedBefore calls that had ended by then
     */
    record Span(Scope scope, @Nullable Instant from, Instant endedBefore) {}

    /** {@return what those subjects used; one that is left out used nothing} */
    Map<UUID, Amounts> spent(Span span, Set<UUID> ids);
}
