package dev.sluice.proxy.target;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.catalog.Upstream.Limits;
import dev.sluice.proxy.FakeTicker;
import dev.sluice.proxy.Fixtures;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ConcurrencyGateTest {
    private static final UUID NOISY = Fixtures.id("noisy");
    private static final UUID QUIET = Fixtures.id("quiet");

    private final FakeTicker ticker = new FakeTicker();
    private final ConcurrencyGate gate = new ConcurrencyGate(ticker);

    private ConcurrencyGate.Room enter(Limits limits) {
        return Objects.requireNonNull(gate.enter(limits), "there is room");
    }

    private ConcurrencyGate.Place queue(UUID caller, Runnable onTurn) {
        return Objects.requireNonNull(gate.queue(caller, onTurn), "there is a place");
    }

    @Test
    void noMoreThanTheLimitGetIn() {
        Limits two = new Limits(null, 2);
        ConcurrencyGate.Room first = enter(two);
        enter(two);
        assertThat(gate.enter(two)).isNull();
        assertThat(gate.isFull(two)).isTrue();
        first.close();
        first.close();
        assertThat(gate.running()).isEqualTo(1);
        assertThat(gate.enter(two)).isNotNull();
        assertThat(gate.enter(two)).isNull();
    }

    @Test
    void withoutLimitsEverybodyGetsIn() {
        for (int i = 0; i < 1000; i++) {
            assertThat(gate.enter(Limits.NONE)).isNotNull();
        }
        assertThat(gate.running()).isEqualTo(1000);
    }

    @Test
    void callersTakeTurnsWhateverTheNumberOfTheirCalls() {
        Limits one = new Limits(null, 1);
        ConcurrencyGate.Room running = enter(one);
        List<String> order = new ArrayList<>();
        List<ConcurrencyGate.Place> places = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            places.add(queue(NOISY, () -> order.add("noisy")));
        }
        places.add(queue(QUIET, () -> order.add("quiet")));
        running.close();
        assertThat(order).containsExactly("noisy");
        leave(places.get(0));
        assertThat(order).containsExactly("noisy", "quiet");
        leave(places.get(3));
        leave(places.get(1));
        assertThat(order).containsExactly("noisy", "quiet", "noisy", "noisy");
    }

    /** Takes the room of a place whose turn has come, and gives it back. */
    private void leave(ConcurrencyGate.Place place) {
        Objects.requireNonNull(gate.leaveQueue(place), "its turn has come").close();
    }

    @Test
    void nobodyOvertakesWhoWaits() {
        Limits one = new Limits(null, 1);
        ConcurrencyGate.Room running = enter(one);
        AtomicInteger turns = new AtomicInteger();
        ConcurrencyGate.Place place = queue(QUIET, turns::incrementAndGet);
        assertThat(gate.waiting()).isEqualTo(1);
        running.close();
        assertThat(turns).hasValue(1);
        assertThat(gate.enter(one)).isNull();
        ConcurrencyGate.Room room = gate.leaveQueue(place);
        assertThat(room).isNotNull();
        Objects.requireNonNull(room).close();
        assertThat(gate.running()).isZero();
        assertThat(gate.enter(one)).isNotNull();
    }

    @Test
    void whoLeavesTheQueueBeforeItsTurnTakesNothingWithIt() {
        Limits one = new Limits(null, 1);
        ConcurrencyGate.Room running = enter(one);
        AtomicInteger turns = new AtomicInteger();
        ConcurrencyGate.Place place = queue(QUIET, turns::incrementAndGet);
        assertThat(gate.leaveQueue(place)).isNull();
        assertThat(gate.waiting()).isZero();
        running.close();
        assertThat(turns).hasValue(0);
        assertThat(gate.running()).isZero();
    }

    @Test
    void theQueueIsShort() {
        enter(new Limits(null, 1));
        int waiting = 0;
        while (gate.queue(NOISY, () -> {}) != null) {
            waiting++;
        }
        assertThat(waiting).isEqualTo(256);
        assertThat(gate.waiting()).isEqualTo(256);
    }

    @Test
    void whenItIsFullWhoHasMostPlacesGivesUpTheNewest() {
        ConcurrencyGate.Room running = enter(new Limits(null, 1));
        List<String> told = new ArrayList<>();
        List<ConcurrencyGate.Place> noisy = new ArrayList<>();
        for (int i = 0; i < 256; i++) {
            String name = "noisy " + i;
            noisy.add(queue(NOISY, () -> told.add(name)));
        }
        ConcurrencyGate.Place quiet = queue(QUIET, () -> told.add("quiet"));
        assertThat(told).containsExactly("noisy 255");
        assertThat(gate.leaveQueue(noisy.getLast())).isNull();
        assertThat(gate.waiting()).isEqualTo(256);
        assertThat(gate.queue(NOISY, () -> {})).isNull();
        told.clear();
        running.close();
        leave(noisy.getFirst());
        assertThat(told).containsExactly("noisy 0", "quiet");
        leave(quiet);
    }

    @Test
    void callersThatFillItShareItInTheEnd() {
        enter(new Limits(null, 1));
        for (int i = 0; i < 270; i++) {
            gate.queue(NOISY, () -> {});
        }
        int got = 0;
        while (gate.queue(QUIET, () -> {}) != null) {
            got++;
        }
        assertThat(got).isEqualTo(128);
        assertThat(gate.waiting()).isEqualTo(256);
    }

    @Test
    void callsASecondAreLimitedAndThoseThatWaitGoInTheNext() {
        Limits twoASecond = new Limits(2, null);
        enter(twoASecond);
        enter(twoASecond);
        assertThat(gate.enter(twoASecond)).isNull();
        assertThat(gate.isFull(twoASecond)).isTrue();
        AtomicInteger turns = new AtomicInteger();
        queue(QUIET, turns::incrementAndGet);
        assertThat(turns).hasValue(0);
        ticker.advanceSeconds(1);
        gate.admitWaiting();
        assertThat(turns).hasValue(1);
    }

    @Test
    void underManyThreadsTheLimitHoldsAndNothingStaysTaken() {
        Limits three = new Limits(null, 3);
        AtomicInteger inside = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        try (ExecutorService threads = Executors.newFixedThreadPool(6)) {
            for (int i = 0; i < 6; i++) {
                threads.execute(() -> {
                    for (int n = 0; n < 5_000; n++) {
                        ConcurrencyGate.Room room = gate.enter(three);
                        if (room != null) {
                            most.accumulateAndGet(inside.incrementAndGet(), Math::max);
                            inside.decrementAndGet();
                            room.close();
                        }
                    }
                });
            }
        }
        assertThat(most.get()).isBetween(1, 3);
        assertThat(gate.running()).isZero();
    }
}
