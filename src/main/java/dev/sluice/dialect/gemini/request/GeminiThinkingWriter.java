package dev.sluice.dialect.gemini.request;

import static dev.sluice.chat.Protocol.GEMINI;

import dev.sluice.chat.ChatRequest;
import dev.sluice.chat.Parameter;
import dev.sluice.chat.ReasoningOptions;
import dev.sluice.chat.ReasoningOptions.Effort;
import dev.sluice.dialect.json.Json;
import dev.sluice.dialect.rules.Efforts;
import dev.sluice.dialect.rules.Losses;
import dev.sluice.dialect.trait.Trait;
import dev.sluice.dialect.trait.UpstreamTraits;
import java.util.Locale;
import tools.jackson.databind.node.ObjectNode;

/**
 * How much a Gemini upstream is to think: by a level or within a budget, whichever the model takes
 * (wire-contract §2.6). For one request.
 */
final class GeminiThinkingWriter {
    /** The least of a model that cannot do without. */
    private static final long LEAST_BUDGET = 128;

    private final ChatRequest request;
    private final UpstreamTraits traits;
    private final Losses losses;

    GeminiThinkingWriter(ChatRequest request, UpstreamTraits traits, Losses losses) {
        this.request = request;
        this.traits = traits;
        this.losses = losses;
    }

    void write(ObjectNode config) {
        ReasoningOptions options = request.reasoning();
        if (options == null) {
            return;
        }
        if (!traits.has(Trait.REASONING_EFFORT)) {
            losses.dropped(Parameter.REASONING);
            return;
        }
        ObjectNode thinking = Json.mapper().createObjectNode();
        if (traits.word(Trait.GEMINI_THINKING).equals("budget")) {
            budget(thinking, options);
        } else {
            level(thinking, options);
        }
        boolean own = request.origin() == GEMINI;
        if (Boolean.TRUE.equals(options.visible()) || (own && options.visible() != null)) {
            thinking.put("includeThoughts", options.visible());
        }
        if (!thinking.isEmpty()) {
            config.set("thinkingConfig", thinking);
        }
    }

    private void level(ObjectNode thinking, ReasoningOptions options) {
        Long budget = options.budgetTokens();
        if (budget != null && request.origin() == GEMINI) {
            thinking.put("thinkingBudget", budget);
            return;
        }
        Effort asked = Efforts.of(options);
        if (asked == null) {
            return;
        }
        Effort least = Effort.named(traits.word(Trait.MIN_EFFORT)).orElse(Effort.MINIMAL);
        if (least.compareTo(Effort.MINIMAL) < 0) {
            least = Effort.MINIMAL;
        }
        Effort sent = Efforts.within(asked, least, Effort.HIGH);
        if (sent != asked || options.effort() == null) {
            losses.changed(Parameter.REASONING);
        }
        thinking.put("thinkingLevel", sent.name().toUpperCase(Locale.ROOT));
    }

    private void budget(ObjectNode thinking, ReasoningOptions options) {
        Effort effort = Efforts.of(options);
        if (effort == null) {
            return;
        }
        Long asked = options.budgetTokens();
        long wanted = asked == null || options.isOff() ? Efforts.geminiBudget(effort) : asked;
        long sent = wanted;
        if (wanted < LEAST_BUDGET && !traits.has(Trait.THINKING_OFF)) {
            sent = LEAST_BUDGET;
            losses.changed(Parameter.REASONING);
        } else if (asked == null && request.origin() == GEMINI) {
            losses.changed(Parameter.REASONING);
        }
        thinking.put("thinkingBudget", sent);
    }
}
