package dev.sluice.proxy.tokens;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The beginning of a streamed answer, and the size of all of it: what its tokens are estimated from
 * if its upstream does not say. Holds a few kilobytes at most. For one stream and one thread.
 */
public final class OutputSample {
    private static final int MOST_EVENTS = 16;
    private static final int LARGEST_EVENT = 1_024;
    private static final int MOST_CHARACTERS = 1_024;
    private static final int BYTES_A_TOKEN = 4;

    private final List<byte[]> events = new ArrayList<>(0);
    private final StringBuilder text = new StringBuilder(0);
    private long bytes;
    private long sampled;

    /** Takes note of an event in JSON, with so many bytes of generated text. */
    public void event(byte[] json, long size) {
        bytes += size;
        if (size > 0 && events.size() < MOST_EVENTS && json.length <= LARGEST_EVENT) {
            events.add(json);
            sampled += size;
        }
    }

    /** Takes note of so many bytes that are not looked into. */
    public void passed(long size) {
        bytes += size;
    }

    /** Takes note of generated text. */
    public void text(String piece) {
        bytes += piece.length();
        if (text.length() + piece.length() <= MOST_CHARACTERS) {
            text.append(piece);
            sampled += piece.length();
        }
    }

    /** {@return the estimate for all of it} */
    public long tokens(TokenEstimator estimator, @Nullable String model) {
        if (sampled == 0) {
            return (bytes + BYTES_A_TOKEN - 1) / BYTES_A_TOKEN;
        }
        StringBuilder words = new StringBuilder(text);
        events.forEach(event -> JsonTexts.append(event, false, words));
        long tokens = estimator.quick(words.toString(), model);
        return Math.round((double) tokens * bytes / sampled);
    }
}
