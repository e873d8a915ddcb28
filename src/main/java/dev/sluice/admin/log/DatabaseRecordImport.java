package dev.sluice.admin.log;

import dev.sluice.journal.RecordImport;
import dev.sluice.proxy.account.RequestRecord;
import dev.sluice.store.Database;
import java.time.Clock;
import java.util.List;

/** Writes the journal's records into {@code request_logs}. */
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
        database.update(handle -> {
            RequestLogStore store = handle.attach(RequestLogStore.class);
            if (!rows.isEmpty()) {
                store.insert(rows);
            }
            store.moveTo(node, upTo, clock.instant());
        });
    }
}
