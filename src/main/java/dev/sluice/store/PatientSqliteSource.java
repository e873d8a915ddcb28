package dev.sluice.store;

import java.sql.SQLException;
import java.time.Duration;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteConnection;
import org.sqlite.SQLiteDataSource;
import org.sqlite.SQLiteErrorCode;

/**
 * Opens a SQLite file, and waits while it is busy. SQLite's own busy time-out does not hold where
 * several connections turn a new file into a WAL one at once, or where the last one cleans up as it
 * closes (sqlite.org/wal.html, "Sometimes queries return SQLITE_BUSY in WAL mode").
 */
final class PatientSqliteSource extends SQLiteDataSource {
    private static final long PAUSE_MILLIS = 10;

    private final Duration patience;

    PatientSqliteSource(SQLiteConfig config, Duration patience) {
        super(config);
        this.patience = patience;
    }

    @Override
    public SQLiteConnection getConnection(String username, String password) throws SQLException {
        long start = System.nanoTime();
        while (true) {
            try {
                return super.getConnection(username, password);
            } catch (SQLException failure) {
                if (!isBusy(failure) || System.nanoTime() - start > patience.toNanos()) {
                    throw failure;
                }
            }
            pause();
        }
    }

    private static boolean isBusy(SQLException failure) {
        return (failure.getErrorCode() & 0xff) == SQLiteErrorCode.SQLITE_BUSY.code;
    }

    private static void pause() throws SQLException {
        try {
            Thread.sleep(PAUSE_MILLIS);
        } catch (InterruptedException interruption) {
            Thread.currentThread().interrupt();
            throw new SQLException("interrupted while waiting for the file", interruption);
        }
    }
}
