package dev.sluice.store;

import java.sql.SQLException;
import java.sql.SQLTransientException;
import java.util.Set;
import org.jdbi.v3.core.ConnectionException;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/** What a failure of the driver means: the row's fault, the database's, or ours. */
final class SqlFailures {
    /**
     * PostgreSQL error classes: connection, insufficient resources (disk full), operator
     * intervention (shutdown, cancelled by time-out), system error; and 25006, a write to a server
     * that has become a replica, 55P03, a lock that was not to be had in time.
     */
    private static final Set<String> AWAY = Set.of("08", "53", "57", "58", "25006", "55P03");

    private static final Set<SQLiteErrorCode> SQLITE_AWAY =
            Set.of(
                    SQLiteErrorCode.SQLITE_BUSY,
                    SQLiteErrorCode.SQLITE_LOCKED,
                    SQLiteErrorCode.SQLITE_FULL,
                    SQLiteErrorCode.SQLITE_IOERR,
                    SQLiteErrorCode.SQLITE_CANTOPEN,
                    SQLiteErrorCode.SQLITE_READONLY,
                    SQLiteErrorCode.SQLITE_CORRUPT,
                    SQLiteErrorCode.SQLITE_NOTADB);

    private SqlFailures() {}

    /** {@return the failure as callers are to see it} */
    static RuntimeException translated(RuntimeException failure) {
        SQLException cause = sqlCause(failure);
        if (cause == null) {
            return failure;
        }
        if (isDuplicate(cause)) {
            return new DuplicateRow(failure);
        }
        if (failure instanceof ConnectionException || isAway(cause)) {
            return new DatabaseUnavailable(
                    "the database cannot be used at the moment (" + reason(cause) + ")", failure);
        }
        return failure;
    }

    private static String reason(SQLException cause) {
        if (cause instanceof SQLiteException sqlite) {
            return sqlite.getResultCode().name();
        }
        return cause.getSQLState() == null ? "no connection" : "SQLSTATE " + cause.getSQLState();
    }

    /**
     * {@return whether a transaction failed only because of another one and may be tried again}
     * Serialization failure and deadlock.
     */
    static boolean isConflict(RuntimeException failure) {
        SQLException cause = sqlCause(failure);
        String state = cause == null ? null : cause.getSQLState();
        return "40001".equals(state) || "40P01".equals(state);
    }

    private static @Nullable SQLException sqlCause(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException sql) {
                return sql;
            }
        }
        return null;
    }

    private static boolean isDuplicate(SQLException failure) {
        if (failure instanceof SQLiteException sqlite) {
            return sqlite.getResultCode() == SQLiteErrorCode.SQLITE_CONSTRAINT_UNIQUE
                    || sqlite.getResultCode() == SQLiteErrorCode.SQLITE_CONSTRAINT_PRIMARYKEY;
        }
        return "23505".equals(failure.getSQLState());
    }

    private static boolean isAway(SQLException failure) {
        if (failure instanceof SQLiteException sqlite) {
            // Extended result codes carry their class in the low byte.
            int primary = sqlite.getResultCode().code & 0xff;
            return SQLITE_AWAY.stream().anyMatch(code -> code.code == primary);
        }
        if (failure instanceof SQLTransientException) {
            return true;
        }
        String state = failure.getSQLState();
        return state != null
                && (AWAY.contains(state)
                        || (state.length() == 5 && AWAY.contains(state.substring(0, 2))));
    }
}
