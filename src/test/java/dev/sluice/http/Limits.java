package dev.sluice.http;

import java.lang.reflect.RecordComponent;
import java.time.Duration;
import java.util.Arrays;

/** The standard limits, but for some. */
record Limits(HttpLimits value) {

    static Limits standard() {
        return new Limits(HttpLimits.standard());
    }

    Limits with(String name, Object changed) {
        RecordComponent[] components = HttpLimits.class.getRecordComponents();
        try {
            Object[] values = new Object[components.length];
            for (int i = 0; i < components.length; i++) {
                boolean isThat = components[i].getName().equals(name);
                values[i] = isThat ? changed : components[i].getAccessor().invoke(value);
            }
            Class<?>[] types =
                    Arrays.stream(components)
                            .map(RecordComponent::getType)
                            .toArray(Class<?>[]::new);
            return new Limits(HttpLimits.class.getDeclaredConstructor(types).newInstance(values));
        } catch (java.lang.reflect.InvocationTargetException refused) {
            throw new IllegalArgumentException(String.valueOf(refused.getCause()), refused);
        } catch (ReflectiveOperationException failure) {
            throw new LinkageError("HttpLimits cannot be copied", failure);
        }
    }

    Limits millis(String name, long millis) {
        return with(name, Duration.ofMillis(millis));
    }
}
