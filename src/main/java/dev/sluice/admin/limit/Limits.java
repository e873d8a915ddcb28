package dev.sluice.admin.limit;

import dev.sluice.catalog.Change;
import dev.sluice.catalog.limit.Limit;
import dev.sluice.catalog.limit.Scope;
import dev.sluice.catalog.limit.Subject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** The rules of limits, for whichever resource has them. */
public final class Limits {
    private Limits() {}

    /** {@return all limits of this database, by subject} */
    public static Map<Subject, List<Limit>> load(Handle handle) {
        Map<Subject, List<Limit>> bySubject = new LinkedHashMap<>();
        all(handle).forEach(limited -> bySubject.put(limited.subject(), limited.limits()));
        return bySubject;
    }

    /** {@return the limits of that subject in this database} */
    public static List<Limit> of(Handle handle, Subject subject) {
        return handle.attach(LimitStore.class).of(subject.scope().wireName(), subject.id()).stream()
                .map(LimitRow::limit)
                .toList();
    }

    static List<Limited> all(Handle handle) {
        Map<Subject, List<LimitRow>> rows = new LinkedHashMap<>();
        for (LimitRow row : handle.attach(LimitStore.class).all()) {
            rows.computeIfAbsent(row.subject(), _ -> new ArrayList<>()).add(row);
        }
        List<Limited> all = new ArrayList<>();
        rows.forEach((subject, of) ->
                all.add(
                        new Limited(
                                subject,
                                of.getFirst().model(),
                                of.stream().map(LimitRow::limit).toList())));
        return all;
    }

    /** Puts these limits in place of the subject's; {@return what the catalog must learn} */
    public static Change replace(Handle handle, Subject subject, List<Limit> limits, Instant now) {
        return replace(handle, new Limited(subject, null, limits), now);
    }

    static Change replace(Handle handle, Limited limited, Instant now) {
        LimitStore store = handle.attach(LimitStore.class);
        Subject subject = limited.subject();
        store.delete(subject.scope().wireName(), subject.id());
        if (!limited.limits().isEmpty()) {
            store.insert(
                    IntStream.range(0, limited.limits().size())
                            .mapToObj(position -> LimitRow.of(limited, position, now))
                            .toList());
        }
        return new Change.LimitsPut(subject, limited.limits());
    }

    /**
     * {@return the subject of that scope; null where what names it is missing}
     *
     * @param id of whatever is no model
     */
    static @Nullable Subject subject(Scope scope, @Nullable UUID id, @Nullable String model) {
        return switch (scope) {
            case GLOBAL -> Subject.global();
            case MODEL -> model == null ? null : Subject.model(model);
            case ORGANIZATION, USER, KEY, UPSTREAM -> id == null ? null : new Subject(scope, id);
        };
    }
}
