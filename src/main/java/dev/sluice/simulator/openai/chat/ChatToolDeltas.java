package dev.sluice.simulator.openai.chat;

import dev.sluice.simulator.behaviour.Behaviour;
import dev.sluice.simulator.behaviour.Directive;
import dev.sluice.simulator.script.Json;
import dev.sluice.simulator.script.Script;
import dev.sluice.simulator.script.Script.Call;
import java.util.stream.Stream;
import tools.jackson.databind.node.ObjectNode;

/** The elements of {@code tool_calls} in a stream, as OpenAI or as other vendors send them. */
final class ChatToolDeltas {
    private final Script script;
    private final String variant;

    ChatToolDeltas(Script script, Behaviour behaviour) {
        this.script = script;
        this.variant = behaviour.text(Directive.TOOL_DELTAS, "openai");
    }

    Stream<ObjectNode> of(int choice, Call call) {
        return switch (variant) {
            case "whole" -> Stream.of(start(choice, call, call.arguments()));
            case "no-index" -> {
                ObjectNode whole = start(choice, call, call.arguments());
                whole.remove("index");
                yield Stream.of(whole);
            }
            case "no-id" -> {
                ObjectNode whole = start(choice, call, call.arguments());
                whole.remove("id");
                yield Stream.of(whole);
            }
            default ->
                    Stream.concat(
                            Stream.of(start(choice, call, "")),
                            Script.argumentPieces(call).stream()
                                    .map(piece -> continuation(call, piece)));
        };
    }

    private ObjectNode start(int choice, Call call, String arguments) {
        ObjectNode delta = Json.object().put("index", index(call));
        delta.put("id", ChatWords.callId(script, choice, call.index())).put("type", "function");
        delta.putObject("function").put("name", call.name()).put("arguments", arguments);
        return delta;
    }

    private ObjectNode continuation(Call call, String piece) {
        ObjectNode delta = Json.object().put("index", index(call));
        ObjectNode function = Json.object();
        switch (variant) {
            case "repeat-null" -> {
                delta.putNull("id").putNull("type");
                function.putNull("name");
            }
            case "repeat-empty" -> {
                delta.put("id", "").put("type", "function");
                function.put("name", "");
            }
            default -> {
                // OpenAI repeats nothing.
            }
        }
        delta.set("function", function.put("arguments", piece));
        return delta;
    }

    private int index(Call call) {
        return variant.equals("from-one") ? call.index() + 1 : call.index();
    }
}
