package dev.sluice.dialect.rules;

import dev.sluice.chat.Part.CacheMark;
import dev.sluice.dialect.trait.Trait;
import dev.sluice.dialect.trait.UpstreamTraits;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Cache marks and their times to live, which every protocol writes as {@code 5m} or {@code 1h}. */
public final class CacheMarks {
    private static final Pattern TIME = Pattern.compile("(\\d{1,4})([smhd])");

    private CacheMarks() {}

    /** {@return the mark that an object such as {@code {"type":"ephemeral","ttl":"1h"}} makes} */
    public static @Nullable CacheMark read(@Nullable JsonNode mark) {
        if (mark == null || !mark.isObject()) {
            return null;
        }
        return new CacheMark(duration(mark.path("ttl").asString("")));
    }

    /** Marks a part in the way of an upstream of OpenAI's protocols, if it has one. */
    public static void write(ObjectNode part, @Nullable CacheMark cache, UpstreamTraits traits) {
        String way = traits.word(Trait.CACHE_MARKS);
        if (cache == null || way.isEmpty()) {
            return;
        }
        ObjectNode mark =
                way.equals("breakpoint")
                        ? part.putObject("prompt_cache_breakpoint").put("mode", "explicit")
                        : part.putObject("cache_control").put("type", "ephemeral");
        String time = timeToLive(cache);
        if (time != null && traits.has(Trait.CACHE_TTL)) {
            mark.put("ttl", time);
        }
    }

    /** {@return the time as protocols write it, or null for the provider's own} */
    public static @Nullable String timeToLive(CacheMark mark) {
        Duration time = mark.timeToLive();
        if (time == null) {
            return null;
        }
        long minutes = time.toMinutes();
        return minutes % 60 == 0 ? minutes / 60 + "h" : minutes + "m";
    }

    private static @Nullable Duration duration(String text) {
        Matcher matcher = TIME.matcher(text);
        if (!matcher.matches()) {
            return null;
        }
        long amount = Long.parseLong(matcher.group(1));
        return switch (matcher.group(2)) {
            case "s" -> Duration.ofSeconds(amount);
            case "m" -> Duration.ofMinutes(amount);
            case "h" -> Duration.ofHours(amount);
            default -> Duration.ofDays(amount);
        };
    }
}
