package dev.sluice.admin.state;

import dev.sluice.proxy.state.Keeper;
import dev.sluice.proxy.state.KeptReference;
import dev.sluice.proxy.state.ReferenceStore;
import dev.sluice.store.Database;
import dev.sluice.store.DatabaseUnavailable;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jdbi.v3.core.Handle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code upstream_references}: one thread writes what it is given, in batches; while the database
 * is away it waits. Rows go after a while: providers keep stored responses for thirty days.
 */
public final class DatabaseReferences implements ReferenceStore, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(DatabaseReferences.class);
    private static final int LONGEST_QUEUE = 10_000;
    private static final int LARGEST_BATCH = 500;
    private static final Duration KEPT = Duration.ofDays(31);
    private static final Duration PAUSE = Duration.ofSeconds(2);

    private final Database database;
    private final Clock clock;
    private final BlockingQueue<KeptReference> waiting = new ArrayBlockingQueue<>(LONGEST_QUEUE);
    private final Thread writer;
    private volatile boolean closing;

    public DatabaseReferences(Database database, Clock clock) {
        this.database = database;
        this.clock = clock;
        this.writer = Thread.ofPlatform().name("references").daemon().unstarted(this::write);
    }

    public void start() {
        writer.start();
    }

    @Override
    public void keep(List<KeptReference> references) {
        for (KeptReference reference : references) {
            if (!waiting.offer(reference)) {
                LOG.warn(
                        "{} references wait for the database already; this one is known until the"
                                + " next restart only",
                        LONGEST_QUEUE);
                return;
            }
        }
    }

    /** {@return the newest that are known, oldest first; none while the database is away} */
    public List<KeptReference> newest(int most) {
        try {
            return database.read(handle -> newest(handle, most)).reversed();
        } catch (DatabaseUnavailable away) {
            return List.of();
        }
    }

    private static List<KeptReference> newest(Handle handle, int most) {
        return handle.createQuery(
                        "select * from upstream_references order by made_at desc limit :most")
                .bind("most", most)
                .map((row, context) ->
                        new KeptReference(
                                row.getString("id"),
                                row.getString("kind"),
                                id(row.getString("api_key_id")),
                                row.getString("user_id") == null
                                        ? null
                                        : id(row.getString("user_id")),
                                new Keeper(
                                        id(row.getString("upstream_id")),
                                        row.getString("upstream_key")),
                                instant(row.getLong("made_at"))))
                .list();
    }

    private static UUID id(String text) {
        return UUID.fromString(text);
    }

    private static Instant instant(long micros) {
        return Instant.EPOCH.plusNanos(micros * 1000);
    }

    private void write() {
        List<KeptReference> batch = new ArrayList<>();
        while (!closing || !waiting.isEmpty()) {
            try {
                KeptReference first = waiting.poll(200, TimeUnit.MILLISECONDS);
                if (first != null) {
                    batch.add(first);
                    waiting.drainTo(batch, LARGEST_BATCH - 1);
                    write(batch);
                    batch.clear();
                }
            } catch (InterruptedException interruption) {
                return;
            }
        }
    }

    private void write(List<KeptReference> batch) throws InterruptedException {
        while (true) {
            try {
                database.update(handle -> insert(handle, batch));
                return;
            } catch (DatabaseUnavailable away) {
                if (closing) {
                    return;
                }
                Thread.sleep(PAUSE);
            }
        }
    }

    private void insert(Handle handle, List<KeptReference> batch) {
        for (KeptReference kept : batch) {
            handle.createUpdate(
                            """
                            insert into upstream_references
                                (id, kind, api_key_id, user_id, upstream_id, upstream_key,
                                made_at)
                            values (:id, :kind, :key, :user, :upstream, :upstreamKey, :made)
                            on conflict (id) do nothing
                            """)
                    .bind("id", kept.id())
                    .bind("kind", kept.kind())
                    .bind("key", kept.keyId())
                    .bind("user", kept.userId())
                    .bind("upstream", kept.keeper().upstreamId())
                    .bind("upstreamKey", kept.keeper().keyLabel())
                    .bind("made", kept.madeAt())
                    .execute();
        }
        handle.createUpdate("delete from upstream_references where made_at < :before")
                .bind("before", clock.instant().minus(KEPT))
                .execute();
    }

    @Override
    public void close() {
        closing = true;
        try {
            writer.join(Duration.ofSeconds(3));
        } catch (InterruptedException interruption) {
            Thread.currentThread().interrupt();
        }
    }
}
