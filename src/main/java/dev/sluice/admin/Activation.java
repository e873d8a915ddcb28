package dev.sluice.admin;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Whether a key, a user or an organization is switched on, and if not, how high who switched it off
 * stood. Nobody undoes what was decided above them.
 *
 * @param disabledBy the highest who said so; null while it is on
 */
public record Activation(@Nullable Rank disabledBy) {
    public static final Activation ON = new Activation(null);

    /** {@return what two columns hold} */
    public static Activation stored(boolean isActive, @Nullable String disabledBy) {
        return isActive ? ON : new Activation(Rank.stored(disabledBy));
    }

    public boolean isActive() {
        return disabledBy == null;
    }

    /** {@return the rank for the column} */
    public @Nullable String column() {
        return disabledBy == null ? null : disabledBy.wireName();
    }

    /**
     * {@return this as that actor leaves it} Who stands higher and says it is off makes that
     * theirs.
     *
     * @throws AdminException 403 where somebody higher has switched it off
     */
    public Activation switched(boolean on, Actor actor) {
        Rank rank = actor.rank();
        if (disabledBy == null) {
            return on ? ON : new Activation(rank);
        }
        boolean isHighEnough = rank.compareTo(disabledBy) >= 0;
        if (!on) {
            return isHighEnough ? new Activation(rank) : this;
        }
        if (!isHighEnough) {
            throw new AdminException(
                    403,
                    "disabled_from_above",
                    "This was switched off by %s: ask one of them, or somebody higher, to switch it on again"
                            .formatted(disabledBy.words()));
        }
        return ON;
    }

    /**
     * {@return this with what the body says in its place} It may be said as {@code is_active} and
     * as {@code status}, which must not contradict each other.
     */
    public Activation patched(JsonNode body, Actor actor) {
        Patch patch = new Patch(body);
        if (!patch.has("is_active") && !patch.has("status")) {
            return this;
        }
        boolean byStatus = body.path("status").asString("").equals("active");
        boolean on = patch.value("is_active", byStatus, JsonNode::booleanValue);
        if (patch.has("status") && on != byStatus) {
            throw AdminException.invalidRequest("is_active contradicts status", "status");
        }
        return switched(on, actor);
    }

    /** Shows it as {@code is_active} and {@code disabled_by}. */
    public ObjectNode write(ObjectNode view) {
        return view.put("is_active", isActive()).put("disabled_by", column());
    }
}
