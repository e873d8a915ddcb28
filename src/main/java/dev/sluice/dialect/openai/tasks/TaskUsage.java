package dev.sluice.dialect.openai.tasks;

import dev.sluice.chat.ImageKind;
import dev.sluice.chat.Units;
import dev.sluice.chat.Usage;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/**
 * What an answer says was used: tokens under the names of OpenAI, Cohere ({@code
 * meta.billed_units}, {@code meta.tokens}) and their followers, and what is billed by another unit
 * than tokens. A total alone is input.
 */
final class TaskUsage {
    private long input;
    private long output;
    private long total;
    private long cached;
    private long audio;
    private double seconds;
    private long images;
    private long searchUnits = -1;
    private ImageKind imageKind = ImageKind.UNKNOWN;
    private boolean any;

    /** Reads the object that the parser stands at the beginning of, and moves to its end. */
    void read(JsonParser parser) {
        if (parser.currentToken() != JsonToken.START_OBJECT) {
            parser.skipChildren();
            return;
        }
        for (String name = parser.nextName(); name != null; name = parser.nextName()) {
            JsonToken token = parser.nextToken();
            if (token.isNumeric()) {
                count(name, parser.getDoubleValue());
            } else if (token == JsonToken.START_OBJECT && holdsCounts(name)) {
                read(parser);
            } else {
                parser.skipChildren();
            }
        }
    }

    private static boolean holdsCounts(String name) {
        return name.endsWith("_details") || name.equals("billed_units") || name.equals("tokens");
    }

    private void count(String name, double count) {
        switch (name) {
            case "prompt_tokens", "input_tokens" -> input = larger(input, count);
            case "completion_tokens", "output_tokens" -> output = larger(output, count);
            case "total_tokens" -> total = (long) count;
            case "cached_tokens" -> cached = (long) count;
            case "audio_tokens" -> audio += (long) count;
            case "seconds" -> seconds = count;
            case "search_units" -> searchUnits = (long) count;
            default -> {
                return;
            }
        }
        any = true;
    }

    /** A negative count stays one, so that it is known for what it is. */
    private static long larger(long known, double count) {
        return count < 0 ? -1 : Math.max(known, (long) count);
    }

    /** Takes the length of a sound for what is billed, where nothing else is said. */
    void lasted(double soundSeconds) {
        if (!any) {
            seconds = soundSeconds;
            any = true;
        }
    }

    /** Counts images that the answer holds. */
    void made(long count) {
        images += count;
    }

    /** Takes what the answer says of its images. */
    void madeOf(ImageKind kind) {
        imageKind = imageKind.or(kind);
    }

    /** {@return the tokens, zero where other units are billed; null where nothing was said} */
    @Nullable Usage tokens() {
        if (!any) {
            return null;
        }
        long asked = input == 0 && output == 0 ? total : input;
        return new Usage(Usage.Origin.PROVIDER, asked, cached, 0, 0, output, 0, audio, units());
    }

    Units units() {
        return new Units(images, (long) Math.ceil(seconds * 1000), 0, imageKind);
    }

    /** {@return what is billed by a unit without a price; null for nothing} */
    @Nullable String unpriced() {
        return searchUnits >= 0 ? "search_units=" + searchUnits : null;
    }
}
