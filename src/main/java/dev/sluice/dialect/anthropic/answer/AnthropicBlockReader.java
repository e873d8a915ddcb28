package dev.sluice.dialect.anthropic.answer;

import static dev.sluice.chat.Protocol.ANTHROPIC;

import dev.sluice.chat.Annotation;
import dev.sluice.chat.ChatEvent;
import dev.sluice.chat.Loss.Severity;
import dev.sluice.chat.Part;
import dev.sluice.chat.Seal;
import dev.sluice.dialect.Memory;
import dev.sluice.dialect.anthropic.wire.AnthropicCitations;
import dev.sluice.dialect.anthropic.wire.AnthropicOutputTool;
import dev.sluice.dialect.rules.tool.CustomTools;
import dev.sluice.dialect.rules.tool.ToolCallIds;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * One block of a stream. A block begins for the others only when it holds something; what must come
 * whole (a free text taken out of its wrapping, a foreign block) is held back until its stop.
 */
final class AnthropicBlockReader {
    private static final int MAX_ANNOTATIONS = 256;

    /** What the blocks of one stream share. */
    static final class Progress {
        private int blocks;
        private int calls;
        String answerId = "";

        int blocks() {
            return blocks;
        }

        int calls() {
            return calls;
        }
    }

    private enum Kind {
        TEXT,
        THINKING,
        REDACTED,
        CALL,
        CUSTOM_CALL,
        OUTPUT,
        FOREIGN
    }

    private final ObjectNode block;
    private final Kind kind;
    private final Memory memory;
    private final Progress progress;
    private final StringBuilder held = new StringBuilder();
    private final StringBuilder signature = new StringBuilder();
    private final List<Annotation> early = new ArrayList<>();
    private int number = -1;
    private boolean pieces;

    private AnthropicBlockReader(ObjectNode block, Memory memory, Progress progress) {
        this.block = block;
        this.memory = memory;
        this.progress = progress;
        this.kind = kind(block, memory);
    }

    static AnthropicBlockReader start(
            ObjectNode block, Memory memory, Progress progress, Consumer<ChatEvent> sink) {
        AnthropicBlockReader reader = new AnthropicBlockReader(block, memory, progress);
        reader.start(sink);
        return reader;
    }

    private static Kind kind(ObjectNode block, Memory memory) {
        String name = block.path("name").asString("");
        return switch (block.path("type").asString("")) {
            case "text" -> Kind.TEXT;
            case "thinking" -> Kind.THINKING;
            case "redacted_thinking" -> Kind.REDACTED;
            case "tool_use" -> {
                if (name.equals(memory.outputTool())) {
                    yield Kind.OUTPUT;
                }
                String clientName = memory.toolNames().client(name);
                yield memory.unwrappedTools().contains(clientName) ? Kind.CUSTOM_CALL : Kind.CALL;
            }
            default -> Kind.FOREIGN;
        };
    }

    private void start(Consumer<ChatEvent> sink) {
        switch (kind) {
            case TEXT -> {
                text(block.path("text").asString(""), sink);
                AnthropicCitations.of(block).forEach(note -> annotate(note, sink));
            }
            case THINKING -> {
                thought(block.path("thinking").asString(""), sink);
                signature.append(block.path("signature").asString(""));
            }
            case REDACTED -> signature.append(block.path("data").asString(""));
            case CALL, CUSTOM_CALL -> call(sink);
            case OUTPUT, FOREIGN -> {
                // Begins with its first piece, or is told at its end.
            }
        }
    }

    void delta(JsonNode delta, Consumer<ChatEvent> sink) {
        switch (delta.path("type").asString("")) {
            case "text_delta" -> {
                if (kind == Kind.TEXT) {
                    text(delta.path("text").asString(""), sink);
                }
            }
            case "thinking_delta" -> {
                if (kind == Kind.THINKING) {
                    thought(delta.path("thinking").asString(""), sink);
                }
            }
            case "signature_delta" -> signature.append(delta.path("signature").asString(""));
            case "input_json_delta" -> piece(delta.path("partial_json").asString(""), sink);
            case "citations_delta" -> {
                if (kind == Kind.TEXT && delta.path("citation").isObject()) {
                    annotate(AnthropicCitations.one(delta.path("citation")), sink);
                }
            }
            default -> {
                if (kind == Kind.FOREIGN && delta.isObject()) {
                    delta.properties().stream()
                            .filter(field -> !field.getKey().equals("type"))
                            .forEach(field -> block.set(field.getKey(), field.getValue()));
                }
            }
        }
    }

