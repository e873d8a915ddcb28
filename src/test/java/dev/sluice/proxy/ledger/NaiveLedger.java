package dev.sluice.proxy.ledger;

import dev.sluice.catalog.limit.Limit;
import dev.sluice.catalog.limit.Measure;
import dev.sluice.catalog.limit.Period;
import dev.sluice.catalog.limit.Subject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a ledger must do, said in the plainest way: it remembers every call for ever, and counts
 * them all again for every question.
 */
final class NaiveLedger implements SpendHistory {
    private final SteppedTime time;
    private final List<Call> calls = new ArrayList<>();
    private Map<Subject, List<InForce>> inForce = new HashMap<>();

    /** A limit from when it was set to when it was lifted; a change of its amount is no end. */
    static final class InForce {
        Limit limit;
        long windowSince;

        InForce(Limit limit, long windowSince) {
            this.limit = limit;
            this.windowSince = windowSince;
        }
    }

    /** What a call reserved against one limit; counted in a window by its second. */
    record Reserved(InForce limit, long second, long amount) {}

    /** One call, from its beginning to its end and beyond. */
    static final class Call {
        final Instant begun;
        final List<Subject> scopes;
        final Amounts firstAmounts;
        final List<Subject> firstAttempt;
        List<Subject> attempt;
        Amounts amounts;
        List<Reserved> reserved = new ArrayList<>();
        List<Reserved> reservedForAttempt = new ArrayList<>();
        List<Reserved> abandoned = new ArrayList<>();
        boolean isBudgeted;
        @Nullable Instant ended;
        @Nullable Amounts used;
        List<InForce> charged = new ArrayList<>();
        boolean isExpired;

        Call(Instant begun, List<Subject> scopes, List<Subject> attempt, Amounts amounts) {
            this.begun = begun;
            this.scopes = scopes;
            this.attempt = attempt;
            this.firstAttempt = attempt;
            this.amounts = amounts;
            this.firstAmounts = amounts;
        }

        boolean isRunning() {
            return ended == null && !isExpired;
        }
    }

    NaiveLedger(SteppedTime time) {
        this.time = time;
    }

    void limitBy(Map<Subject, List<Limit>> changed) {
        Map<Subject, List<InForce>> next = new HashMap<>();
        changed.forEach((subject, limits) -> {
            List<InForce> entries = new ArrayList<>();
            for (Limit limit : limits) {
                InForce entry =
                        inForce.getOrDefault(subject, List.of()).stream()
                                .filter(known -> known.limit.countsLike(limit))
                                .findFirst()
                                .orElseGet(() -> new InForce(limit, second()));
                entry.limit = limit;
                entries.add(entry);
            }
            next.put(subject, entries);
        });
        inForce = next;
    }

    @Nullable Call reserve(List<Subject> scopes, List<Subject> attempt, Amounts amounts) {
        if (!fits(scopes, amounts, time.instant()) || !fits(attempt, amounts, time.instant())) {
            return null;
        }
        Call call = new Call(time.instant(), scopes, attempt, amounts);
        call.reserved.addAll(reservations(scopes, amounts));
        call.reservedForAttempt.addAll(reservations(attempt, amounts));
        call.isBudgeted =
                call.reserved.stream().anyMatch(held -> held.limit().limit.isBudget())
                        || call.reservedForAttempt.stream()
                                .anyMatch(held -> held.limit().limit.isBudget());
        calls.add(call);
        return call;
    }

    boolean extend(Call call, Amounts more) {
        if (!call.isRunning()
                || !fits(call.scopes, more, call.begun)
                || !fits(call.attempt, more, call.begun)) {
            return false;
        }
        call.amounts = call.amounts.plus(more);
        call.reserved.addAll(reservations(call.scopes, more));
        call.reservedForAttempt.addAll(reservations(call.attempt, more));
        return true;
    }

    boolean redirect(Call call, List<Subject> attempt) {
        if (!call.isRunning()) {
            return false;
        }
        call.reservedForAttempt.stream()
                .filter(held -> held.limit().limit.measure() == Measure.REQUESTS)
                .filter(held -> held.limit().limit.period() == Period.MINUTE)
                .forEach(call.abandoned::add);
        call.reservedForAttempt = new ArrayList<>();
        if (!fits(attempt, call.amounts, call.begun)) {
            return false;
        }
        call.attempt = attempt;
        call.reservedForAttempt.addAll(reservations(attempt, call.amounts));
        return true;
    }

    void settle(Call call, Amounts used) {
        if (call.ended != null) {
            return;
        }
        if (!call.isExpired) {
            inPlaceOfReserved(call, used);
        }
        call.used = used;
        call.ended = time.instant();
    }

    /** What is in force when a call is given up is charged what the call held; nothing else. */
    void expire(Instant begunBefore) {
        for (Call call : calls) {
            if (call.isRunning() && call.begun.isBefore(begunBefore)) {
                inPlaceOfReserved(call, call.amounts);
                for (List<Subject> subjects : List.of(call.scopes, call.attempt)) {
                    subjects.forEach(subject ->
                            call.charged.addAll(inForce.getOrDefault(subject, List.of())));
                }
                call.isExpired = true;
            }
        }
    }

