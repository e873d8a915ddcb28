package dev.sluice.proxy.state;

import java.util.List;

/** Keeps references across restarts. Never waits: what it takes it writes later. */
public interface ReferenceStore {
    /** Keeps nothing. */
    ReferenceStore NONE = _ -> {};

    void keep(List<KeptReference> references);
}
