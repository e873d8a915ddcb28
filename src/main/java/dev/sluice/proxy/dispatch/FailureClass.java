package dev.sluice.proxy.dispatch;

import java.util.Locale;

/** What a failed attempt means. */
public enum FailureClass {
    /** It may well work elsewhere or later: transport failures, time-outs, 5xx. */
    TRANSIENT,
    /** The upstream limits our rate. */
    LIMITED,
    /** The operator's account has no money or quota left. */
    QUOTA,
    /** The operator's credential is refused. */
    CREDENTIAL,
    /** The upstream does not serve the model (any more). */
    MODEL_GONE,
    /** The request itself is at fault: every upstream would refuse it. */
    CALLER,
    /** Anything else. */
    UNKNOWN;

    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** {@return whether another candidate may do better} */
    boolean isWorthAnother() {
        return this != CALLER;
    }

    /**
     * {@return whether it concerns the operator's own account, of which a client must learn
     * nothing}
     */
    boolean isTheOperators() {
        return this == CREDENTIAL || this == QUOTA;
    }
}
