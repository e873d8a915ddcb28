package dev.sluice.dialect.gemini.peek;

import dev.sluice.chat.Usage;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.JsonNode;

/**
 * A {@code usageMetadata}, or several of one stream, of which the newest value of each field counts
 * (wire-contract §2.9): early ones are incomplete. The prompt includes what was read from a cache;
 * the candidates leave out the thoughts; what tools of Google's own put in is input too.
 */
public final class GeminiUsageReader {
    /** More than any answer has, and far from where sums turn over. */
    private static final long MOST = 1L << 53;

    private long prompt;
    private long toolUse;
    private long cached;
    private long candidates;
    private long thoughts;
    private long total;
    private boolean prompted;
    private boolean generated;
    private boolean any;

    /** Reads the value that the parser stands at, and moves to its end. */
    public void read(JsonParser parser) {
        if (parser.currentToken() != JsonToken.START_OBJECT) {
            parser.skipChildren();
            return;
        }
        for (String name = parser.nextName(); name != null; name = parser.nextName()) {
            if (parser.nextToken().isNumeric()) {
                count(name, (long) parser.getDoubleValue());
            } else {
                parser.skipChildren();
            }
        }
    }

    public void read(JsonNode node) {
        node.properties().stream()
                .filter(field -> field.getValue().isNumber())
                .forEach(field -> count(field.getKey(), (long) field.getValue().doubleValue()));
    }

    /** {@return the usage so far, or null if no count was named} */
    public @Nullable Usage usage() {
        if (!any) {
            return null;
        }
        long input = prompt < 0 || toolUse < 0 ? -1 : prompt + toolUse;
        long rest = Math.max(0, total - input);
        long output = generated || !prompted ? candidates + thoughts : rest;
        return new Usage(Usage.Origin.PROVIDER, input, cached, 0, 0, output, thoughts, 0);
    }

    /** {@return what two chunks say together} Each may leave thoughts, or the rest, out. */
    public static Usage updated(Usage known, Usage later) {
        Usage newest = known.updatedBy(later);
        long said = later.outputTotal() - later.reasoning();
        long candidates = said == 0 ? known.outputTotal() - known.reasoning() : said;
        return new Usage(
                newest.origin(),
                newest.inputTotal(),
                newest.cacheRead(),
                newest.cacheWrite(),
                newest.cacheWriteLong(),
                candidates + newest.reasoning(),
                newest.reasoning(),
                newest.audio());
    }

    private void count(String name, long count) {
        long tokens = Math.clamp(count, -1, MOST);
        switch (name) {
            case "promptTokenCount" -> {
                prompt = tokens;
                prompted = true;
            }
            case "toolUsePromptTokenCount" -> toolUse = tokens;
            case "cachedContentTokenCount" -> cached = tokens;
            case "candidatesTokenCount" -> {
                candidates = tokens;
                generated = true;
            }
            case "thoughtsTokenCount" -> {
                thoughts = tokens;
                generated = true;
            }
            case "totalTokenCount" -> {
                total = tokens;
                return;
            }
            default -> {
                return;
            }
        }
        any = true;
    }
}
