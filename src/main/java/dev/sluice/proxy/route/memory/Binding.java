package dev.sluice.proxy.route.memory;

import dev.sluice.proxy.target.TargetId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where a session goes: for each of the few models that it uses, most recent first.
 *
 * @param since when it was first bound
 * @param lastUsed when it last was
 */
public record Binding(List<Place> places, Instant since, Instant lastUsed) {
    private static final int MOST_PLACES = 8;

    /**
     * @param model as the client names it
     */
    public record Place(String model, TargetId target) {}

    public Binding {
        places = List.copyOf(places);
    }

    public @Nullable TargetId target(String model) {
        for (Place place : places) {
            if (place.model().equals(model)) {
                return place.target();
            }
        }
        return null;
    }

    /** {@return this, going there for that model} */
    Binding with(Place place, Instant now) {
        if (places.getFirst().equals(place)) {
            return new Binding(places, since, now);
        }
        List<Place> changed = new ArrayList<>(places.size() + 1);
        changed.add(place);
        for (Place other : places) {
            if (!other.model().equals(place.model()) && changed.size() < MOST_PLACES) {
                changed.add(other);
            }
        }
        return new Binding(changed, since, now);
    }
}
