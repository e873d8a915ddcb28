package dev.sluice.proxy.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.catalog.limit.Limit;
import dev.sluice.catalog.limit.Measure;
import dev.sluice.catalog.limit.Period;
import dev.sluice.catalog.limit.Subject;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Any order of reserving, settling, failing over, crashing, forgetting and changing limits, against
 * {@link NaiveLedger}.
 */
class LedgerModelTest {
    private static final int RUNS = 300;
    private static final int STEPS = 250;
    private static final List<ZoneId> ZONES =
            List.of(
                    ZoneId.of("UTC"),
                    ZoneId.of("Europe/Berlin"),
                    ZoneId.of("America/Santiago"),
                    ZoneId.of("Asia/Kathmandu"));

    private static final List<Measure> MEASURES = List.of(Measure.values());
    private static final List<Period> PERIODS = List.of(Period.values());

    private final Random random = new Random();
    private SteppedTime time = new SteppedTime(Instant.EPOCH);
    private NaiveLedger model = new NaiveLedger(time);
    private MemoryLedger ledger = new MemoryLedger(time, time::nanos);
    private Map<Subject, List<Limit>> limits = Map.of();
    private final List<Pair> running = new ArrayList<>();

    private record Pair(NaiveLedger.Call call, Hold hold) {}

    @Test
    void theLedgerCountsLikeOneThatRemembersEveryCall() {
        long first = Long.getLong("seed", System.nanoTime());
        for (long seed = first; seed < first + RUNS; seed++) {
            begin(seed);
            for (int step = 0; step < STEPS; step++) {
                String did = act();
                check("seed %d, step %d, %s".formatted(seed, step, did));
            }
            running.forEach(pair -> settle(pair, Amounts.ofCall(1, 1)));
            assertThat(ledger.reserved())
                    .as("seed %d, at rest", seed)
                    .isEqualTo(new SpendLedger.Reserved(0, 0, 0));
        }
    }

    private void begin(long seed) {
        random.setSeed(seed);
        time = new SteppedTime(Instant.parse("2026-03-27T20:00:00Z"));
        model = new NaiveLedger(time);
        ledger = new MemoryLedger(time, time::nanos);
        running.clear();
        changeLimits();
    }

    private String act() {
        time.advance(step());
        int die = random.nextInt(100);
        if (die < 40) {
            return reserve();
        }
        if (die < 70) {
            return withAny(pair -> settle(pair, used(pair)));
        }
        if (die < 78) {
            return withAny(this::extend);
        }
        if (die < 88) {
            return withAny(this::redirect);
        }
        if (die < 90) {
            return expire();
        }
        if (die < 92) {
            return crash();
        }
        return changeLimits();
    }

    private Duration step() {
        return switch (random.nextInt(20)) {
            case 0 -> Duration.ofMillis(random.nextLong(1, 90_000_000));
            case 1, 2, 3 -> Duration.ofMillis(random.nextLong(1, 70_000));
            default -> Duration.ofMillis(random.nextLong(1, 3_000));
        };
    }

    private String reserve() {
        List<Subject> scopes = List.of(Subject.global(), key(), user(), organization());
        List<Subject> attempt = List.of(upstream(), model());
        Amounts amounts = Amounts.ofCall(random.nextLong(60), random.nextLong(60));
        NaiveLedger.@Nullable Call call = model.reserve(scopes, attempt, amounts);
        Decision decision =
                ledger.reserve(
                        new SpendLedger.Claim(
                                scopes.toArray(Subject[]::new),
                                attempt.toArray(Subject[]::new),
                                amounts,
                                time.instant()));
        String did = "reserve " + scopes + attempt + amounts;
        assertThat(decision instanceof Decision.Granted).as(did).isEqualTo(call != null);
        if (call != null && decision instanceof Decision.Granted granted) {
            running.add(new Pair(call, granted.hold()));
        }
        return did;
    }

    private String settle(Pair pair, Amounts used) {
        model.settle(pair.call(), used);
        ledger.settle(pair.hold(), used);
        return "settle " + used;
    }

