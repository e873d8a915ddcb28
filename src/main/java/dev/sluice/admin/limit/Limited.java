package dev.sluice.admin.limit;

import dev.sluice.catalog.limit.Limit;
import dev.sluice.catalog.limit.Subject;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A subject and all its limits.
 *
 * @param model the model's name, where the subject is one
 */
record Limited(Subject subject, @Nullable String model, List<Limit> limits) {
    Limited {
        limits = List.copyOf(limits);
    }
}
