package dev.sluice.chat;

import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Fields that the canonical form does not model, kept with the protocol they came from: written
 * back by that protocol's own writer, and reported as lost by the others. Whoever read them knows
 * how grave that loss is: unknown fields make the answer weaker at most, a known one such as {@code
 * previous_response_id} may make it wrong.
 *
 * @param origin null only for none at all
 */
public record Extras(@Nullable Protocol origin, List<Extra> fields) {
    public static final Extras NONE = new Extras(null, List.of());

    /**
     * @param path dotted, from the object that bears the extras: {@code
     *     generationConfig.speechConfig}
     */
    public record Extra(String path, JsonNode value, Loss.Severity severity) {}

    public Extras {
        fields = List.copyOf(fields);
    }

    public static Extras of(Protocol origin, List<Extra> fields) {
        return fields.isEmpty() ? NONE : new Extras(origin, fields);
    }

    public boolean isEmpty() {
        return fields.isEmpty();
    }

    /** {@return the fields if they are that protocol's own, otherwise none} */
    public List<Extra> in(Protocol protocol) {
        return origin == protocol ? fields : List.of();
    }

    /** {@return the fields that a writer of that protocol cannot say} */
    public List<Extra> lostIn(Protocol protocol) {
        return origin == protocol ? List.of() : fields;
    }
}
