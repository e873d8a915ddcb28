package dev.sluice.dialect.openai.responses.peek;

import dev.sluice.dialect.MalformedRequest;
import dev.sluice.dialect.json.Splice;
import dev.sluice.dialect.peek.RequestPeek;
import dev.sluice.dialect.peek.Rewrite;
import dev.sluice.dialect.rules.peek.BodyPeeker;
import dev.sluice.dialect.rules.peek.InstructingRoles;
import java.util.Set;

/** Finds the deciding fields of a request, and changes them. */
public final class OpenAiResponsesRequestPeeker {
    /** What OpenAI takes at least as a limit of output. */
    public static final long MIN_OUTPUT = 16;

    /** input[ {content:[ {type, and input[ {output:[ {type */
    private static final BodyPeeker RULES =
            new BodyPeeker(
                    "max_output_tokens",
                    MIN_OUTPUT,
                    "input",
                    Set.of("input_image", "input_file", "input_audio"),
                    Set.of(4),
                    Set.of());

    private OpenAiResponsesRequestPeeker() {}

    public static RequestPeek peek(byte[] body) throws MalformedRequest {
        return RULES.peek(body);
    }

    public static byte[] rewrite(byte[] body, RequestPeek peek, Rewrite rewrite) {
        return RULES.rewrite(body, peek, rewrite, splice -> edit(body, rewrite, splice));
    }

    private static void edit(byte[] body, Rewrite rewrite, Splice splice) {
        if (rewrite.traits() != null) {
            InstructingRoles.edit(body, "input", rewrite.traits(), splice);
        }
        OpenAiResponsesReasoningCuts.foreign(body, splice);
    }
}
