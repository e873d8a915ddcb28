package dev.sluice.settings;

import org.jspecify.annotations.Nullable;

/**
 * One thing that can be set.
 *
 * @param key its path in the file, such as {@code journal.max_bytes}
 * @param variable its name in the environment
 * @param standard its value where nothing is said; null means that it then has none
 * @param secret whether its value must never be shown
 */
public record Setting(
        String key,
        String variable,
        Kind kind,
        @Nullable String standard,
        boolean secret,
        String description) {

    /** What its text means. */
    public enum Kind {
        TEXT("text"),
        INTEGER("a whole number"),
        BYTES("bytes, such as 32MiB"),
        DURATION("a duration, such as 15s, 250ms or 5m"),
        FLAG("true or false"),
        LIST("a list: JSON, or separated by commas");

        private final String form;

        Kind(String form) {
            this.form = form;
        }

        public String form() {
            return form;
        }
    }
}
