package dev.sluice.simulator.delivery;

import java.time.Clock;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;

/**
 * The latest requests that a simulator saw, for tests. Bounded in number, and in what is kept of
 * each body. Safe for many threads.
 */
public final class Sightings {
    private static final int MAX_BODY = 1 << 20;
    private static final long MAX_BODIES = 64L << 20;

    private final int capacity;
    private final Clock clock;
    private final Deque<Sighting> latest = new ArrayDeque<>();
    private long seen;
    private long bodies;

    /**
     * @param capacity how many are kept; 0 keeps none
     */
    public Sightings(int capacity, Clock clock) {
        this.capacity = capacity;
        this.clock = clock;
    }

    public boolean isRecording() {
        return capacity > 0;
    }

    /** {@return the oldest first} */
    public synchronized List<Sighting> all() {
        return List.copyOf(latest);
    }

    /** {@return how many there were since the start or the last reset, kept or not} */
    public synchronized long count() {
        return seen;
    }

    public synchronized void reset() {
        latest.clear();
        seen = 0;
        bodies = 0;
    }

    Sighting see(Sighting.Request request) {
        if (!isRecording()) {
            return new Sighting(0, clock.instant(), request);
        }
        byte[] body = request.body();
        byte[] kept = body.length > MAX_BODY ? Arrays.copyOf(body, MAX_BODY) : body;
        Sighting.Request bounded =
                new Sighting.Request(request.method(), request.target(), request.headers(), kept);
        synchronized (this) {
            Sighting sighting = new Sighting(++seen, clock.instant(), bounded);
            latest.add(sighting);
            bodies += kept.length;
            while (latest.size() > capacity || bodies > MAX_BODIES) {
                bodies -= latest.removeFirst().body().length;
            }
            return sighting;
        }
    }

    void ended(Sighting sighting, Sighting.Outcome outcome) {
        sighting.ended(outcome, clock.instant());
    }
}
