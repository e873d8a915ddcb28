package dev.sluice.dialect.anthropic.answer;

import static dev.sluice.chat.Protocol.ANTHROPIC;

import dev.sluice.chat.Annotation;
import dev.sluice.chat.ChatAnswer;
import dev.sluice.chat.Part;
import dev.sluice.chat.Seal;
import dev.sluice.chat.StopReason;
import dev.sluice.chat.Usage;
import dev.sluice.dialect.ClientView;
import dev.sluice.dialect.anthropic.request.AnthropicPartReader;
import dev.sluice.dialect.anthropic.wire.AnthropicStopReasons;
import dev.sluice.dialect.json.Json;
import dev.sluice.dialect.rules.Seals;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** An answer for a Messages client, who knows one choice only. For one answer. */
public final class AnthropicAnswerWriter {
    private final ClientView view;
    private final ArrayNode content = Json.mapper().createArrayNode();
    private boolean calls;
    private boolean cutCall;

    private AnthropicAnswerWriter(ClientView view) {
        this.view = view;
    }

    public static byte[] write(ChatAnswer answer, ClientView view) {
        return new AnthropicAnswerWriter(view).write(answer);
    }

    static String id(ClientView view) {
        return "msg_" + view.id();
    }

    private byte[] write(ChatAnswer answer) {
        ChatAnswer.Choice choice = answer.choices().isEmpty() ? null : answer.choices().getFirst();
        if (choice != null) {
            Seals.besideTexts(choice.parts()).forEach(this::part);
        }
        StopReason reason = choice == null ? StopReason.STOP : choice.reason();
        if (cutCall && reason != StopReason.FILTER) {
            reason = StopReason.LENGTH;
        }
        ObjectNode body = Json.mapper().createObjectNode();
        body.put("id", id(view))
                .put("type", "message")
                .put("role", "assistant")
                .put("model", view.model());
        body.set("content", content);
        body.put("stop_reason", AnthropicStopReasons.write(reason, calls));
        body.put("stop_sequence", choice == null ? null : choice.stopSequence());
        body.set("usage", usage(answer.usage() == null ? Usage.NONE : answer.usage()));
        return Json.bytes(body);
    }

    static ObjectNode usage(Usage usage) {
        ObjectNode node = Json.mapper().createObjectNode();
        long input = Math.max(0, usage.inputTotal() - usage.cacheRead() - usage.cacheWrite());
        node.put("input_tokens", input)
                .put("cache_creation_input_tokens", usage.cacheWrite())
                .put("cache_read_input_tokens", usage.cacheRead());
        if (usage.cacheWriteLong() > 0) {
            long brief = Math.max(0, usage.cacheWrite() - usage.cacheWriteLong());
            node.putObject("cache_creation")
                    .put("ephemeral_5m_input_tokens", brief)
                    .put("ephemeral_1h_input_tokens", usage.cacheWriteLong());
        }
        node.put("output_tokens", usage.outputTotal());
        if (usage.reasoning() > 0) {
            node.putObject("output_tokens_details").put("thinking_tokens", usage.reasoning());
        }
        return node;
    }

    private void part(Part part) {
        switch (part) {
            case Part.Text text -> text(text.text(), text.annotations());
            case Part.Refusal refusal -> text(refusal.text(), List.of());
            case Part.Reasoning thought -> thinking(thought);
            case Part.ToolCall call -> call(call);
            case Part.Foreign foreign -> {
                if (foreign.origin() == ANTHROPIC) {
                    content.add(foreign.json());
                }
            }
            case Part.Image _, Part.File _, Part.Audio _, Part.Video _, Part.ToolResult _ -> {
                // An answer of Anthropic's has no place for them.
            }
        }
    }

    private void text(String text, List<Annotation> annotations) {
        if (text.isEmpty()) {
            return;
        }
        ObjectNode block = content.addObject().put("type", "text").put("text", text);
        ArrayNode citations = Json.mapper().createArrayNode();
        annotations.stream()
                .filter(annotation -> annotation.origin() == ANTHROPIC)
                .forEach(annotation -> citations.add(annotation.json()));
        if (!citations.isEmpty()) {
            block.set("citations", citations);
        }
    }

    private void thinking(Part.Reasoning thought) {
        Seal seal = thought.seal();
        if (thought.text().isEmpty() && seal == null) {
            return;
        }
        content.add(thinking(thought.text(), seal, view));
    }

    private void call(Part.ToolCall call) {
        ObjectNode input = input(call.arguments());
        if (input == null) {
            cutCall = true;
            return;
        }
        calls = true;
        if (call.seal() != null) {
            content.add(redacted(call.seal()));
        }
        content.addObject()
                .put("type", "tool_use")
                .put("id", call.id())
                .put("name", call.name())
                .set("input", input);
    }

    /** {@return the arguments as the object they must be, or null if they were cut or are none} */
    static @Nullable ObjectNode input(String arguments) {
        return Json.object(arguments.isBlank() ? "{}" : arguments);
    }

    /** {@return a block of thinking, or of a seal alone} */
    static ObjectNode thinking(String text, @Nullable Seal seal, ClientView view) {
        if (seal != null && isAlone(text, seal)) {
            return redacted(seal);
        }
        return Json.mapper()
                .createObjectNode()
                .put("type", "thinking")
                .put("thinking", text)
                .put("signature", signature(seal, view));
    }

    /**
     * {@return whether the seal goes without a thinking block: Anthropic's may, with empty text}
     */
    static boolean isAlone(String text, Seal seal) {
        return text.isEmpty() && seal.kind() != Seal.Kind.SIGNATURE;
    }

    /**
     * {@return the seal as clients carry it: Anthropic's own as it is, another's wrapped, and where
     * there is none a wrapped empty one, because strict clients refuse an empty signature}
     */
    static String signature(@Nullable Seal seal, ClientView view) {
        if (seal == null) {
            return Seals.wrap(Seals.unsigned("", view.model()));
        }
        boolean own =
                seal.family().equals(AnthropicPartReader.FAMILY)
                        && !seal.raw().isEmpty()
                        && (seal.kind() == Seal.Kind.SIGNATURE
                                || seal.kind() == Seal.Kind.REDACTED);
        return own ? seal.raw() : Seals.wrap(seal);
    }

    /**
     * {@return a block that carries nothing but a seal} Before a call it carries the call's, which
     * has no place of its own here.
     */
    static ObjectNode redacted(Seal seal) {
        boolean own =
                seal.family().equals(AnthropicPartReader.FAMILY)
                        && seal.kind() == Seal.Kind.REDACTED;
        return Json.mapper()
                .createObjectNode()
                .put("type", "redacted_thinking")
                .put("data", own ? seal.raw() : Seals.wrap(seal));
    }
}
