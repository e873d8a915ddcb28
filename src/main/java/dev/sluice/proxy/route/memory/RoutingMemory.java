package dev.sluice.proxy.route.memory;

import dev.sluice.proxy.target.Measurements;
import dev.sluice.proxy.target.Target;
import dev.sluice.proxy.target.TargetId;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What routing remembers. No method waits: an implementation that several nodes share answers from
 * a copy of its own and spreads what is new in the background.
 *
 * <p>Everything may be out of date by as much as that takes, and nothing depends on it but the
 * order in which places are tried: measurements of a moment ago rank a place too high or too low; a
 * binding that is missing or old lets one call of a session go elsewhere. Whether a place is open,
 * rests or has room is each node's own knowledge and not in here.
 */
public interface RoutingMemory {

    /** {@return what was measured of a target} */
    Measurements measurements(Target target);

    /** {@return where calls of that session for that model go, or null} */
    @Nullable TargetId bound(SessionKey session, String model);

    /** {@return where calls of that session go, or null} */
    @Nullable Binding binding(SessionKey session);

    /** Binds the session, or keeps it bound for another while. */
    void bind(SessionKey session, String model, TargetId target);

    /** {@return whether the session was bound at all} */
    boolean unbind(SessionKey session);

    /**
     * {@return the sessions of that key, or of all keys where it is null, most recent first}
     *
     * @param most how many at most
     */
    List<Map.Entry<SessionKey, Binding>> sessions(@Nullable UUID keyId, int most);

    /** {@return how many sessions are bound} */
    int sessionCount();
}
