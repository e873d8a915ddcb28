package dev.sluice.settings;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * What the settings say. A text that has not its setting's form is a problem, and the standard
 * value stands in for it, so that all problems are found in one go.
 */
public final class Values {
    private static final int LONGEST_SHOWN = 60;

    private final Map<String, Said> said;
    private final Map<String, Setting> settings;
    private final List<Problem> problems;
    private final List<Problem> warnings = new ArrayList<>();

    Values(Map<String, Said> said, Map<String, Setting> settings, List<Problem> problems) {
        this.said = said;
        this.settings = settings;
        this.problems = problems;
        settings.values().forEach(this::checkForm);
    }

    private void checkForm(Setting setting) {
        Said found = said.get(setting.key());
        if (found != null && !setting.form().fits().test(found.text())) {
            wrong(
                    setting.key(),
                    "It must be " + setting.form().description() + ".",
                    setting.standard() == null
                            ? "Correct it, or leave it out."
                            : "Correct it, or leave it out for " + setting.standard() + ".");
            said.remove(setting.key());
        }
    }

    /** {@return the text of a setting, or null where it has none} */
    public @Nullable String text(String key) {
        Said found = said.get(key);
        return found == null ? setting(key).standard() : found.text();
    }

    /** {@return the text of a setting that has a standard value} */
    public String requiredText(String key) {
        String text = text(key);
        if (text == null) {
            throw new IllegalStateException(key + " has no standard value");
        }
        return text;
    }

    public boolean isSaid(String key) {
        return said.containsKey(key);
    }

    public int integer(String key) {
        return Integer.parseInt(requiredText(key));
    }

    public long bytes(String key) {
        return Form.bytesIn(requiredText(key)).orElseThrow();
    }

    public Duration duration(String key) {
        return Form.durationIn(requiredText(key)).orElseThrow();
    }

    public boolean flag(String key) {
        return Form.flagIn(requiredText(key));
    }

    public List<String> list(String key) {
        String text = text(key);
        if (text == null) {
            return List.of();
        }
        if (text.startsWith("[")) {
            try {
                return List.of(JsonMapper.shared().readValue(text, String[].class));
            } catch (JacksonException notJson) {
                wrong(
                        key,
                        "It begins like a JSON list and is none.",
                        "Write [\"one\", \"two\"], or one, two.");
                return List.of();
            }
        }
        return Arrays.stream(text.split(","))
                .map(String::strip)
                .filter(item -> !item.isEmpty())
                .toList();
    }

    /** Notes that what is said of a setting cannot be; the gateway does not start. */
    public void wrong(String key, String message, String cure) {
        problems.add(problem(key, message, cure));
    }

    /** Notes that what is said of a setting is unwise; the gateway starts all the same. */
    public void warn(String key, String message, String cure) {
        warnings.add(problem(key, message, cure));
    }

    public List<Problem> warnings() {
        return List.copyOf(warnings);
    }

    private Problem problem(String key, String message, String cure) {
        Setting setting = setting(key);
        Said found = said.get(key);
        String place = found == null ? "not set" : found.place();
        String shown = found == null || setting.secret() ? "" : shown(found.text());
        return new Problem(key + " / " + setting.variable(), place, shown + message, cure);
    }

    private static String shown(String text) {
        String line = text.replaceAll("\\p{Cntrl}", " ");
        return "'%s': "
                .formatted(
                        line.length() > LONGEST_SHOWN
                                ? line.substring(0, LONGEST_SHOWN) + "…"
                                : line);
    }

    private Setting setting(String key) {
        Setting setting = settings.get(key);
        if (setting == null) {
            throw new IllegalArgumentException("no such setting: " + key);
        }
        return setting;
    }
}
