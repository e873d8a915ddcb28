package dev.sluice.simulator.openai.chat;

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

/** Writes a stream, chunk by chunk as it is sent. For one answer. */
final class ChatEvents {
    private static final String DONE = "data: [DONE]\n\n";
    private static final String OBJECT = "chat.completion.chunk";

    private final ChatRequest request;
    private final Script script;
    private final Behaviour behaviour;
    private final long created;
    private final ChatToolDeltas toolDeltas;
    private int pieces;

    ChatEvents(ChatRequest request, Script script, long created) {
        this.request = request;
        this.script = script;
        this.behaviour = request.ask().behaviour();
        this.created = created;
        this.toolDeltas = new ChatToolDeltas(script, behaviour);
    }

    Iterator<Frame> frames() {
        List<Stream<Frame>> parts = new ArrayList<>();
        parts.add(opening());
        for (int choice = 0; choice < request.ask().choices(); choice++) {
            parts.addAll(choice(choice));
        }
        parts.add(usage());
        parts.add(Stream.of(Frame.of(Kind.TERMINATOR, DONE)));
        return Frames.concat(parts).iterator();
    }

    private Stream<Frame> opening() {
        if (!behaviour.is(Directive.OPENING, "azure")) {
            return Stream.empty();
        }
        ObjectNode chunk = Json.object().put("id", "").put("object", "").put("created", 0);
        chunk.put("model", "");
        chunk.putArray("choices");
        ObjectNode filter = chunk.putArray("prompt_filter_results").addObject();
        filter.put("prompt_index", 0).putObject("content_filter_results");
        return Stream.of(Frame.data(Kind.PREAMBLE, chunk));
    }

    private List<Stream<Frame>> choice(int index) {
        DeltaTemplate template = new DeltaTemplate(chunk(index, Json.object()));
        boolean inline = ChatWords.isInline(behaviour);
        List<String> reasoning =
                script.showsReasoning() && !inline ? script.reasoning() : List.of();
        return List.of(
                Stream.of(frame(Kind.PREAMBLE, index, roleDelta())),
                reasoning.stream().map(piece -> reasoning(index, piece)),
                ChatWords.text(script, behaviour).stream()
                        .map(piece -> text(index, piece, template)),
                script.calls().stream().flatMap(call -> call(index, call)),
                Stream.of(index).map(this::finish));
    }

    private ObjectNode roleDelta() {
        ObjectNode delta = Json.object();
        if (!behaviour.is(Directive.OPENING, "no-role")) {
            delta.put("role", "assistant");
        }
        return delta.put("content", "").putNull("refusal");
    }

    private Frame reasoning(int choice, String piece) {
        pieces++;
        ObjectNode delta = Json.object();
        ChatWords.putReasoning(delta, piece, script, behaviour);
        return frame(Kind.OUTPUT, choice, delta);
    }

    private Frame text(int choice, String piece, DeltaTemplate template) {
        pieces++;
        if (behaviour.is(Directive.USAGE, "cumulative")) {
            return frame(Kind.OUTPUT, choice, Json.object().put("content", piece));
        }
        return template.frame(piece);
    }

    private Stream<Frame> call(int choice, Call call) {
        return toolDeltas
                .of(choice, call)
                .map(toolCall -> {
                    ObjectNode delta = Json.object();
                    delta.putArray("tool_calls").add(toolCall);
                    return frame(Kind.OUTPUT, choice, delta);
                });
    }

    private Frame finish(int choice) {
        ObjectNode chunk = chunk(choice, Json.object());
        ((ObjectNode) chunk.path("choices").path(0))
                .put("finish_reason", ChatWords.finishReason(script, behaviour));
        boolean last = choice == request.ask().choices() - 1;
        boolean carriesUsage =
                behaviour.is(Directive.USAGE, "finish")
                        || behaviour.is(Directive.USAGE, "cumulative");
        if (last && carriesUsage) {
            chunk.set("usage", ChatWords.usage(script.use()));
        }
        return Frame.data(Kind.FINISH, chunk);
    }

    private Stream<Frame> usage() {
        boolean own =
                behaviour.is(Directive.USAGE, "own")
                        || (request.wantsUsage() && !behaviour.has(Directive.USAGE));
        if (!own) {
            return Stream.empty();
        }
        ObjectNode chunk = ChatWords.head(OBJECT, script, created);
        chunk.putArray("choices");
        chunk.set("usage", ChatWords.usage(script.use()));
        return Stream.of(Frame.data(Kind.USAGE, chunk));
    }

    private Frame frame(Kind kind, int choice, ObjectNode delta) {
        return Frame.data(kind, chunk(choice, delta));
    }

    private ObjectNode chunk(int index, ObjectNode delta) {
        ObjectNode chunk = ChatWords.head(OBJECT, script, created);
        ObjectNode choice = chunk.putArray("choices").addObject().put("index", index);
        choice.set("delta", delta);
        choice.putNull("logprobs").putNull("finish_reason");
        if (behaviour.is(Directive.USAGE, "cumulative")) {
            int sofar = Math.min(pieces, script.use().output());
            chunk.set("usage", ChatWords.usage(script.use(), sofar));
        } else if (request.wantsUsage() && !behaviour.has(Directive.USAGE)) {
            chunk.putNull("usage");
        }
        return chunk;
    }
}
