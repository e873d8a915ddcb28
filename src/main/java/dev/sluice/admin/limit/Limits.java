package dev.sluice.admin.limit;

import dev.sluice.admin.AdminRequest.Paging;
import dev.sluice.admin.Conditions;
import dev.sluice.admin.Listing;
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
import org.jdbi.v3.core.statement.Query;
import org.jspecify.annotations.Nullable;

/** The rules of limits, for whichever resource has them. */
public final class Limits {
    /** Whatever has limits, each once, with its name. */
    private static final String SUBJECTS =
            """
            (select distinct l.scope, l.subject_id,
                coalesce(l.model, k.name, u.username, o.name, s.name, l.scope) as subject
            from limits l
            left join api_keys k on l.scope = 'key' and k.id = l.subject_id
            left join users u on l.scope = 'user' and u.id = l.subject_id
            left join organizations o on l.scope = 'organization' and o.id = l.subject_id
            left join upstreams s on l.scope = 'upstream' and s.id = l.subject_id) limited\
            """;

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

    private static List<Limited> all(Handle handle) {
        return bySubject(handle.attach(LimitStore.class).all());
    }

    /** {@return a page of the subjects that have limits and fulfil that} */
    static Listing<Limited> page(Handle handle, Conditions conditions, Paging paging) {
        try (Query query =
                handle.createQuery(
                        "select * from "
                                + SUBJECTS
                                + conditions.where()
                                + " order by scope, subject_id limit :limit offset :offset")) {
            conditions.bind(query);
            List<Subject> subjects =
                    query.bind("limit", paging.size())
                            .bind("offset", paging.offset())
                            .map((row, _) ->
                                    new Subject(
                                            Scope.named(row.getString("scope")).orElseThrow(),
                                            UUID.fromString(row.getString("subject_id"))))
                            .list();
            return new Listing<>(subjects, conditions.count(handle, SUBJECTS), paging)
                    .map(subject -> limited(handle, subject));
        }
    }

    private static Limited limited(Handle handle, Subject subject) {
        List<LimitRow> rows =
                handle.attach(LimitStore.class).of(subject.scope().wireName(), subject.id());
        return bySubject(rows).getFirst();
    }

    private static List<Limited> bySubject(List<LimitRow> all) {
        Map<Subject, List<LimitRow>> rows = new LinkedHashMap<>();
        for (LimitRow row : all) {
            rows.computeIfAbsent(row.subject(), _ -> new ArrayList<>()).add(row);
        }
        List<Limited> limited = new ArrayList<>();
        rows.forEach((subject, of) ->
                limited.add(
                        new Limited(
                                subject,
                                of.getFirst().model(),
                                of.stream().map(LimitRow::limit).toList())));
        return limited;
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
