package dev.sluice.dialect;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a request says outside of its body.
 *
 * @param model from the path (Gemini); null where the body names it
 * @param stream whether the path's method or an {@code Accept} header asks for a stream
 * @param betas the values of {@code anthropic-beta}, split at commas
 */
public record Envelope(@Nullable String model, boolean stream, List<String> betas) {
    public static final Envelope NONE = new Envelope(null, false, List.of());

    public Envelope {
        betas = List.copyOf(betas);
    }
}
