package dev.sluice.simulator.anthropic;

import dev.sluice.simulator.behaviour.Behaviour;
import dev.sluice.simulator.behaviour.Directive;
import dev.sluice.simulator.endpoint.Frame;
import dev.sluice.simulator.endpoint.Frame.Kind;
import dev.sluice.simulator.endpoint.Frames;
import dev.sluice.simulator.script.Json;
import dev.sluice.simulator.script.Script;
import dev.sluice.simulator.script.Script.Call;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Stream;
import tools.jackson.databind.node.ObjectNode;

/** Writes a stream: blocks strictly one after another (wire-contract §2.10). For one answer. */
final class MessagesEvents {
    private static final String PADDING = " ".repeat(7);

    private final Script script;
    private final Behaviour behaviour;
    private int blocks;

    MessagesEvents(Script script, Behaviour behaviour) {
        this.script = script;
        this.behaviour = behaviour;
    }

    Iterator<Frame> frames() {
        List<Stream<Frame>> parts = new ArrayList<>();
        parts.add(Stream.of(messageStart()));
        if (script.reasons()) {
            parts.addAll(thinking(blocks++));
        }
        if (!script.text().isEmpty()) {
            parts.addAll(text(blocks++));
        }
        for (Call call : script.calls()) {
            parts.addAll(toolUse(blocks++, call));
        }
        parts.add(ending());
        return Frames.concat(parts).iterator();
    }

    private Frame messageStart() {
        ObjectNode message = MessagesWords.head(script);
        if (!behaviour.is(Directive.USAGE, "missing")) {
            message.set("usage", MessagesWords.usage(script.use(), 1));
        }
        return frame(Kind.PREAMBLE, event("message_start").set("message", message));
    }

    private List<Stream<Frame>> thinking(int index) {
        List<String> pieces = script.hiddenReasoning() ? List.of() : script.reasoning();
        ObjectNode seal = Json.object().put("type", "signature_delta");
        seal.put("signature", script.fingerprint().seal(0));
        return List.of(
                start(Kind.PREAMBLE, index, MessagesWords.thinking(script, "", false)),
                pieces.stream().map(piece -> delta(index, "thinking_delta", "thinking", piece)),
                Stream.of(delta(index, seal)),
                stop(index));
    }

    private List<Stream<Frame>> text(int index) {
        ObjectNode block = Json.object().put("type", "text").put("text", "");
        return List.of(
                start(Kind.PREAMBLE, index, block),
                script.text().stream().map(piece -> delta(index, "text_delta", "text", piece)),
                stop(index));
    }

    private List<Stream<Frame>> toolUse(int index, Call call) {
        ObjectNode block = MessagesWords.toolUse(script, call);
        block.putObject("input");
        boolean none = call.arguments().equals("{}");
        Stream<String> pieces = none ? Stream.empty() : Script.argumentPieces(call).stream();
        return List.of(
                start(Kind.OUTPUT, index, block),
                Stream.concat(Stream.of(""), pieces)
                        .map(piece -> delta(index, "input_json_delta", "partial_json", piece)),
                stop(index));
    }

    /** {@return the start of a block, and after the first one a ping, as Anthropic sends it} */
    private Stream<Frame> start(Kind kind, int index, ObjectNode block) {
        ObjectNode event = event("content_block_start").put("index", index);
        Frame start = frame(kind, event.set("content_block", block));
        return index > 0 ? Stream.of(start) : Stream.of(start, frame(Kind.PREAMBLE, event("ping")));
    }

    private Frame delta(int index, String type, String field, String piece) {
        return delta(index, Json.object().put("type", type).put(field, piece));
    }

    private Frame delta(int index, ObjectNode delta) {
        ObjectNode event = event("content_block_delta").put("index", index);
        return frame(Kind.OUTPUT, event.set("delta", delta));
    }

    private Stream<Frame> stop(int index) {
        return Stream.of(frame(Kind.OUTPUT, event("content_block_stop").put("index", index)));
    }

    private Stream<Frame> ending() {
        int output = script.use().output();
        List<Frame> frames = new ArrayList<>();
        if (behaviour.is(Directive.USAGE, "cumulative")) {
            ObjectNode nothing = Json.object().putNull("stop_reason").putNull("stop_sequence");
            frames.add(messageDelta(nothing, output / 2));
        }
        ObjectNode stop = Json.object();
        MessagesWords.putStop(stop, script);
        frames.add(messageDelta(stop, output));
        frames.add(frame(Kind.TERMINATOR, event("message_stop")));
        return frames.stream();
    }

    private Frame messageDelta(ObjectNode delta, int output) {
        ObjectNode event = event("message_delta");
        event.set("delta", delta);
        if (!behaviour.is(Directive.USAGE, "missing")) {
            ObjectNode usage = MessagesWords.usage(script.use(), output);
            usage.remove(List.of("cache_creation", "service_tier"));
            event.set("usage", usage);
        }
        return frame(Kind.FINISH, event);
    }

    private static ObjectNode event(String type) {
        return Json.object().put("type", type);
    }

    private Frame frame(Kind kind, ObjectNode event) {
        String type = event.path("type").stringValue();
        if (!behaviour.has(Directive.PADDING)) {
            return Frame.event(kind, type, event);
        }
        String json = Json.text(event);
        String padded = json.substring(0, json.length() - 1) + PADDING + "}";
        return Frame.of(kind, "event: " + type + "\ndata: " + padded + "\n\n");
    }
}
