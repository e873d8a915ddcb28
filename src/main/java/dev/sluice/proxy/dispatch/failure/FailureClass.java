package dev.sluice.proxy.dispatch.failure;

import java.util.Locale;

/** What a failed attempt means. */
public enum FailureClass {
    /** It may well work elsewhere or later: transport failures, time-outs, overload, 5xx. */
    TRANSIENT,
    /** The upstream limits our rate. */
    LIMITED,
    /** The operator's account has no money or quota left. */
    QUOTA,
    /** The operator's credential is refused. */
    CREDENTIAL,
    /** The operator's account may not use that model, or not so. */
    FORBIDDEN,
    /** The upstream does not serve the place that the gateway calls from. */
    REGION,
    /** The upstream does not serve the model (any more). */
    MODEL_GONE,
    /** The request is too long for the model; another may take it. */
    CONTEXT_OVERFLOW,
    /** The upstream refuses the content; another may not. */
    CONTENT_REFUSED,
    /** The request itself is at fault: every upstream would refuse it. */
    CALLER,
    /** Anything else. */
    UNKNOWN;

    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** {@return whether any other candidate may do better with the same request} */
    public boolean isWorthAnother() {
        return switch (this) {
            case TRANSIENT, LIMITED, QUOTA, CREDENTIAL, FORBIDDEN, REGION, MODEL_GONE, UNKNOWN ->
                    true;
            case CONTEXT_OVERFLOW, CONTENT_REFUSED, CALLER -> false;
        };
    }

    /** {@return whether the same target may do better a moment later} */
    public boolean isWorthWaiting() {
        return this == TRANSIENT || this == LIMITED;
    }

    /** {@return whether another of the upstream's keys may do better} */
    public boolean isAboutTheKey() {
        return this == CREDENTIAL || this == FORBIDDEN || this == QUOTA || this == LIMITED;
    }

    /**
     * {@return whether it concerns the operator's own account, of which a client must learn
     * nothing}
     */
    public boolean isTheOperators() {
        return this == CREDENTIAL || this == FORBIDDEN || this == QUOTA || this == REGION;
    }
}
