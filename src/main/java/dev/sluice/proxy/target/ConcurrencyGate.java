package dev.sluice.proxy.target;

import dev.sluice.catalog.Upstream.Limits;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * How many calls an upstream gets at once and in each second. Who finds no room may wait in a short
 * queue, which is fair: the API keys that wait take turns, whatever the number of their calls, and
 * when it is full, whoever has most places gives up the newest. Nobody overtakes who waits. The
 * lock guards the queue alone and is held for a few instructions.
 */
public final class ConcurrencyGate {
    /** More than that do not wait: the last of them would be too late anyway. */
    private static final int MOST_WAITING = 256;

    private final LongSupplier ticker;
    private final AtomicInteger running = new AtomicInteger();
    private final AtomicInteger waiting = new AtomicInteger();
    private final QpsBucket second = new QpsBucket();
    private final Map<UUID, Deque<Place>> queues = new LinkedHashMap<>();
    private volatile Limits limits = Limits.NONE;

    public ConcurrencyGate(LongSupplier ticker) {
        this.ticker = ticker;
    }

    /** One call's room. Giving it back again is harmless. */
    public final class Room implements AutoCloseable {
        private final AtomicBoolean isTaken = new AtomicBoolean(true);

        @Override
        public void close() {
            if (isTaken.compareAndSet(true, false)) {
                running.decrementAndGet();
                admitWaiting();
            }
        }
    }

    /** A place in the queue. */
    public static final class Place {
        private final Runnable onTurn;
        private @Nullable Room room;

        private Place(Runnable onTurn) {
            this.onTurn = onTurn;
        }
    }

    /** {@return room for a call, or null if there is none or others wait for it} */
    public @Nullable Room enter(Limits of) {
        limits = of;
        return waiting.get() > 0 || !take() ? null : new Room();
    }

    /**
     * {@return a place in the queue, or null if that is full} When its turn has come, or it has to
     * give way to another caller, it is told, once, on any thread, and takes its room, if it has
     * any, with {@link #leaveQueue}.
     */
    public @Nullable Place queue(UUID caller, Runnable onTurn) {
        Place place = new Place(onTurn);
        Place givenUp = null;
        synchronized (queues) {
            if (waiting.get() >= MOST_WAITING) {
                givenUp = newestOfTheGreedy(caller);
                if (givenUp == null) {
                    return null;
                }
            }
            queues.computeIfAbsent(caller, _ -> new ArrayDeque<>(1)).add(place);
            waiting.incrementAndGet();
        }
        if (givenUp != null) {
            givenUp.onTurn.run();
        }
        admitWaiting();
        return place;
    }

    /** Ends the waiting; {@return the room, or null if the turn has not come}. */
    public @Nullable Room leaveQueue(Place place) {
        synchronized (queues) {
            if (place.room == null) {
                remove(place);
            }
            Room room = place.room;
            place.room = null;
            return room;
        }
    }

    /** Lets in who waits, as far as there is room; to be called when a new second begins. */
    public void admitWaiting() {
        Place next = nextIn();
        while (next != null) {
            next.onTurn.run();
            next = nextIn();
        }
    }

    /** {@return whether no call gets in at once} */
    public boolean isFull(Limits of) {
        Integer most = of.maxConcurrency();
        Integer qps = of.maxQps();
        return waiting.get() > 0
                || (most != null && running.get() >= most)
                || (qps != null && second.isEmpty(qps, ticker.getAsLong()));
    }

    public int running() {
        return running.get();
    }

    public int waiting() {
        return waiting.get();
    }

    /** {@return how long until more calls are allowed for no other reason than time} */
    public long millisToNextSecond() {
        long nanos = QpsBucket.nanosToNextSecond(ticker.getAsLong());
        return TimeUnit.NANOSECONDS.toMillis(nanos) + 1;
    }

    private @Nullable Place nextIn() {
        if (waiting.get() == 0) {
            return null;
        }
        synchronized (queues) {
            Iterator<Map.Entry<UUID, Deque<Place>>> callers = queues.entrySet().iterator();
            if (!callers.hasNext() || !take()) {
                return null;
            }
            Map.Entry<UUID, Deque<Place>> first = callers.next();
            UUID caller = first.getKey();
            Deque<Place> places = first.getValue();
            callers.remove();
            Place place = places.remove();
            waiting.decrementAndGet();
            place.room = new Room();
            if (!places.isEmpty()) {
                queues.put(caller, places);
            }
            return place;
        }
    }

    /** {@return what is given up for that caller; null if nobody has more than it would have} */
    private @Nullable Place newestOfTheGreedy(UUID caller) {
        Deque<Place> own = queues.get(caller);
        Deque<Place> most = null;
        int size = own == null ? 1 : own.size() + 1;
        for (Deque<Place> places : queues.values()) {
            if (places.size() > size) {
                most = places;
                size = places.size();
            }
        }
        if (most == null) {
            return null;
        }
        waiting.decrementAndGet();
        return most.removeLast();
    }

    private void remove(Place place) {
        Iterator<Deque<Place>> all = queues.values().iterator();
        while (all.hasNext()) {
            Deque<Place> places = all.next();
            if (places.remove(place)) {
                waiting.decrementAndGet();
                if (places.isEmpty()) {
                    all.remove();
                }
                return;
            }
        }
    }

    private boolean take() {
        Limits of = limits;
        if (!takeRoom(of.maxConcurrency())) {
            return false;
        }
        Integer qps = of.maxQps();
        if (qps != null && !second.take(qps, ticker.getAsLong())) {
            running.decrementAndGet();
            return false;
        }
        return true;
    }

    private boolean takeRoom(@Nullable Integer most) {
        if (most == null) {
            running.incrementAndGet();
            return true;
        }
        while (true) {
            int is = running.get();
            if (is >= most) {
                return false;
            }
            if (running.compareAndSet(is, is + 1)) {
                return true;
            }
        }
    }
}
