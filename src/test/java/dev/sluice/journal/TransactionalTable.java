package dev.sluice.journal;

import dev.sluice.proxy.account.RequestRecord;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Predicate;

/**
 * A database table in memory, with transactions: position and rows appear together or not at all.
 */
final class TransactionalTable implements RecordImport {
    private final Map<UUID, RequestRecord> rows = new LinkedHashMap<>();
    private final Map<String, Long> positions = new HashMap<>();
    private Predicate<RequestRecord> refused = _ -> false;
    private Runnable beforeCommit = () -> {};
    private Runnable afterCommit = () -> {};
    private int writtenTwice;

    /** Fails, when asked to write and when it has written. */
    synchronized TransactionalTable failing(Runnable before, Runnable after) {
        beforeCommit = before;
        afterCommit = after;
        return this;
    }

    /** Takes no batch that contains such a record. */
    synchronized TransactionalTable refusing(Predicate<RequestRecord> record) {
        refused = record;
        return this;
    }

    @Override
    public synchronized long importedUpTo(String node) {
        beforeCommit.run();
        return positions.getOrDefault(node, 0L);
    }

    @Override
    public synchronized void write(String node, long upTo, List<RequestRecord> records) {
        beforeCommit.run();
        if (records.stream().anyMatch(refused)) {
            throw new IllegalStateException("a value is out of range");
        }
        for (RequestRecord record : records) {
            writtenTwice += rows.putIfAbsent(record.id(), record) == null ? 0 : 1;
        }
        positions.merge(node, upTo, Math::max);
        afterCommit.run();
    }

    synchronized RequestRecord row(UUID id) {
        return Objects.requireNonNull(rows.get(id));
    }

    synchronized List<UUID> ids() {
        return List.copyOf(rows.keySet());
    }

    /** {@return how many records came again although they were there} */
    synchronized int writtenTwice() {
        return writtenTwice;
    }

    synchronized void position(String node, long upTo) {
        positions.put(node, upTo);
    }
}
