package dev.sluice.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CyclicBarrier;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConnectionsTest {
    private static final int THREADS = 3;
    private static final int FILES = 200;

    @TempDir Path folder;

    @Test
    void aNewFileIsOpenedBySeveralAtOnce() throws Exception {
        Queue<SQLException> failures = new ConcurrentLinkedQueue<>();
        CyclicBarrier together = new CyclicBarrier(THREADS);
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
            threads.add(Thread.ofPlatform().start(() -> openAll(together, failures)));
        }
        for (Thread thread : threads) {
            thread.join();
        }

        assertThat(failures).isEmpty();
    }

    /** An index over a large table takes longer than any statement may while calls are served. */
    @Test
    void aMigrationMayTakeLongerThanAStatement() {
        var url =
                (DatabaseUrl.Postgresql) DatabaseUrl.parse("postgresql://sluice@localhost/sluice");

        assertThat(Connections.postgresqlSource(url).getSocketTimeout()).isEqualTo(15);
        assertThat(Connections.patientPostgresqlSource(url).getSocketTimeout())
                .isGreaterThanOrEqualTo(3600);
    }

    private void openAll(CyclicBarrier together, Queue<SQLException> failures) {
        for (int i = 0; i < FILES; i++) {
            DataSource source = Connections.sqliteSource(folder.resolve(i + ".db"));
            try {
                together.await();
                try (Connection connection = source.getConnection()) {
                    connection.getMetaData();
                }
            } catch (SQLException failure) {
                failures.add(failure);
            } catch (InterruptedException | BrokenBarrierException failure) {
                throw new AssertionError(failure);
            }
        }
    }
}
