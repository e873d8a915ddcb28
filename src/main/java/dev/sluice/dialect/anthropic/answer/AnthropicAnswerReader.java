package dev.sluice.dialect.anthropic.answer;

import static dev.sluice.chat.Protocol.ANTHROPIC;

import dev.sluice.chat.Annotation;
import dev.sluice.chat.ChatAnswer;
import dev.sluice.chat.Extras;
import dev.sluice.chat.Loss.Severity;
import dev.sluice.chat.Part;
import dev.sluice.chat.Seal;
import dev.sluice.dialect.Memory;
import dev.sluice.dialect.anthropic.peek.AnthropicAnswerPeeker;
import dev.sluice.dialect.anthropic.wire.AnthropicCitations;
import dev.sluice.dialect.anthropic.wire.AnthropicOutputTool;
import dev.sluice.dialect.anthropic.wire.AnthropicStopReasons;
import dev.sluice.dialect.json.Json;
import dev.sluice.dialect.peek.AnswerPeek;
import dev.sluice.dialect.rules.Fields;
import dev.sluice.dialect.rules.peek.ErrorReader;
import dev.sluice.dialect.rules.tool.CustomTools;
import dev.sluice.dialect.rules.tool.ToolCallIds;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** A Messages upstream's whole answer (wire-contract §1.3). For one answer. */
public final class AnthropicAnswerReader {
    private final Memory memory;
    private final String answerId;
    private int calls;

    private AnthropicAnswerReader(Memory memory, String answerId) {
        this.memory = memory;
        this.answerId = answerId;
    }

    public static ChatAnswer read(byte[] body, Memory memory) {
        AnswerPeek peek = AnthropicAnswerPeeker.answer(body);
        if (peek.error() != null) {
            return ChatAnswer.failed(peek.error());
        }
        JsonNode root;
        try {
            root = Json.tree(body);
        } catch (JacksonException e) {
            return ChatAnswer.failed(ErrorReader.read(0, body));
        }
        String id = root.path("id").asString("");
        ChatAnswer.Choice choice = new AnthropicAnswerReader(memory, id).choice(root);
        String model = Objects.requireNonNullElse(peek.model(), "");
        return new ChatAnswer(id, model, null, List.of(choice), peek.usage(), null, Extras.NONE);
    }

    private ChatAnswer.Choice choice(JsonNode root) {
        List<Part> parts = new ArrayList<>();
        for (JsonNode block : Fields.elements(root.get("content"))) {
            block(parts, block);
        }
        String said = root.path("stop_reason").asString("");
        JsonNode sequence = root.path("stop_sequence");
        return new ChatAnswer.Choice(
                0,
                parts,
                AnthropicStopReasons.read(said, calls > 0, !parts.isEmpty()),
                sequence.isString() ? sequence.stringValue() : null,
                null);
    }

    private void block(List<Part> parts, JsonNode block) {
        String type = block.path("type").asString("");
        switch (type) {
            case "text" -> {
                String text = block.path("text").asString("");
                if (!text.isEmpty()) {
                    parts.add(text(text, AnthropicCitations.of(block)));
                }
            }
            case "thinking" -> {
                String text = block.path("thinking").asString("");
                Seal seal = seal(memory, Seal.Kind.SIGNATURE, block.path("signature").asString(""));
                if (!text.isEmpty() || seal != null) {
                    parts.add(new Part.Reasoning(text, seal, null, Extras.NONE));
                }
            }
            case "redacted_thinking" -> {
                Seal seal = seal(memory, Seal.Kind.REDACTED, block.path("data").asString(""));
                if (seal != null) {
                    parts.add(new Part.Reasoning("", seal, null, Extras.NONE));
                }
            }
            case "tool_use" -> call(parts, block);
            default -> {
                if (block.isObject() && !type.isEmpty()) {
                    parts.add(new Part.Foreign(ANTHROPIC, type, block, Severity.WEAKER));
                }
            }
        }
    }

    private static Part text(String text, List<Annotation> annotations) {
        return new Part.Text(text, annotations, null, null, Extras.NONE);
    }

    private void call(List<Part> parts, JsonNode block) {
        String name = block.path("name").asString("");
        if (name.isEmpty()) {
            return;
        }
        String arguments = arguments(block.path("input"));
        if (name.equals(memory.outputTool())) {
            parts.add(text(AnthropicOutputTool.text(name, arguments), List.of()));
            return;
        }
        String clientName = memory.toolNames().client(name);
        boolean custom = memory.unwrappedTools().contains(clientName);
        parts.add(
                new Part.ToolCall(
                        ToolCallIds.of(block.path("id").asString(""), answerId, calls++),
                        null,
                        clientName,
                        custom ? CustomTools.unwrapped(arguments) : arguments,
                        custom,
                        null,
                        null,
                        Extras.NONE));
    }

    /** {@return a call's input as text, also where a vendor sends it as such} */
    static String arguments(JsonNode input) {
        if (input.isString()) {
            return input.stringValue();
        }
        return input.isContainer() ? input.toString() : "{}";
    }

    /** {@return the seal of a block of the upstream that the memory is of, or null for none} */
    static @Nullable Seal seal(Memory memory, Seal.Kind kind, String raw) {
        return raw.isEmpty()
                ? null
                : new Seal(memory.traits().family(), memory.traits().model(), kind, raw);
    }
}
