package dev.sluice.proxy.target;

import java.time.Instant;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** What is known of an upstream whatever the model: its keys, its room, its last health check. */
public final class UpstreamState {
    private final KeyPool keys = new KeyPool();
    private final ConcurrencyGate gate;
    private volatile Health health = Health.UNKNOWN;

    UpstreamState(LongSupplier ticker) {
        this.gate = new ConcurrencyGate(ticker);
    }

    /**
     * What the last health check found.
     *
     * @param isUp null if it was never checked
     * @param millis how long the check took
     * @param problem what was wrong, in words for operators
     */
    public record Health(
            @Nullable Boolean isUp,
            @Nullable Instant checkedAt,
            @Nullable Instant lastUpAt,
            @Nullable Long millis,
            @Nullable String problem) {
        public static final Health UNKNOWN = new Health(null, null, null, null, null);

        public boolean isDown() {
            return Boolean.FALSE.equals(isUp);
        }
    }

    public KeyPool keys() {
        return keys;
    }

    public ConcurrencyGate gate() {
        return gate;
    }

    public Health health() {
        return health;
    }

    public void checked(Health found) {
        this.health = found;
    }
}
