package dev.sluice.journal;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * The openings that have no record yet, and in which segment each stands: they must not vanish with
 * it. Guarded by the journal's lock.
 */
final class OpenCalls {
    private final Map<UUID, Open> open = new HashMap<>();

    /**
     * @param segment the number of the newest segment in which it stands
     */
    record Open(UUID call, byte[] payload, long segment) {}

    /** Notes an entry that stands in that segment. */
    void note(Frame.Kind kind, UUID call, byte[] payload, long segment) {
        switch (kind) {
            case OPENED -> open.put(call, new Open(call, payload, segment));
            case CLOSED -> open.remove(call);
        }
    }

    /** {@return those that would vanish with that segment and the ones before it} */
    List<Open> upTo(long segment) {
        return open.values().stream().filter(call -> call.segment() <= segment).toList();
    }

    /** {@return whether that opening is still open, and has not been written anew meanwhile} */
    boolean contains(Open call) {
        Open now = open.get(call.call());
        return now != null && now.segment() == call.segment();
    }

    int count() {
        return open.size();
    }
}
