package dev.sluice.proxy.route.memory;

import dev.sluice.proxy.target.Measurements;
import dev.sluice.proxy.target.Target;
import dev.sluice.proxy.target.TargetId;
import dev.sluice.proxy.target.Targets;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The memory of one process. */
public final class LocalMemory implements RoutingMemory {
    private final Targets targets;
    private final StickySessions sessions;

    public LocalMemory(Targets targets, StickySessions sessions) {
        this.targets = targets;
        this.sessions = sessions;
    }

    @Override
    public Measurements measurements(Target target) {
        return target.measurements(targets.now());
    }

    @Override
    public @Nullable TargetId bound(SessionKey session, String model) {
        Binding binding = sessions.find(session);
        return binding == null ? null : binding.target(model);
    }

    @Override
    public @Nullable Binding binding(SessionKey session) {
        return sessions.find(session);
    }

    @Override
    public void bind(SessionKey session, String model, TargetId target) {
        sessions.bind(session, model, target);
    }

    @Override
    public boolean unbind(SessionKey session) {
        return sessions.forget(session);
    }

    @Override
    public List<Map.Entry<SessionKey, Binding>> sessions(@Nullable UUID keyId, int most) {
        return sessions.list(keyId, most);
    }

    @Override
    public int sessionCount() {
        return sessions.size();
    }
}
