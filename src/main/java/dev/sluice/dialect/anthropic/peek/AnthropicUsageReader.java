package dev.sluice.dialect.anthropic.peek;

import dev.sluice.chat.Usage;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/**
 * A {@code usage} object, or several of one stream, of which the newest value of each field counts
 * (wire-contract §2.9). Anthropic's {@code input_tokens} leave out what was read from or written to
 * a cache; absent is not zero.
 */
public final class AnthropicUsageReader {
    private long input;
    private long cacheRead;
    private long cacheWrite;
    private long cacheWriteLong;
    private long output;
    private long thinking;
    private boolean any;

    /** Reads the value that the parser stands at, and moves to its end. */
    public void read(JsonParser parser) {
        if (parser.currentToken() == JsonToken.START_OBJECT) {
            readObject(parser);
        } else {
            parser.skipChildren();
        }
    }

    /** {@return the usage so far, or null if no count was named} */
    public @Nullable Usage usage() {
        return any
                ? new Usage(
                        Usage.Origin.PROVIDER,
                        input < 0 ? input : input + cacheRead + cacheWrite,
                        cacheRead,
                        cacheWrite,
                        cacheWriteLong,
                        output,
                        thinking,
                        0)
                : null;
    }

    /**
     * {@return what two events say together} Each names the input without its cache, or parts of
     * it, or none: the sum is of the newest parts.
     */
    public static Usage updated(Usage known, Usage later) {
        Usage newest = known.updatedBy(later);
        long said = uncached(later);
        long input = said == 0 ? uncached(known) : said;
        return new Usage(
                newest.origin(),
                input + newest.cacheRead() + newest.cacheWrite(),
                newest.cacheRead(),
                newest.cacheWrite(),
                newest.cacheWriteLong(),
                newest.outputTotal(),
                newest.reasoning(),
                newest.audio());
    }

    private static long uncached(Usage usage) {
        return usage.inputTotal() - usage.cacheRead() - usage.cacheWrite();
    }

    private void readObject(JsonParser parser) {
        for (String name = parser.nextName(); name != null; name = parser.nextName()) {
            JsonToken token = parser.nextToken();
            if (token.isNumeric()) {
                count(name, (long) parser.getDoubleValue());
            } else if (token == JsonToken.START_OBJECT
                    && (name.equals("cache_creation") || name.equals("output_tokens_details"))) {
                readObject(parser);
            } else {
                parser.skipChildren();
            }
        }
    }

    private void count(String name, long count) {
        any = true;
        switch (name) {
            case "input_tokens" -> input = count;
            case "cache_read_input_tokens" -> cacheRead = count;
            case "cache_creation_input_tokens" -> cacheWrite = count;
            case "ephemeral_1h_input_tokens" -> cacheWriteLong = count;
            case "output_tokens" -> output = count;
            case "thinking_tokens" -> thinking = count;
            default -> {
                // Of no weight here.
            }
        }
    }
}
