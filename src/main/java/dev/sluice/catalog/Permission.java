package dev.sluice.catalog;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** What a key may do. */
public enum Permission {
    /** See models. */
    READ,
    /** Call models; also spelled {@code chat}. */
    WRITE,
    /** Proxy anything else raw to an upstream. */
    RAW,
    /** Use the control plane. */
    ADMIN;

    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }

    public static Optional<Permission> named(String wireName) {
        return Arrays.stream(values())
                .filter(permission ->
                        permission.wireName().equals(wireName)
                                || (permission == WRITE && wireName.equals("chat")))
                .findFirst();
    }
}
