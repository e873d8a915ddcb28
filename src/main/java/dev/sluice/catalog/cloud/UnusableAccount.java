package dev.sluice.catalog.cloud;

/** A credential in JSON that cannot be used. The message says why, and nothing of its secrets. */
public final class UnusableAccount extends Exception {
    private static final long serialVersionUID = 1L;

    UnusableAccount(String message) {
        super(message, null, false, false);
    }

    /** {@return what is wrong with it, to follow the name of the field that holds it} */
    public String problem() {
        return String.valueOf(getMessage());
    }
}