    private static void inPlaceOfReserved(Call call, Amounts used) {
        call.reserved = settled(call.reserved, used);
        call.reservedForAttempt = settled(call.reservedForAttempt, used);
    }

    /**
     * The first of what was reserved against a limit becomes what was used, any further nothing.
     */
    private static List<Reserved> settled(List<Reserved> reserved, Amounts used) {
        List<Reserved> settled = new ArrayList<>();
        for (Reserved held : reserved) {
            boolean isFirst = settled.stream().noneMatch(seen -> seen.limit() == held.limit());
            long amount = isFirst ? used.of(held.limit().limit.measure()) : 0;
            settled.add(new Reserved(held.limit(), held.second(), amount));
        }
        return settled;
    }

    /** The process dies: what ran is charged what had been journalled, or lost if nothing was. */
    void crash() {
        for (Call call : calls) {
            if (call.ended == null) {
                call.ended = time.instant();
                call.used = call.isBudgeted ? call.firstAmounts : Amounts.NOTHING;
                call.attempt = call.firstAttempt;
            }
            call.reserved.clear();
            call.reservedForAttempt.clear();
            call.abandoned.clear();
        }
    }

    List<Long> usedAndReserved(Subject subject, Limit limit) {
        InForce entry =
                inForce.getOrDefault(subject, List.of()).stream()
                        .filter(known -> known.limit.equals(limit))
                        .findFirst()
                        .orElseThrow();
        if (limit.period() == null) {
            return List.of(0L, running(entry));
        }
        return limit.isBudget()
                ? List.of(spent(subject, entry), running(entry))
                : List.of(inWindow(entry), 0L);
    }

    private long running(InForce entry) {
        return calls.stream()
                .filter(Call::isRunning)
                .filter(call -> !entry.limit.isBudget() || isNow(entry.limit, call.begun))
                .flatMap(call ->
                        Stream.concat(call.reserved.stream(), call.reservedForAttempt.stream()))
                .filter(held -> held.limit() == entry)
                .mapToLong(Reserved::amount)
                .sum();
    }

    private long spent(Subject subject, InForce entry) {
        return calls.stream()
                .filter(call -> !call.isRunning() && isNow(entry.limit, call.begun))
                .mapToLong(call -> {
                    long used = used(call, entry).of(entry.limit.measure());
                    int times =
                            (call.scopes.contains(subject) ? 1 : 0)
                                    + (call.attempt.contains(subject) ? 1 : 0);
                    return used * times;
                })
                .sum();
    }

    private long inWindow(InForce entry) {
        long from = second() - 60;
        long sum = 0;
        for (Call call : calls) {
            for (List<Reserved> all :
                    List.of(call.reserved, call.reservedForAttempt, call.abandoned)) {
                for (Reserved held : all) {
                    if (held.limit() == entry && held.second() >= from) {
                        sum += held.amount();
                    }
                }
            }
        }
        return sum;
    }

    private boolean fits(List<Subject> subjects, Amounts amounts, Instant begun) {
        for (Subject subject : subjects) {
            for (InForce entry : inForce.getOrDefault(subject, List.of())) {
                long amount = amounts.of(entry.limit.measure());
                long counted =
                        usedAndReserved(subject, entry.limit).stream().mapToLong(a -> a).sum();
                boolean isPast = entry.limit.isBudget() && !isNow(entry.limit, begun);
                if (!isPast && amount > 0 && counted + amount > entry.limit.amount()) {
                    return false;
                }
            }
        }
        return true;
    }

    private List<Reserved> reservations(List<Subject> subjects, Amounts amounts) {
        List<Reserved> made = new ArrayList<>();
        for (Subject subject : subjects) {
            for (InForce entry : inForce.getOrDefault(subject, List.of())) {
                made.add(new Reserved(entry, second(), amounts.of(entry.limit.measure())));
            }
        }
        return made;
    }

    private boolean isNow(Limit limit, Instant begun) {
        Period.Interval now =
                Objects.requireNonNull(limit.period()).at(time.instant(), limit.zone());
        long millis = begun.toEpochMilli();
        return millis >= now.startMillis() && millis < now.endMillis();
    }

    private static Amounts used(Call call, InForce entry) {
        if (call.used != null) {
            return call.used;
        }
        return call.charged.contains(entry) ? call.amounts : Amounts.NOTHING;
    }

    private long second() {
        return Math.floorDiv(time.nanos(), 1_000_000_000L);
    }

    List<Call> calls() {
        return calls;
    }

    @Override
    public Map<UUID, Amounts> spent(Span span, Set<UUID> ids) {
        Map<UUID, Amounts> sums = new HashMap<>();
        for (Call call : calls) {
            if (call.ended == null || call.ended.isAfter(span.endedBefore())) {
                continue;
            }
            if (span.from() != null && call.begun.isBefore(span.from())) {
                continue;
            }
            List<Subject> subjects = new ArrayList<>(call.scopes);
            subjects.addAll(call.attempt);
            for (Subject subject : subjects) {
                if (subject.scope() == span.scope() && ids.contains(subject.id())) {
                    sums.merge(subject.id(), Objects.requireNonNull(call.used), Amounts::plus);
                }
            }
        }
        return sums;
    }
}