    void stop(Consumer<ChatEvent> sink) {
        switch (kind) {
            case TEXT -> {
                // All was told.
            }
            case THINKING -> seal(Seal.Kind.SIGNATURE, sink);
            case REDACTED -> seal(Seal.Kind.REDACTED, sink);
            case CALL -> {
                JsonNode input = block.path("input");
                if (number >= 0 && !pieces && input.isContainer() && !input.isEmpty()) {
                    sink.accept(new ChatEvent.CallArguments(number, input.toString()));
                }
            }
            case CUSTOM_CALL -> {
                String text = CustomTools.unwrapped(whole());
                if (number >= 0 && !text.isEmpty()) {
                    sink.accept(new ChatEvent.CallArguments(number, text));
                }
            }
            case OUTPUT -> {
                if (!pieces || !held.isEmpty()) {
                    String name = block.path("name").asString("");
                    text(AnthropicOutputTool.text(name, whole()), sink);
                }
            }
            case FOREIGN -> foreign(sink);
        }
        if (number >= 0) {
            sink.accept(new ChatEvent.BlockEnd(number));
        }
    }

    private void begin() {
        if (number < 0) {
            number = progress.blocks++;
        }
    }

    private void text(String text, Consumer<ChatEvent> sink) {
        if (text.isEmpty()) {
            return;
        }
        begin();
        sink.accept(new ChatEvent.Text(0, number, text));
        early.forEach(annotation -> sink.accept(new ChatEvent.Annotated(number, annotation)));
        early.clear();
    }

    private void annotate(Annotation annotation, Consumer<ChatEvent> sink) {
        if (number >= 0) {
            sink.accept(new ChatEvent.Annotated(number, annotation));
        } else if (early.size() < MAX_ANNOTATIONS) {
            early.add(annotation);
        }
    }

    private void thought(String text, Consumer<ChatEvent> sink) {
        if (!text.isEmpty()) {
            begin();
            sink.accept(new ChatEvent.Reasoning(0, number, text));
        }
    }

    private void seal(Seal.Kind sealKind, Consumer<ChatEvent> sink) {
        Seal seal = AnthropicAnswerReader.seal(memory, sealKind, signature.toString());
        if (seal != null) {
            begin();
            sink.accept(new ChatEvent.Sealed(0, number, seal, null));
        }
    }

    private void call(Consumer<ChatEvent> sink) {
        String name = block.path("name").asString("");
        if (name.isEmpty()) {
            return;
        }
        begin();
        int place = progress.calls++;
        String id = ToolCallIds.of(block.path("id").asString(""), progress.answerId, place);
        boolean custom = kind == Kind.CUSTOM_CALL;
        String clientName = memory.toolNames().client(name);
        sink.accept(new ChatEvent.CallStart(0, number, id, clientName, custom));
    }

    private void piece(String json, Consumer<ChatEvent> sink) {
        if (json.isEmpty()) {
            return;
        }
        pieces = true;
        switch (kind) {
            case CALL -> {
                if (number >= 0) {
                    sink.accept(new ChatEvent.CallArguments(number, json));
                }
            }
            case OUTPUT -> {
                if (AnthropicOutputTool.isWrapped(block.path("name").asString(""))) {
                    held.append(json);
                } else {
                    text(json, sink);
                }
            }
            case CUSTOM_CALL, FOREIGN -> held.append(json);
            case TEXT, THINKING, REDACTED -> {
                // No block of arguments.
            }
        }
    }

    private String whole() {
        return pieces ? held.toString() : AnthropicAnswerReader.arguments(block.path("input"));
    }

    private void foreign(Consumer<ChatEvent> sink) {
        String type = block.path("type").asString("");
        if (type.isEmpty()) {
            return;
        }
        ObjectNode input = pieces ? AnthropicAnswerWriter.input(held.toString()) : null;
        if (input != null) {
            block.set("input", input);
        }
        begin();
        Part part = new Part.Foreign(ANTHROPIC, type, block, Severity.WEAKER);
        sink.accept(new ChatEvent.Whole(0, number, part));
    }
}
