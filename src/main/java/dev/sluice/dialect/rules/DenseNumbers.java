package dev.sluice.dialect.rules;

import java.util.HashMap;
import java.util.Map;

/** Numbers things from 0 without gaps in the order in which they first appear. */
public final class DenseNumbers<K> {
    private final Map<K, Integer> numbers = new HashMap<>();

    public int of(K key) {
        return numbers.computeIfAbsent(key, unseen -> numbers.size());
    }

    public boolean has(K key) {
        return numbers.containsKey(key);
    }

    public int size() {
        return numbers.size();
    }
}
