package dev.sluice.settings;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a setting's text must look like.
 *
 * @param description as in "must be …"
 * @param fits whether a text has this form
 */
public record Form(String description, Predicate<String> fits) {
    private static final Pattern DURATION = Pattern.compile("(\\d{1,9})\\s*(ms|s|m|h|d)?");
    private static final Pattern BYTES =
            Pattern.compile("(\\d{1,15})\\s*(B|KB|KIB|MB|MIB|GB|GIB)?");
    private static final Set<String> YES = Set.of("true", "yes", "on", "1");
    private static final Set<String> NO = Set.of("false", "no", "off", "0");

    public static Form text() {
        return new Form("text", _ -> true);
    }

    public static Form matching(String description, String regex) {
        return new Form(description, Pattern.compile(regex).asMatchPredicate());
    }

    public static Form oneOf(String... words) {
        List<String> known = List.of(words);
        return new Form(
                "one of " + String.join(", ", known),
                text -> known.contains(text.toLowerCase(Locale.ROOT)));
    }

    public static Form integer(int least, int most) {
        return new Form(
                "a whole number from " + least + " to " + most,
                text ->
                        text.matches("-?\\d{1,9}")
                                && isWithin(Integer.parseInt(text), least, most));
    }

    public static Form bytes(long least, long most) {
        return new Form(
                "a size such as 512KiB or 32MiB, from " + size(least) + " to " + size(most),
                text -> {
                    OptionalLong bytes = bytesIn(text);
                    return bytes.isPresent() && isWithin(bytes.getAsLong(), least, most);
                });
    }

    public static Form duration() {
        return new Form(
                "a duration such as 250ms, 15s or 5m",
                text -> durationIn(text).filter(Duration::isPositive).isPresent());
    }

    public static Form flag() {
        return new Form(
                "true or false",
                text -> {
                    String word = text.toLowerCase(Locale.ROOT);
                    return YES.contains(word) || NO.contains(word);
                });
    }

    public static Form list() {
        return new Form("a list, as JSON or separated by commas", _ -> true);
    }

    static boolean flagIn(String text) {
        return YES.contains(text.toLowerCase(Locale.ROOT));
    }

    static OptionalLong bytesIn(String text) {
        Matcher matcher = BYTES.matcher(text.toUpperCase(Locale.ROOT));
        if (!matcher.matches()) {
            return OptionalLong.empty();
        }
        long factor =
                switch (matcher.group(2)) {
                    case "KB", "KIB" -> 1L << 10;
                    case "MB", "MIB" -> 1L << 20;
                    case "GB", "GIB" -> 1L << 30;
                    case null, default -> 1L;
                };
        return OptionalLong.of(Long.parseLong(matcher.group(1)) * factor);
    }

    static Optional<Duration> durationIn(String text) {
        Matcher matcher = DURATION.matcher(text);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        long number = Long.parseLong(matcher.group(1));
        return Optional.of(
                switch (matcher.group(2)) {
                    case "ms" -> Duration.ofMillis(number);
                    case "m" -> Duration.ofMinutes(number);
                    case "h" -> Duration.ofHours(number);
                    case "d" -> Duration.ofDays(number);
                    case null, default -> Duration.ofSeconds(number);
                });
    }

    private static boolean isWithin(long number, long least, long most) {
        return number >= least && number <= most;
    }

    private static String size(long bytes) {
        if (bytes % (1L << 30) == 0) {
            return (bytes >> 30) + "GiB";
        }
        return bytes % (1L << 20) == 0 ? (bytes >> 20) + "MiB" : (bytes >> 10) + "KiB";
    }
}
