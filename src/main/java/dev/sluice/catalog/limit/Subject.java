package dev.sluice.catalog.limit;

import java.nio.charset.StandardCharsets;
import java.util.UUID;

/** One holder of limits: a certain key, a certain organization, … */
public record Subject(Scope scope, UUID id) {
    private static final UUID NIL = new UUID(0, 0);
    private static final Subject EVERYTHING = new Subject(Scope.GLOBAL, NIL);

    /** {@return all calls together} */
    public static Subject global() {
        return EVERYTHING;
    }

    public static Subject organization(UUID id) {
        return new Subject(Scope.ORGANIZATION, id);
    }

    public static Subject user(UUID id) {
        return new Subject(Scope.USER, id);
    }

    public static Subject key(UUID id) {
        return new Subject(Scope.KEY, id);
    }

    public static Subject upstream(UUID id) {
        return new Subject(Scope.UPSTREAM, id);
    }

    /** {@return the model of that id, whose own id is made of its name} */
    public static Subject model(String model) {
        return new Subject(
                Scope.MODEL, UUID.nameUUIDFromBytes(model.getBytes(StandardCharsets.UTF_8)));
    }
}
