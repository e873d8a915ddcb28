package dev.sluice.store;

/**
 * The database is away, too slow, full or read-only: nothing is wrong with what was asked of it,
 * and asking again later may succeed. Never to be taken for "not found". The message names neither
 * address nor credentials.
 */
public final class DatabaseUnavailable extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public DatabaseUnavailable(String message, Throwable cause) {
        super(message, cause);
    }

    public DatabaseUnavailable(String message) {
        super(message);
    }
}
