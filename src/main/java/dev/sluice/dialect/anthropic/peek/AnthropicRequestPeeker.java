package dev.sluice.dialect.anthropic.peek;

import dev.sluice.dialect.MalformedRequest;
import dev.sluice.dialect.json.Splice;
import dev.sluice.dialect.peek.RequestPeek;
import dev.sluice.dialect.peek.RequestPeek.Span;
import dev.sluice.dialect.peek.Rewrite;
import dev.sluice.dialect.rules.peek.BodyPeeker;
import java.util.List;
import java.util.Set;

/** Finds the deciding fields of a Messages request, and changes them. */
public final class AnthropicRequestPeeker {
    /** What older clients, and those of clouds, say in the body. */
    private static final Set<String> FOREIGN = Set.of("anthropic_version", "max_tokens_to_sample");

    /** messages[ {content:[ {type, and in a tool's result messages[ {content:[ {content:[ {type */
    private static final BodyPeeker RULES =
            new BodyPeeker(
                    "max_tokens",
                    1,
                    "messages",
                    Set.of("image", "document"),
                    Set.of(4, 6),
                    FOREIGN);

    private AnthropicRequestPeeker() {}

    public static RequestPeek peek(byte[] body) throws MalformedRequest {
        return RULES.peek(body);
    }

    public static byte[] rewrite(byte[] body, RequestPeek peek, Rewrite rewrite) {
        return RULES.rewrite(body, peek, rewrite, splice -> cut(body, rewrite, splice));
    }

    private static void cut(byte[] body, Rewrite rewrite, Splice splice) {
        List<Span> cuts = AnthropicForeignThinking.cuts(body);
        cuts.forEach(cut -> splice.replace(cut, ""));
        if (rewrite.traits() != null) {
            AnthropicVendorCacheMarks.edit(body, cuts, rewrite.traits(), splice);
        }
    }
}
