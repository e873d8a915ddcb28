package dev.sluice.proxy.account;

import java.util.Locale;

/** Whose fault a bad ending is. */
public enum Fault {
    CLIENT,
    GATEWAY,
    UPSTREAM;

    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
