package dev.sluice.admin.limit;

import dev.sluice.catalog.limit.Limit;
import dev.sluice.catalog.limit.Measure;
import dev.sluice.catalog.limit.Period;
import dev.sluice.catalog.limit.Scope;
import dev.sluice.catalog.limit.Subject;
import java.time.Instant;
import java.time.ZoneId;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A row of {@code limits}.
 *
 * @param model the model's name; null for other scopes
 * @param period the word "none" for concurrency
 * @param amount a count, or nano-units of money
 */
public record LimitRow(
        String scope,
        UUID subjectId,
        @Nullable String model,
        int position,
        String measure,
        String period,
        long amount,
        String zone,
        Instant updatedAt) {
    private static final String NONE = "none";

    static LimitRow of(Limited limited, int position, Instant now) {
        Limit limit = limited.limits().get(position);
        return new LimitRow(
                limited.subject().scope().wireName(),
                limited.subject().id(),
                limited.model(),
                position,
                limit.measure().wireName(),
                limit.period() == null ? NONE : limit.period().wireName(),
                limit.amount(),
                limit.zone().getId(),
                now);
    }

    Subject subject() {
        return new Subject(Scope.named(scope).orElseThrow(), subjectId);
    }

    Limit limit() {
        return new Limit(
                Measure.named(measure).orElseThrow(),
                Period.named(period).orElse(null),
                amount,
                ZoneId.of(zone));
    }
}
