package dev.sluice.dialect.anthropic.request;

import dev.sluice.chat.Part.CacheMark;
import dev.sluice.dialect.trait.Trait;
import dev.sluice.dialect.trait.UpstreamTraits;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * The cache marks of one request: at most four, of which the first and the last three are kept, and
 * of the two lifetimes that there are (wire-contract §1.3).
 */
final class AnthropicCacheMarks {
    private static final int MOST = 4;
    private static final String FIELD = "cache_control";
    private static final Duration BRIEF = Duration.ofMinutes(5);

    private final String way;
    private final List<ObjectNode> marked = new ArrayList<>();

    AnthropicCacheMarks(UpstreamTraits traits) {
        this.way = traits.word(Trait.CACHE_TTL);
    }

    void mark(ObjectNode block, @Nullable CacheMark mark) {
        if (mark == null || way.isEmpty()) {
            return;
        }
        ObjectNode control = block.putObject(FIELD).put("type", "ephemeral");
        Duration time = mark.timeToLive();
        if (time != null && way.equals("true")) {
            control.put("ttl", time.compareTo(BRIEF) <= 0 ? "5m" : "1h");
        }
        marked.add(block);
    }

    /** Takes away what is too many; to be called when everything is written. */
    void settle() {
        for (int i = 1; i <= marked.size() - MOST; i++) {
            marked.get(i).remove(FIELD);
        }
    }
}
