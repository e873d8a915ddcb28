package dev.sluice.proxy.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.catalog.limit.Limit;
import dev.sluice.catalog.limit.Measure;
import dev.sluice.catalog.limit.Period;
import dev.sluice.catalog.limit.Subject;
import dev.sluice.proxy.ledger.SpendLedger.Claim;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/** A thousand callers at once against one budget, each again and again. */
class LedgerRaceTest {
    private static final int CALLERS = 1_000;
    private static final int CALLS_EACH = 50;
    private static final long BUDGET = 1_000_000;
    private static final long LARGEST = 500;
    private static final Subject KEY = Subject.key(new UUID(1, 1));
    private static final Subject ORGANIZATION = Subject.organization(new UUID(2, 1));
    private static final List<Subject> UPSTREAMS =
            List.of(Subject.upstream(new UUID(3, 1)), Subject.upstream(new UUID(3, 2)));

    private final MemoryLedger ledger = new MemoryLedger(Clock.systemUTC(), System::nanoTime);
    private final AtomicLong spent = new AtomicLong();
    private final AtomicLong refused = new AtomicLong();

    @Test
    void aBudgetIsSpentToItsEndAndNeverBeyond() throws Exception {
        ledger.limitBy(
                Map.of(
                        KEY,
                        List.of(Limit.budget(Measure.TOKENS, Period.TOTAL, BUDGET)),
                        ORGANIZATION,
                        List.of(Limit.budget(Measure.TOKENS, Period.TOTAL, 2 * BUDGET)),
                        UPSTREAMS.getFirst(),
                        List.of(Limit.concurrency(100))));
        long seed = System.nanoTime();

        run(seed);

        assertThat(spent.get()).as("seed %d", seed).isLessThanOrEqualTo(BUDGET);
        assertThat(spent.get()).as("seed %d", seed).isGreaterThanOrEqualTo(BUDGET - LARGEST);
        assertThat(refused.get()).isPositive();
        assertThat(ledger.reserved()).isEqualTo(new SpendLedger.Reserved(0, 0, 0));
        assertThat(ledger.explain(List.of(KEY, ORGANIZATION)))
                .allSatisfy(standing -> {
                    assertThat(standing.used()).isEqualTo(spent.get());
                    assertThat(standing.reserved()).isZero();
                });
        assertThat(ledger.explain(UPSTREAMS).getFirst().reserved()).isZero();
    }

    private void run(long seed) throws Exception {
        CountDownLatch start = new CountDownLatch(1);
        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> callers = new ArrayList<>();
            for (int i = 0; i < CALLERS; i++) {
                Random random = new Random(seed + i);
                callers.add(
                        executor.submit(() -> {
                            start.await();
                            for (int call = 0; call < CALLS_EACH; call++) {
                                call(random);
                            }
                            return null;
                        }));
            }
            start.countDown();
            for (Future<?> caller : callers) {
                caller.get();
            }
        }
    }

    private void call(Random random) {
        long worst = random.nextLong(1, LARGEST + 1);
        Subject[] attempt = {UPSTREAMS.get(random.nextInt(2))};
        Claim claim =
                new Claim(
                        new Subject[] {Subject.global(), ORGANIZATION, KEY},
                        attempt,
                        Amounts.ofCall(worst, 0),
                        Instant.now());
        if (!(ledger.reserve(claim) instanceof Decision.Granted granted)) {
            refused.incrementAndGet();
            return;
        }
        LockSupport.parkNanos(1_000);
        if (random.nextInt(4) == 0) {
            ledger.redirect(granted.hold(), new Subject[] {UPSTREAMS.get(random.nextInt(2))});
        }
        long used = random.nextLong(worst + 1);
        ledger.settle(granted.hold(), Amounts.ofCall(used, 0));
        ledger.settle(granted.hold(), Amounts.ofCall(used, 0));
        spent.addAndGet(used);
    }
}