    private Amounts used(Pair pair) {
        if (random.nextInt(10) == 0) {
            return Amounts.NOTHING;
        }
        long debt = random.nextInt(10) == 0 ? 50 : 0;
        return Amounts.ofCall(
                random.nextLong(pair.hold().amounts().tokens() + debt + 1),
                random.nextLong(pair.hold().amounts().nanos() + debt + 1));
    }

    private String extend(Pair pair) {
        Amounts more = new Amounts(0, random.nextLong(30), random.nextLong(30));
        assertThat(ledger.extend(pair.hold(), more)).isEqualTo(model.extend(pair.call(), more));
        return "extend " + more;
    }

    private String redirect(Pair pair) {
        List<Subject> attempt = List.of(upstream(), model());
        assertThat(ledger.redirect(pair.hold(), attempt.toArray(Subject[]::new)))
                .isEqualTo(model.redirect(pair.call(), attempt));
        return "redirect " + attempt;
    }

    private String expire() {
        Instant before = time.instant().minusSeconds(random.nextLong(120));
        model.expire(before);
        ledger.expire(before);
        return "expire before " + before;
    }

    private String crash() {
        model.crash();
        running.clear();
        ledger = new MemoryLedger(time, time::nanos);
        model.limitBy(Map.of());
        model.limitBy(limits);
        ledger.limitBy(limits);
        new Priming(ledger, model).run();
        return "crash";
    }

    private String changeLimits() {
        Map<Subject, List<Limit>> changed = new HashMap<>();
        for (Subject subject : everybody()) {
            List<Limit> before = limits.getOrDefault(subject, List.of());
            List<Limit> after = random.nextInt(3) > 0 ? before : randomLimits();
            if (!after.isEmpty()) {
                changed.put(subject, after);
            }
        }
        limits = changed;
        model.limitBy(changed);
        ledger.limitBy(changed);
        new Priming(ledger, model).run();
        return "limits " + changed;
    }

    private List<Limit> randomLimits() {
        List<Limit> made = new ArrayList<>();
        for (int i = random.nextInt(4); i > 0; i--) {
            Limit limit = randomLimit();
            if (made.stream().noneMatch(limit::countsLike)) {
                made.add(limit);
            }
        }
        return List.copyOf(made);
    }

    private Limit randomLimit() {
        Measure measure = MEASURES.get(random.nextInt(MEASURES.size()));
        if (measure == Measure.CONCURRENCY) {
            return Limit.concurrency(random.nextLong(1, 6));
        }
        Period period = PERIODS.get(random.nextInt(PERIODS.size()));
        if (period == Period.MINUTE && measure == Measure.MONEY) {
            period = Period.DAY;
        }
        long amount = measure == Measure.REQUESTS ? random.nextLong(12) : random.nextLong(600);
        ZoneId zone = period == Period.MINUTE ? ZONES.getFirst() : ZONES.get(random.nextInt(4));
        return new Limit(measure, period, amount, zone);
    }

    private String withAny(Function<Pair, String> action) {
        return running.isEmpty()
                ? "nothing"
                : action.apply(running.get(random.nextInt(running.size())));
    }

    private void check(String when) {
        for (Standing standing : ledger.explain(everybody())) {
            assertThat(List.of(standing.used(), standing.reserved()))
                    .as(
                            "used and reserved of %s %s: %s",
                            standing.subject(), standing.limit(), when)
                    .isEqualTo(model.usedAndReserved(standing.subject(), standing.limit()));
        }
    }

    private static List<Subject> everybody() {
        List<Subject> all = new ArrayList<>(List.of(Subject.global()));
        for (int i = 0; i < 3; i++) {
            all.add(Subject.key(new UUID(1, i)));
            all.add(Subject.organization(new UUID(2, i)));
            all.add(Subject.user(new UUID(4, i)));
            all.add(Subject.upstream(new UUID(3, i)));
        }
        return all;
    }

    private Subject key() {
        return Subject.key(new UUID(1, random.nextInt(3)));
    }

    private Subject user() {
        return Subject.user(new UUID(4, random.nextInt(3)));
    }

    private Subject organization() {
        return Subject.organization(new UUID(2, random.nextInt(3)));
    }

    private Subject upstream() {
        return Subject.upstream(new UUID(3, random.nextInt(3)));
    }

    private Subject model() {
        return Subject.model("m" + random.nextInt(2));
    }
}
