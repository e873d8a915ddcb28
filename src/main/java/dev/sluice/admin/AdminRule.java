package dev.sluice.admin;

import dev.sluice.http.Rule;

/** What an operation of the control plane asks of its caller. */
public enum AdminRule implements Rule {
    /** May look at everything in the gateway. */
    READ,
    /** May change everything in the gateway. */
    WRITE,
    /**
     * Is known. What the caller sees and may change is decided thing by thing: whatever belongs to
     * another organization is not found.
     */
    SIGNED_IN,
    /** Anybody while there is no user; after that, who may change everything in the gateway. */
    SETUP,
    /** Anybody: signing in, and the set-up while nobody ever has. */
    PUBLIC;

    /** {@return whether that actor passes} */
    public boolean admits(Actor actor) {
        return switch (this) {
            case READ -> actor.isGatewayWide();
            case WRITE, SETUP -> actor.isGatewayWide() && actor.role().isManaging();
            case SIGNED_IN -> actor.kind() != Actor.Kind.ANONYMOUS;
            case PUBLIC -> true;
        };
    }
}
