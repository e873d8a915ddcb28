package dev.sluice.store;

/** A row was to be written whose unique value another row has already. */
public final class DuplicateRow extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public DuplicateRow(Throwable cause) {
        super("another row has this value already", cause);
    }
}
