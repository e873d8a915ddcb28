package dev.sluice.dialect.openai.responses.answer;

import dev.sluice.chat.ChatEvent;
import dev.sluice.chat.Part;
import dev.sluice.chat.Seal;
import dev.sluice.dialect.Memory;
import dev.sluice.dialect.json.Json;
import dev.sluice.dialect.rules.Fields;
import dev.sluice.dialect.rules.tool.CustomTools;
import dev.sluice.dialect.rules.tool.ToolCallIds;
import java.util.BitSet;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The items of a stream as blocks, told apart by {@code output_index}: item ids change on their way
 * through some proxies. What a delta did not say, the closing events do (wire-contract §2.10).
 */
final class OpenAiResponsesBlockReader {
    private static final int MAX_ITEMS = 4096;

    private enum Kind {
        TEXT,
        REFUSAL,
        REASONING,
        CALL
    }

    /** The open block of one item. */
    private static final class Block {
        private final int number;
        private final Kind kind;
        private int part;
        private boolean said;
        private boolean unwrap;
        private final StringBuilder held = new StringBuilder();

        private Block(int number, Kind kind, int part) {
            this.number = number;
            this.kind = kind;
            this.part = part;
        }
    }

    private final Memory memory;
    private final TreeMap<Integer, Block> open = new TreeMap<>();
    private final BitSet named = new BitSet();
    private final BitSet seen = new BitSet();
    private final BitSet done = new BitSet();
    private String answerId = "";
    private int next;
    private int last;
    private boolean called;
    private boolean refused;

    OpenAiResponsesBlockReader(Memory memory) {
        this.memory = memory;
    }

    void answerId(String id) {
        answerId = id;
    }

    boolean called() {
        return called;
    }

    boolean refused() {
        return refused;
    }

    void read(String type, JsonNode data, Consumer<ChatEvent> sink) {
        int index = data.path("output_index").asInt(last);
        if (index < 0 || index >= MAX_ITEMS || done.get(index)) {
            return;
        }
        last = index;
        named.set(index);
        switch (type) {
            case "response.output_item.added" -> added(index, data.path("item"), sink);
            case "response.output_item.done" -> whole(index, data.path("item"), sink);
            case "response.output_text.delta" -> {
                delta(index, Kind.TEXT, data, sink);
                logprobs(index, data.path("logprobs"), sink);
            }
            case "response.refusal.delta" -> delta(index, Kind.REFUSAL, data, sink);
            case "response.reasoning_summary_text.delta", "response.reasoning_text.delta" ->
                    delta(index, Kind.REASONING, data, sink);
            case "response.output_text.done" -> rest(index, Kind.TEXT, data, "text", sink);
            case "response.refusal.done" -> rest(index, Kind.REFUSAL, data, "refusal", sink);
            case "response.reasoning_summary_text.done", "response.reasoning_text.done" ->
                    rest(index, Kind.REASONING, data, "text", sink);
            case "response.output_text.annotation.added" -> annotated(index, data, sink);
            case "response.function_call_arguments.delta",
                    "response.custom_tool_call_input.delta" ->
                    arguments(index, data.path("delta").asString(""), sink);
            case "response.function_call_arguments.done" ->
                    lateArguments(index, data.path("arguments").asString(""), sink);
            case "response.custom_tool_call_input.done" ->
                    lateArguments(index, data.path("input").asString(""), sink);
            default -> {
                // Preamble, progress of hosted tools, and what is not known.
            }
        }
    }

    private void delta(int index, Kind kind, JsonNode data, Consumer<ChatEvent> sink) {
        piece(index, kind, part(data), data.path("delta").asString(""), sink);
    }

    /** {@return which part of the item an event is about} */
    private static int part(JsonNode data) {
        return data.path(data.has("summary_index") ? "summary_index" : "content_index").asInt(0);
    }

    /**
     * Tells what is not told yet of the answer's items. Their places are their indexes, unless the
     * stream named such as the list does not have: then the first item is the first that was named.
     */
    void all(List<JsonNode> items, Consumer<ChatEvent> sink) {
        int[] sparse = named.length() > items.size() ? named.stream().toArray() : new int[0];
        for (int i = 0; i < items.size(); i++) {
            int unnamed = named.length() + i;
            whole(
                    sparse.length == 0 ? i : i < sparse.length ? sparse[i] : unnamed,
                    items.get(i),
                    sink);
        }
    }

    /** Tells what is not told yet of an item that is given whole, and closes it. */
    private void whole(int index, JsonNode item, Consumer<ChatEvent> sink) {
        if (index >= MAX_ITEMS || done.get(index)) {
            return;
        }
        switch (item.path("type").asString("")) {
            case "message" -> message(index, item, sink);
            case "reasoning" -> reasoning(index, item, sink);
            case "function_call" -> call(index, item, "arguments", sink);
            case "custom_tool_call" -> call(index, item, "input", sink);
            default -> {
                Part part = OpenAiResponsesAnswerReader.whole(item);
                if (part != null) {
                    sink.accept(new ChatEvent.Whole(0, next, part));
                    sink.accept(new ChatEvent.BlockEnd(next++));
                }
            }
        }
        close(index, sink);
        done.set(index);
    }

    void end(Consumer<ChatEvent> sink) {
        List.copyOf(open.keySet()).forEach(index -> close(index, sink));
    }

    private void added(int index, JsonNode item, Consumer<ChatEvent> sink) {
        String type = item.path("type").asString("");
        if (type.equals("function_call") || type.equals("custom_tool_call")) {
            begin(index, item, sink);
        }
    }

