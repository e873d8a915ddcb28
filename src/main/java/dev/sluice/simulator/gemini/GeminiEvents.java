package dev.sluice.simulator.gemini;

import dev.sluice.simulator.endpoint.Frame;
import dev.sluice.simulator.endpoint.Frame.Kind;
import dev.sluice.simulator.endpoint.Frames;
import dev.sluice.simulator.script.Json;
import dev.sluice.simulator.script.Script;
import dev.sluice.simulator.script.Script.Use;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import tools.jackson.databind.node.ObjectNode;

/**
 * Writes a stream, as events or as one JSON array. Usage stands in every chunk, cumulative, and is
 * whole only in the last. For one answer.
 */
final class GeminiEvents {
    private final GeminiAnswer answer;
    private final Script script;
    private final boolean array;
    private int thought;
    private int said;
    private boolean begun;

    /**
     * @param array whether the client did not ask for {@code alt=sse}
     */
    GeminiEvents(GeminiAnswer answer, Script script, boolean array) {
        this.answer = answer;
        this.script = script;
        this.array = array;
    }

    Iterator<Frame> frames() {
        List<String> thoughts = script.showsReasoning() ? script.reasoning() : List.of();
        Stream<Frame> closing = array ? Stream.of(Frame.of(Kind.TERMINATOR, "]")) : Stream.empty();
        return Frames.concat(
                        List.of(
                                thoughts.stream().map(this::thought),
                                script.text().stream().map(this::text),
                                script.calls().stream()
                                        .map(answer::call)
                                        .flatMap(Optional::stream)
                                        .map(part ->
                                                frame(Kind.OUTPUT, answer.chunk(part, sofar()))),
                                Stream.of(answer).map(it -> frame(Kind.FINISH, it.last())),
                                closing))
                .iterator();
    }

    private Frame thought(String piece) {
        thought++;
        ObjectNode part = GeminiAnswer.text(piece).put("thought", true);
        return frame(Kind.OUTPUT, answer.chunk(part, sofar()));
    }

    private Frame text(String piece) {
        said++;
        return frame(Kind.OUTPUT, answer.chunk(GeminiAnswer.text(piece), sofar()));
    }

    /** {@return about a token a chunk, never more than in the end} */
    private Use sofar() {
        Use all = script.use();
        int reasoning = Math.min(all.reasoning(), thought);
        int answered = Math.min(all.output() - all.reasoning(), said);
        return new Use(all.input(), 0, 0, reasoning + Math.max(0, answered), reasoning);
    }

    private Frame frame(Kind kind, ObjectNode chunk) {
        if (!array) {
            return Frame.join(
                    kind, Frame.bytes("data: "), Json.bytes(chunk), Frame.bytes("\r\n\r\n"));
        }
        byte[] before = Frame.bytes(begun ? "\n,\r\n" : "[");
        begun = true;
        return Frame.join(kind, before, Json.bytes(chunk));
    }
}
