package dev.sluice.settings;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * What the settings say, read by kind. What does not read as its kind is a problem, and its
 * standard value stands in.
 */
public final class Values {
    private static final Pattern DURATION = Pattern.compile("(\\d+)\\s*(ms|s|m|h|d)?");
    private static final Pattern BYTES = Pattern.compile("(\\d+)\\s*(B|KB|KIB|MB|MIB|GB|GIB)?");

    private final Map<String, Said> said;
    private final Map<String, Setting> settings;
    private final List<Problem> problems;

    Values(Map<String, Said> said, Map<String, Setting> settings, List<Problem> problems) {
        this.said = said;
        this.settings = settings;
        this.problems = problems;
    }

    /** {@return the text of a setting, or null where it has none} */
    public @Nullable String text(String key) {
        Said found = said.get(key);
        if (found != null && !found.text().isEmpty()) {
            return found.text();
        }
        return setting(key).standard();
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

    public int integer(String key, int least, int most) {
        String text = requiredText(key);
        try {
            int number = Integer.parseInt(text.strip());
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException notANumber) {
            // told below
        }
        wrong(key, "It must be a whole number from " + least + " to " + most + ".");
        return Integer.parseInt(standard(key));
    }

    public long bytes(String key, long least) {
        Long bytes = bytes(requiredText(key));
        if (bytes != null && bytes >= least) {
            return bytes;
        }
        wrong(key, "It must be at least " + least + " bytes, such as 32MiB.");
        Long otherwise = bytes(standard(key));
        return otherwise == null ? least : otherwise;
    }

    public Duration duration(String key) {
        Duration duration = durationIn(requiredText(key));
        if (duration != null) {
            return duration;
        }
        wrong(key, "It must be a positive duration, such as 15s, 250ms or 5m.");
        Duration otherwise = durationIn(standard(key));
        return otherwise == null ? Duration.ofSeconds(1) : otherwise;
    }

    public boolean flag(String key) {
        return switch (requiredText(key).strip().toLowerCase(Locale.ROOT)) {
            case "true", "yes", "on", "1" -> true;
            case "false", "no", "off", "0" -> false;
            default -> {
                wrong(key, "It must be true or false.");
                yield Boolean.parseBoolean(standard(key));
            }
        };
    }

    public List<String> list(String key) {
        String text = text(key);
        if (text == null) {
            return List.of();
        }
        if (text.strip().startsWith("[")) {
            try {
                return List.of(JsonMapper.shared().readValue(text, String[].class));
            } catch (JacksonException notJson) {
                wrong(key, "It must be a JSON list of strings, or separated by commas.");
                return List.of();
            }
        }
        return Arrays.stream(text.split(","))
                .map(String::strip)
                .filter(item -> !item.isEmpty())
                .toList();
    }

    /** Notes that what is said of a setting cannot be. */
    public void wrong(String key, String message, String cure) {
        Said found = said.get(key);
        String place = found == null ? "not set" : found.place();
        problems.add(new Problem(key + " / " + setting(key).variable(), place, message, cure));
    }

    private void wrong(String key, String message) {
        String standard = setting(key).standard();
        wrong(key, message, standard == null ? "Mend it." : "The standard is " + standard + ".");
    }

    private String standard(String key) {
        String standard = setting(key).standard();
        return standard == null ? "" : standard;
    }

    private Setting setting(String key) {
        Setting setting = settings.get(key);
        if (setting == null) {
            throw new IllegalArgumentException("no such setting: " + key);
        }
        return setting;
    }

    private static @Nullable Long bytes(String text) {
        Matcher matcher = BYTES.matcher(text.strip().toUpperCase(Locale.ROOT));
        if (!matcher.matches() || matcher.group(1).length() > 15) {
            return null;
        }
        String unit = matcher.group(2) == null ? "B" : matcher.group(2);
        long factor =
                switch (unit) {
                    case "KB", "KIB" -> 1L << 10;
                    case "MB", "MIB" -> 1L << 20;
                    case "GB", "GIB" -> 1L << 30;
                    default -> 1L;
                };
        return Long.parseLong(matcher.group(1)) * factor;
    }

    private static @Nullable Duration durationIn(String text) {
        Matcher matcher = DURATION.matcher(text.strip());
        if (!matcher.matches() || matcher.group(1).length() > 12) {
            return null;
        }
        long number = Long.parseLong(matcher.group(1));
        String unit = matcher.group(2) == null ? "s" : matcher.group(2);
        Duration duration =
                switch (unit) {
                    case "ms" -> Duration.ofMillis(number);
                    case "m" -> Duration.ofMinutes(number);
                    case "h" -> Duration.ofHours(number);
                    case "d" -> Duration.ofDays(number);
                    default -> Duration.ofSeconds(number);
                };
        return duration.isZero() ? null : duration;
    }
}
