package dev.sluice.settings;

import java.util.List;

/**
 * Settings that belong together.
 *
 * @param name what their keys begin with
 * @param description for operators, in a sentence
 */
public record Section(String name, String description, List<Setting> settings) {

    public Section {
        settings = List.copyOf(settings);
        for (Setting setting : settings) {
            if (!setting.key().startsWith(name + ".")) {
                throw new IllegalArgumentException(setting.key() + " is not of section " + name);
            }
        }
    }

    public static Section of(String name, String description, Setting... settings) {
        return new Section(name, description, List.of(settings));
    }
}
