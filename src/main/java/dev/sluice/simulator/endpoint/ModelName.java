package dev.sluice.simulator.endpoint;

import org.jspecify.annotations.Nullable;

/**
 * A model as a request names it: {@code sim-1!status=429,retry-after=2} is the model {@code sim-1}
 * with directives.
 */
public record ModelName(String name, @Nullable String directives) {

    public static ModelName of(String text) {
        int mark = text.indexOf('!');
        return mark < 0
                ? new ModelName(text, null)
                : new ModelName(text.substring(0, mark), text.substring(mark + 1));
    }
}
