package dev.sluice.dialect.openai.chat.answer;

import dev.sluice.chat.ChatEvent;
import dev.sluice.chat.Seal;
import dev.sluice.dialect.Memory;
import dev.sluice.dialect.rules.tool.CustomTools;
import dev.sluice.dialect.rules.tool.ToolCallIds;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The calls of one choice, put together from deltas that vendors number, name and repeat in their
 * own ways (wire-contract §2.10): by index, else by id, else a new name is a new call. A call is
 * told of when its name is known and ends with its choice, never because its arguments parse.
 */
final class OpenAiChatCallReader {
    /** A stream with more is broken or hostile; what goes beyond is not told. */
    private static final int MAX_CALLS = 1024;

    /** One call, for as long as its choice lasts. */
    private static final class Call {
        private final int index;
        private String id;
        private String name = "";
        private boolean custom;
        private boolean unwrap;
        private int block = -1;
        private final StringBuilder held = new StringBuilder();

        private Call(int index, String id) {
            this.index = index;
            this.id = id;
        }
    }

    private final int choice;
    private final Memory memory;
    private final OpenAiChatBlocks blocks;
    private final List<Call> calls = new ArrayList<>();

    OpenAiChatCallReader(int choice, Memory memory, OpenAiChatBlocks blocks) {
        this.choice = choice;
        this.memory = memory;
        this.blocks = blocks;
    }

    boolean any() {
        return calls.stream().anyMatch(call -> call.block >= 0);
    }

    void read(JsonNode piece, String answerId, Consumer<ChatEvent> sink) {
        boolean custom = piece.path("custom").isObject();
        JsonNode body = piece.path(custom ? "custom" : "function");
        String arguments = OpenAiChatAnswerReader.text(body.path(custom ? "input" : "arguments"));
        String id = piece.path("id").asString("");
        String name = body.path("name").asString("");
        Call call = find(piece.path("index").asInt(-1), id, name);
        if (call == null) {
            return;
        }
        call.custom |= custom;
        add(call, name, arguments, answerId, sink);
        Seal seal = OpenAiChatAnswerReader.seal(piece, memory);
        if (seal != null && call.block >= 0) {
            sink.accept(new ChatEvent.Sealed(choice, call.block, seal, null));
        }
    }

    /** The single call of the old {@code function_call}. */
    void readOld(JsonNode body, String answerId, Consumer<ChatEvent> sink) {
        if (calls.isEmpty()) {
            calls.add(new Call(-1, ""));
        }
        add(
                calls.getFirst(),
                body.path("name").asString(""),
                OpenAiChatAnswerReader.text(body.path("arguments")),
                answerId,
                sink);
    }

    void end(Consumer<ChatEvent> sink) {
        for (Call call : calls) {
            if (call.block < 0) {
                continue;
            }
            if (call.unwrap) {
                String text = CustomTools.unwrapped(call.held.toString());
                sink.accept(new ChatEvent.CallArguments(call.block, text));
            }
            sink.accept(new ChatEvent.BlockEnd(call.block));
        }
    }

    private @Nullable Call find(int index, String id, String name) {
        Call found = index >= 0 ? byIndex(index) : byIdOrName(id, name);
        if (found != null && !isAnother(found, id, name)) {
            found.id = found.id.isEmpty() && found.block < 0 ? id : found.id;
            return found;
        }
        if (calls.size() >= MAX_CALLS) {
            return null;
        }
        Call call = new Call(index, id);
        calls.add(call);
        return call;
    }

    /** A name again is a new call where it, or the id with it, is not what it was. */
    private boolean isAnother(Call call, String id, String name) {
        if (name.isEmpty()) {
            return false;
        }
        boolean otherId = !id.isEmpty() && !call.id.isEmpty() && !call.id.equals(id);
        boolean otherName =
                !call.name.isEmpty() && !call.name.equals(memory.toolNames().client(name));
        return otherId || otherName;
    }

    private @Nullable Call byIndex(int index) {
        for (int i = calls.size() - 1; i >= 0; i--) {
            if (calls.get(i).index == index) {
                return calls.get(i);
            }
        }
        return null;
    }

    private @Nullable Call byIdOrName(String id, String name) {
        if (!id.isEmpty()) {
            for (Call call : calls) {
                if (call.id.equals(id)) {
                    return call;
                }
            }
        }
        boolean fresh = !name.isEmpty();
        return fresh || calls.isEmpty() ? null : calls.getLast();
    }

    private void add(
            Call call, String name, String arguments, String answerId, Consumer<ChatEvent> sink) {
        if (call.name.isEmpty() && !name.isEmpty()) {
            begin(call, name, answerId, sink);
        }
        if (arguments.isEmpty()) {
            return;
        }
        if (call.block < 0 || call.unwrap) {
            call.held.append(arguments);
        } else {
            sink.accept(new ChatEvent.CallArguments(call.block, arguments));
        }
    }

    private void begin(Call call, String name, String answerId, Consumer<ChatEvent> sink) {
        call.name = memory.toolNames().client(name);
        call.unwrap = memory.unwrappedTools().contains(call.name);
        call.block = blocks.next();
        String id = ToolCallIds.of(call.id, answerId, call.block);
        boolean custom = call.custom || call.unwrap;
        sink.accept(new ChatEvent.CallStart(choice, call.block, id, call.name, custom));
        if (!call.held.isEmpty() && !call.unwrap) {
            sink.accept(new ChatEvent.CallArguments(call.block, call.held.toString()));
            call.held.setLength(0);
        }
    }
}
