package dev.sluice.proxy.route;

import dev.sluice.catalog.UpstreamKey;
import dev.sluice.proxy.route.memory.SessionKey;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which of an upstream's keys a call would rather use. Keys may belong to different accounts, and
 * what an upstream keeps or has cached for one, another does not have: a conversation therefore
 * stays with its key as long as that does not rest.
 *
 * @param label of the key whose account keeps what the call refers to, or null
 * @param seed what the conversation is known by, or the request where it stands alone; null where
 *     any key is as good
 */
public record KeyWish(@Nullable String label, @Nullable Long seed) {
    public static final KeyWish NONE = new KeyWish(null, null);

    /** {@return the wish of calls in that session} */
    static KeyWish of(SessionKey session) {
        return new KeyWish(null, seed(session));
    }

    private static long seed(SessionKey session) {
        long seed = session.keyId().getLeastSignificantBits();
        String name = session.session();
        for (int i = 0; i < name.length(); i++) {
            seed = mixed(seed + name.charAt(i));
        }
        return seed;
    }

    /** {@return this, with the key of that label before all others; the same if it is null} */
    KeyWish before(@Nullable String first) {
        return first == null ? this : new KeyWish(first, seed);
    }

    /**
     * {@return the keys that are wished for, the most wanted first} Each takes its share of
     * conversations by its weight, and one that comes, goes or rests moves no conversation but its
     * own (rendezvous hashing).
     */
    public List<UpstreamKey> among(List<UpstreamKey> keys) {
        if (keys.size() < 2 || this.equals(NONE)) {
            return List.of();
        }
        List<UpstreamKey> wanted = new ArrayList<>(seed == null ? List.of() : keys);
        wanted.sort(Comparator.comparingDouble(this::distance));
        for (UpstreamKey key : keys) {
            if (key.label().equals(label)) {
                wanted.remove(key);
                wanted.addFirst(key);
            }
        }
        return wanted;
    }

    /** An exponential draw at the rate of its weight: the least of several is by weight. */
    private double distance(UpstreamKey key) {
        long drawn = mixed((seed == null ? 0 : seed) ^ mixed(key.label().hashCode()));
        double point = ((drawn >>> 11) + 0.5) * 0x1.0p-53;
        return -Math.log(point) / key.weight();
    }

    /** The finalizer of SplitMix64: every bit of the value moves about half of the result's. */
    private static long mixed(long value) {
        long mixed = (value ^ (value >>> 30)) * 0xbf58476d1ce4e5b9L;
        mixed = (mixed ^ (mixed >>> 27)) * 0x94d049bb133111ebL;
        return mixed ^ (mixed >>> 31);
    }
}
