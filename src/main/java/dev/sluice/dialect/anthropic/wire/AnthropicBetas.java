package dev.sluice.dialect.anthropic.wire;

import dev.sluice.chat.Loss;
import dev.sluice.dialect.trait.Trait;
import dev.sluice.dialect.trait.UpstreamTraits;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Which betas an upstream is asked for: one that it does not know would fail the whole request
 * (wire-contract §2.3).
 *
 * @param sent as a comma list; empty for none
 * @param loss what is told of those that are not; null where all are
 */
public record AnthropicBetas(String sent, @Nullable Loss loss) {
    /** The header that asks for them. */
    public static final String HEADER = "anthropic-beta";

    /** {@return what is sent of the comma lists that a client sent} */
    public static AnthropicBetas allowed(List<String> asked, UpstreamTraits traits) {
        String allowed = traits.word(Trait.BETAS);
        List<String> known = split(allowed);
        List<String> wanted = split(String.join(",", asked));
        String sent =
                wanted.stream()
                        .filter(beta -> allowed.equals("*") || known.contains(beta))
                        .collect(Collectors.joining(","));
        boolean all = sent.length() == String.join(",", wanted).length();
        Loss loss =
                new Loss(
                        "dropped:" + HEADER,
                        Loss.Severity.WEAKER,
                        HEADER,
                        HEADER + ": the upstream takes not all of the betas.");
        return new AnthropicBetas(sent, all ? null : loss);
    }

    private static List<String> split(String list) {
        return Arrays.stream(list.split(",", -1)).map(String::strip).toList();
    }
}
