package dev.sluice.settings;

import org.jspecify.annotations.Nullable;

/**
 * One thing that can be set.
 *
 * @param key its path in the file, such as {@code journal.max_bytes}
 * @param variable its name in the environment
 * @param form what its text must look like
 * @param standard its value where nothing is said; null means that it then has none
 * @param secret whether its value must never be shown
 * @param description for operators, in a sentence
 */
public record Setting(
        String key,
        String variable,
        Form form,
        @Nullable String standard,
        boolean secret,
        String description) {

    /** {@return a setting that has a value even where nothing is said} */
    public static Setting setting(
            String key, String variable, Form form, String standard, String description) {
        return new Setting(key, variable, form, standard, false, description);
    }

    /** {@return a setting that may be left out} */
    public static Setting optional(String key, String variable, Form form, String description) {
        return new Setting(key, variable, form, null, false, description);
    }

    /** {@return a setting whose value is never shown, and which may be left out} */
    public static Setting secret(String key, String variable, String description) {
        return new Setting(key, variable, Form.text(), null, true, description);
    }

    /** {@return the same setting with another value where nothing is said} */
    public Setting otherwise(String standard) {
        return new Setting(key, variable, form, standard, secret, description);
    }
}
