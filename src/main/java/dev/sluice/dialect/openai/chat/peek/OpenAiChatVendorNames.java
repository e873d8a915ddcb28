package dev.sluice.dialect.openai.chat.peek;

import dev.sluice.dialect.json.Splice;
import dev.sluice.dialect.peek.RequestPeek;
import dev.sluice.dialect.peek.RequestPeek.Span;
import dev.sluice.dialect.rules.peek.InstructingRoles;
import dev.sluice.dialect.trait.Trait;
import dev.sluice.dialect.trait.UpstreamTraits;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a vendor of this protocol calls by another name, edited in a body that passes through
 * (wire-contract §2.1): the limit of output, and who instructs. Every other byte stays.
 */
final class OpenAiChatVendorNames {
    private static final Set<String> LIMITS = Set.of("max_tokens", "max_completion_tokens");

    private OpenAiChatVendorNames() {}

    static void edit(byte[] body, RequestPeek peek, UpstreamTraits traits, Splice splice) {
        InstructingRoles.edit(body, "messages", traits, splice);
        String wanted = traits.flags().get(Trait.MAX_TOKENS_FIELD);
        if (wanted == null || peek.maxOutputTokens() == null || peek.maxOutputSpan() == null) {
            return;
        }
        Span name = nameBefore(body, peek.maxOutputSpan().start());
        if (name == null) {
            return;
        }
        String said = text(body, name);
        boolean both = new String(body, StandardCharsets.UTF_8).contains('"' + wanted + '"');
        if (LIMITS.contains(said) && !said.equals(wanted) && !both) {
            splice.replace(name, wanted);
        }
    }

    private static String text(byte[] body, Span span) {
        byte[] name = Arrays.copyOfRange(body, span.start(), span.end());
        return new String(name, StandardCharsets.UTF_8);
    }

    /** {@return where the member's name stands whose value begins there, without its quotes} */
    private static @Nullable Span nameBefore(byte[] body, int value) {
        int end = value - 1;
        while (end >= 0 && body[end] != '"') {
            end--;
        }
        int start = end - 1;
        while (start >= 0 && body[start] != '"') {
            start--;
        }
        return start < 0 ? null : new Span(start + 1, end);
    }
}