    private void begin(int index, JsonNode item, Consumer<ChatEvent> sink) {
        String name = OpenAiResponsesAnswerReader.calledName(item, memory);
        if (name.isEmpty() || open.containsKey(index)) {
            return;
        }
        called = true;
        Block block = enter(index, Kind.CALL, 0, sink);
        block.unwrap = memory.unwrappedTools().contains(name);
        boolean custom = block.unwrap || item.path("type").asString("").equals("custom_tool_call");
        String said = OpenAiResponsesAnswerReader.callId(item);
        String id = ToolCallIds.of(said, answerId, block.number);
        sink.accept(new ChatEvent.CallStart(0, block.number, id, name, custom));
    }

    private void call(int index, JsonNode item, String field, Consumer<ChatEvent> sink) {
        begin(index, item, sink);
        lateArguments(index, item.path(field).asString(""), sink);
        Block block = open.get(index);
        Seal seal = OpenAiResponsesAnswerReader.callSeal(item);
        if (block != null && seal != null) {
            sink.accept(new ChatEvent.Sealed(0, block.number, seal, null));
        }
    }

    private void message(int index, JsonNode item, Consumer<ChatEvent> sink) {
        if (seen.get(index)) {
            return;
        }
        List<JsonNode> content = Fields.elements(item.get("content"));
        for (int i = 0; i < content.size(); i++) {
            JsonNode part = content.get(i);
            piece(index, Kind.REFUSAL, i, part.path("refusal").asString(""), sink);
            piece(index, Kind.TEXT, i, part.path("text").asString(""), sink);
            for (JsonNode entry : Fields.elements(part.get("annotations"))) {
                annotation(index, entry, sink);
            }
        }
    }

    private void reasoning(int index, JsonNode item, Consumer<ChatEvent> sink) {
        if (!seen.get(index)) {
            String text = OpenAiResponsesAnswerReader.reasoning(item);
            piece(index, Kind.REASONING, 0, text, sink);
        }
        Seal seal = OpenAiResponsesAnswerReader.seal(item, memory);
        if (seal != null) {
            Block block = open.get(index);
            if (block == null || block.kind != Kind.REASONING) {
                block = enter(index, Kind.REASONING, 0, sink);
            }
            String id = item.path("id").asString("");
            sink.accept(new ChatEvent.Sealed(0, block.number, seal, id.isEmpty() ? null : id));
        }
    }

    private void piece(int index, Kind kind, int part, String text, Consumer<ChatEvent> sink) {
        if (text.isEmpty()) {
            return;
        }
        Block block = open.get(index);
        boolean same = block != null && block.kind == kind;
        String shown = text;
        if (block == null || !same || (kind != Kind.REASONING && block.part != part)) {
            block = enter(index, kind, part, sink);
        } else if (block.part != part) {
            block.part = part;
            shown = "\n\n" + text;
        }
        block.said = true;
        refused |= kind == Kind.REFUSAL;
        sink.accept(
                switch (kind) {
                    case TEXT -> new ChatEvent.Text(0, block.number, shown);
                    case REFUSAL -> new ChatEvent.Refusal(0, block.number, shown);
                    case REASONING -> new ChatEvent.Reasoning(0, block.number, shown);
                    case CALL -> new ChatEvent.CallArguments(block.number, shown);
                });
    }

    /** A part that came without deltas is told by its end. */
    private void rest(int index, Kind kind, JsonNode data, String field, Consumer<ChatEvent> sink) {
        int part = part(data);
        Block block = open.get(index);
        if (block == null || block.kind != kind || block.part != part || !block.said) {
            piece(index, kind, part, data.path(field).asString(""), sink);
        }
    }

    private void arguments(int index, String delta, Consumer<ChatEvent> sink) {
        Block block = open.get(index);
        if (block == null || block.kind != Kind.CALL || delta.isEmpty()) {
            return;
        }
        block.said = true;
        if (block.unwrap) {
            block.held.append(delta);
        } else {
            sink.accept(new ChatEvent.CallArguments(block.number, delta));
        }
    }

    private void lateArguments(int index, String arguments, Consumer<ChatEvent> sink) {
        Block block = open.get(index);
        if (block != null && !block.said) {
            arguments(index, arguments, sink);
        }
    }

    private void annotated(int index, JsonNode data, Consumer<ChatEvent> sink) {
        annotation(index, data.path("annotation"), sink);
    }

    private void annotation(int index, JsonNode entry, Consumer<ChatEvent> sink) {
        Block block = open.get(index);
        if (block != null && block.kind == Kind.TEXT && entry.isObject()) {
            sink.accept(
                    new ChatEvent.Annotated(
                            block.number, OpenAiResponsesAnswerReader.annotation(entry)));
        }
    }

    private void logprobs(int index, JsonNode logprobs, Consumer<ChatEvent> sink) {
        Block block = open.get(index);
        if (block != null && logprobs.isArray() && !logprobs.isEmpty()) {
            ObjectNode shown = Json.mapper().createObjectNode();
            shown.set("content", logprobs);
            sink.accept(new ChatEvent.Logprobs(0, block.number, shown));
        }
    }

    private Block enter(int index, Kind kind, int part, Consumer<ChatEvent> sink) {
        close(index, sink);
        Block block = new Block(next++, kind, part);
        open.put(index, block);
        seen.set(index);
        return block;
    }

    private void close(int index, Consumer<ChatEvent> sink) {
        @Nullable Block block = open.remove(index);
        if (block == null) {
            return;
        }
        if (block.unwrap) {
            String text = CustomTools.unwrapped(block.held.toString());
            if (!text.isEmpty()) {
                sink.accept(new ChatEvent.CallArguments(block.number, text));
            }
        }
        sink.accept(new ChatEvent.BlockEnd(block.number));
    }
}
