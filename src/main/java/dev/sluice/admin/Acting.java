package dev.sluice.admin;

import dev.sluice.catalog.Role;
import java.util.function.Supplier;

/**
 * Who acts on the present thread. Known to the trail of changes without every rule passing it on;
 * nothing is decided by it.
 */
public final class Acting {
    private static final ScopedValue<Actor> ACTOR = ScopedValue.newInstance();
    private static final Actor GATEWAY =
            new Actor(Actor.Kind.OPERATOR, null, "gateway", Role.OWNER, null, "local");

    private Acting() {}

    /** {@return the result of what that actor does} */
    public static <T> T as(Actor actor, Supplier<T> action) {
        return ScopedValue.where(ACTOR, actor).call(action::get);
    }

    /** {@return who acts; the gateway itself where nobody asked for it} */
    public static Actor actor() {
        return ACTOR.orElse(GATEWAY);
    }
}
