package dev.sluice.dialect.anthropic.request;

import static dev.sluice.chat.Protocol.ANTHROPIC;

import dev.sluice.chat.ChatRequest;
import dev.sluice.chat.Message;
import dev.sluice.chat.Message.Role;
import dev.sluice.chat.Parameter;
import dev.sluice.chat.Part;
import dev.sluice.chat.ReasoningOptions;
import dev.sluice.chat.ReasoningOptions.Effort;
import dev.sluice.dialect.rules.Efforts;
import dev.sluice.dialect.rules.Losses;
import dev.sluice.dialect.trait.Trait;
import dev.sluice.dialect.trait.UpstreamTraits;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * How much a Messages upstream is to think: adaptively with an effort, or within a budget,
 * whichever the model takes (wire-contract §2.6). For one request.
 */
final class AnthropicThinkingWriter {
    private static final long LEAST_BUDGET = 1024;

    private final ChatRequest request;
    private final UpstreamTraits traits;
    private final Losses losses;

    AnthropicThinkingWriter(ChatRequest request, UpstreamTraits traits, Losses losses) {
        this.request = request;
        this.traits = traits;
        this.losses = losses;
    }

    /**
     * {@return whether the model will think}
     *
     * @param limit of output, thinking included
     * @param forced whether a tool must be called, which Anthropic refuses together with thinking
     */
    boolean write(ObjectNode body, long limit, boolean forced) {
        ReasoningOptions options = request.reasoning();
        if (options == null) {
            return false;
        }
        if (!traits.has(Trait.REASONING_EFFORT)) {
            losses.dropped(Parameter.REASONING);
            return false;
        }
        if (options.isOff()) {
            off(body, options);
            return false;
        }
        if (Efforts.of(options) == null && !thinks(options)) {
            return false;
        }
        boolean budgeted = traits.word(Trait.THINKING).equals("budget");
        boolean unsigned = budgeted && openTurnLacksThinking();
        if ((forced || unsigned) && thinks(options)) {
            losses.dropped(Parameter.REASONING);
            off(body, null);
            return false;
        }
        return budgeted ? budget(body, options, limit) : adaptive(body, options);
    }

    private void off(ObjectNode body, @Nullable ReasoningOptions options) {
        boolean budgeted = traits.word(Trait.THINKING).equals("budget");
        if (!traits.has(Trait.THINKING_OFF)) {
            body.withObjectProperty("output_config").put("effort", "low");
            losses.changed(Parameter.REASONING);
            return;
        }
        if (!budgeted || request.origin() == ANTHROPIC) {
            body.putObject("thinking").put("type", "disabled");
        }
        Effort effort = options == null ? null : options.effort();
        if (effort != null && effort != Effort.NONE && !budgeted) {
            body.withObjectProperty("output_config").put("effort", nearest(effort).wireName());
        }
    }

    /** {@return whether thinking is asked for; Anthropic's own effort alone does not} */
    private boolean thinks(ReasoningOptions options) {
        boolean switchedOn =
                Boolean.TRUE.equals(options.enabled()) || options.budgetTokens() != null;
        if (request.origin() == ANTHROPIC) {
            return switchedOn;
        }
        return switchedOn || options.effort() != null || Boolean.TRUE.equals(options.visible());
    }

    private boolean adaptive(ObjectNode body, ReasoningOptions options) {
        Effort asked = Efforts.of(options);
        if (asked != null) {
            Effort sent = nearest(asked);
            boolean converted = options.effort() == null;
            if (sent != asked || converted) {
                losses.changed(Parameter.REASONING);
            }
            body.withObjectProperty("output_config").put("effort", sent.wireName());
        }
        if (!thinks(options)) {
            return false;
        }
        ObjectNode thinking = body.putObject("thinking").put("type", "adaptive");
        display(thinking, options);
        return true;
    }

    private Effort nearest(Effort effort) {
        Effort most = Effort.named(traits.word(Trait.MAX_EFFORT)).orElse(Effort.MAX);
        return Efforts.within(effort, Effort.LOW, most);
    }

    private boolean budget(ObjectNode body, ReasoningOptions options, long limit) {
        if (limit <= LEAST_BUDGET) {
            losses.dropped(Parameter.REASONING);
            return false;
        }
        Long asked = options.budgetTokens();
        long wanted;
        if (asked != null && asked > 0) {
            wanted = asked;
        } else {
            Effort effort = Efforts.of(options);
            wanted = Efforts.anthropicBudget(effort == null ? Effort.HIGH : effort);
        }
        long sent = Math.clamp(wanted, LEAST_BUDGET, limit - 1);
        if (sent != wanted) {
            losses.clamped(Parameter.REASONING);
        } else if (asked == null && request.origin() == ANTHROPIC) {
            losses.changed(Parameter.REASONING);
        }
        body.putObject("thinking").put("type", "enabled").put("budget_tokens", sent);
        return true;
    }

    /** Newer models show nothing unless asked to. */
    private void display(ObjectNode thinking, ReasoningOptions options) {
        if (request.origin() == ANTHROPIC) {
            if (options.style() != null) {
                thinking.put("display", options.style());
            }
        } else if (Boolean.TRUE.equals(options.visible())) {
            thinking.put("display", "summarized");
        }
    }

    /** With a budget, a turn that waits for results must begin with its thinking. */
    private boolean openTurnLacksThinking() {
        List<Message> messages = request.messages();
        for (int i = messages.size() - 1; i > 0; i--) {
            if (messages.get(i).role() == Role.TOOL) {
                return messages.get(i - 1).parts().stream()
                        .noneMatch(part ->
                                part instanceof Part.Reasoning thought
                                        && AnthropicMessageWriter.isSendable(thought, traits));
            }
            if (messages.get(i).role() == Role.ASSISTANT) {
                return false;
            }
        }
        return false;
    }
}
