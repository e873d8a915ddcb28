package dev.sluice.admin.log;

import dev.sluice.admin.log.RequestLogStore.KeyUse;
import dev.sluice.journal.RecordImport;
import dev.sluice.proxy.account.RequestRecord;
import dev.sluice.store.Database;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;

/**
 * Writes the journal's records into {@code request_logs}, and with them how often keys were used.
 */
public final class DatabaseRecordImport implements RecordImport {
    private final Database database;
    private final Clock clock;

    public DatabaseRecordImport(Database database, Clock clock) {
        this.database = database;
        this.clock = clock;
    }

    @Override
    public long importedUpTo(String node) {
        return database.read(handle -> handle.attach(RequestLogStore.class).position(node))
                .orElse(0L);
    }

    @Override
    public void write(String node, long upTo, List<RequestRecord> records) {
        List<LogRow> rows = records.stream().map(LogRow::of).toList();
        List<KeyUse> uses = uses(rows);
        database.update(handle -> {
            RequestLogStore store = handle.attach(RequestLogStore.class);
            if (!rows.isEmpty()) {
                LogColumns.INSERT.execute(handle, database.vendor(), rows);
            }
            // A second try of what had been committed all the same counts nothing twice.
            boolean isNew = store.moveTo(node, upTo, clock.instant()) > 0;
            if (isNew && !uses.isEmpty()) {
                store.used(uses);
            }
        });
    }

    /** In the order of ids, so that two nodes that import at once do not wait for each other. */
    private static List<KeyUse> uses(List<LogRow> rows) {
        Map<UUID, KeyUse> byKey = new TreeMap<>();
        for (LogRow row : rows) {
            if (row.apiKeyId() != null) {
                KeyUse use = new KeyUse(row.apiKeyId(), 1, row.startedAt());
                byKey.merge(row.apiKeyId(), use, KeyUse::and);
            }
        }
        return List.copyOf(byKey.values());
    }
}
