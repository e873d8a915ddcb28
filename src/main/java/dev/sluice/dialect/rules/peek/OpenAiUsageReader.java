package dev.sluice.dialect.rules.peek;

import dev.sluice.chat.Usage;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/**
 * A {@code usage} object of either of OpenAI's protocols, in any vendor's spelling (wire-contract
 * §1.5, §2.9).
 */
public final class OpenAiUsageReader {
    private long input;
    private long output;
    private long total;
    private long cacheRead;
    private long cacheWrite;
    private long reasoning;
    private long audio;
    private boolean any;

    private OpenAiUsageReader() {}

    /**
     * {@return the usage of the object that the parser stands at the beginning of, or null if that
     * is no object, or names no count} Moves to its end.
     *
     * @param totalHasAll whether what the total has beyond input and output is reasoning that the
     *     vendor left out of the output (Gemini's OpenAI endpoint, xAI), and counts as output
     */
    public static @Nullable Usage read(JsonParser parser, boolean totalHasAll) {
        if (parser.currentToken() != JsonToken.START_OBJECT) {
            parser.skipChildren();
            return null;
        }
        OpenAiUsageReader reader = new OpenAiUsageReader();
        reader.readObject(parser);
        return reader.any ? reader.usage(totalHasAll) : null;
    }

    private void readObject(JsonParser parser) {
        for (String name = parser.nextName(); name != null; name = parser.nextName()) {
            JsonToken token = parser.nextToken();
            if (token.isNumeric()) {
                count(name, (long) parser.getDoubleValue());
            } else if (token == JsonToken.START_OBJECT && name.endsWith("_details")) {
                readObject(parser);
            } else {
                parser.skipChildren();
            }
        }
    }

    private void count(String name, long count) {
        any = true;
        switch (name) {
            case "prompt_tokens", "input_tokens" -> input = count;
            case "completion_tokens", "output_tokens" -> output = count;
            case "total_tokens" -> total = count;
            case "cached_tokens", "prompt_cache_hit_tokens" ->
                    cacheRead = Math.max(cacheRead, count);
            case "cache_write_tokens", "cache_creation_tokens" -> cacheWrite = count;
            case "reasoning_tokens" -> reasoning = Math.max(reasoning, count);
            case "audio_tokens" -> audio += count;
            default -> {
                // Vendors add counts of their own; none of them changes the ones above.
            }
        }
    }

    private Usage usage(boolean totalHasAll) {
        long outputTotal = totalHasAll ? Math.max(output, total - input) : output;
        return new Usage(
                Usage.Origin.PROVIDER,
                input,
                cacheRead,
                cacheWrite,
                0,
                outputTotal,
                reasoning,
                audio);
    }
}
