package dev.sluice.dialect.openai.responses.peek;

import dev.sluice.chat.Usage;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/**
 * A {@code usage} object (wire-contract §2.9); also in the spelling of Chat, as some vendors have
 * it.
 */
final class OpenAiResponsesUsageReader {
    private long input;
    private long output;
    private long cacheRead;
    private long cacheWrite;
    private long reasoning;
    private long audio;
    private boolean any;

    private OpenAiResponsesUsageReader() {}

    /**
     * {@return the usage of the object that the parser stands at the beginning of, or null if that
     * is no object, or names no count} Moves to its end.
     */
    static @Nullable Usage read(JsonParser parser) {
        if (parser.currentToken() != JsonToken.START_OBJECT) {
            parser.skipChildren();
            return null;
        }
        OpenAiResponsesUsageReader reader = new OpenAiResponsesUsageReader();
        reader.readObject(parser);
        return reader.any ? reader.usage() : null;
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
            case "cached_tokens" -> cacheRead = Math.max(cacheRead, count);
            case "cache_write_tokens" -> cacheWrite = count;
            case "reasoning_tokens" -> reasoning = Math.max(reasoning, count);
            case "audio_tokens" -> audio += count;
            default -> {
                // Vendors add counts of their own; none of them changes the ones above.
            }
        }
    }

    private Usage usage() {
        return new Usage(
                Usage.Origin.PROVIDER, input, cacheRead, cacheWrite, 0, output, reasoning, audio);
    }
}
