package dev.sluice.proxy.route.memory;

import dev.sluice.proxy.target.TargetId;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Where sessions go, as long as they are used. Bounded: the ones unused for longest are forgotten,
 * and those of one API key when it has more than its share, so that no key drives out all others.
 * The lock is held for a few look-ups.
 */
public final class StickySessions {
    private final Clock clock;
    private final Bounds bounds;
    private final SequencedMap<SessionKey, Binding> all = newestLast();
    private final Map<UUID, Map<SessionKey, Boolean>> byKey = new HashMap<>();

    /**
     * @param most sessions altogether
     * @param mostOfKey sessions of one API key
     * @param lifetime after the last use
     */
    public record Bounds(int most, int mostOfKey, Duration lifetime) {
        public static final Bounds STANDARD = new Bounds(100_000, 10_000, Duration.ofHours(2));
    }

    public StickySessions(Clock clock, Bounds bounds) {
        this.clock = clock;
        this.bounds = bounds;
    }

    public synchronized @Nullable Binding find(SessionKey session) {
        Binding binding = all.get(session);
        if (binding != null && isOver(binding, clock.instant())) {
            forget(session);
            return null;
        }
        return binding;
    }

    public synchronized void bind(SessionKey session, String model, TargetId target) {
        Instant now = clock.instant();
        Binding.Place place = new Binding.Place(model, target);
        Binding before = all.get(session);
        all.put(
                session,
                before == null ? new Binding(List.of(place), now, now) : before.with(place, now));
        Map<SessionKey, Boolean> ofKey = byKey.computeIfAbsent(session.keyId(), _ -> newestLast());
        ofKey.put(session, true);
        if (ofKey.size() > bounds.mostOfKey()) {
            forget(ofKey.keySet().iterator().next());
        }
        if (all.size() > bounds.most()) {
            forget(all.keySet().iterator().next());
        }
    }

    public synchronized boolean forget(SessionKey session) {
        if (all.remove(session) == null) {
            return false;
        }
        Map<SessionKey, Boolean> ofKey = byKey.get(session.keyId());
        if (ofKey != null) {
            ofKey.remove(session);
            if (ofKey.isEmpty()) {
                byKey.remove(session.keyId());
            }
        }
        return true;
    }

    /** {@return the sessions of that key, or of all, most recent first} */
    public synchronized List<Map.Entry<SessionKey, Binding>> list(@Nullable UUID keyId, int most) {
        Instant now = clock.instant();
        List<Map.Entry<SessionKey, Binding>> found = new ArrayList<>();
        for (Map.Entry<SessionKey, Binding> entry : all.sequencedEntrySet().reversed()) {
            boolean wanted = keyId == null || entry.getKey().keyId().equals(keyId);
            if (wanted && !isOver(entry.getValue(), now)) {
                found.add(Map.entry(entry.getKey(), entry.getValue()));
            }
            if (found.size() >= most) {
                break;
            }
        }
        return List.copyOf(found);
    }

    public synchronized int size() {
        return all.size();
    }

    private boolean isOver(Binding binding, Instant now) {
        return !now.isBefore(binding.lastUsed().plus(bounds.lifetime()));
    }

    private static <V> SequencedMap<SessionKey, V> newestLast() {
        return new LinkedHashMap<>(16, 0.75f, true);
    }
}
