package dev.sluice.simulator.openai.responses;

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

/** Writes a stream by the full grammar (wire-contract §1.2). For one answer. */
final class ResponsesEvents {
    private final Script script;
    private final ResponseObject response;
    private final Behaviour behaviour;
    private int items;
    private int sequence;

    ResponsesEvents(ResponsesRequest request, Script script, ResponseObject response) {
        this.script = script;
        this.response = response;
        this.behaviour = request.ask().behaviour();
    }

    /** An event that has not got its number yet. */
    private record Event(Kind kind, String type, ObjectNode fields) {}

    Iterator<Frame> frames() {
        List<Stream<Event>> parts = new ArrayList<>();
        parts.add(
                Stream.of(
                        whole(Kind.PREAMBLE, "response.created", response.inStatus("in_progress")),
                        whole(
                                Kind.PREAMBLE,
                                "response.in_progress",
                                response.inStatus("in_progress"))));
        if (script.reasons()) {
            parts.addAll(reasoning(items++));
        }
        if (!script.text().isEmpty()) {
            parts.addAll(message(items++));
        }
        for (Call call : script.calls()) {
            parts.addAll(call(items++, call));
        }
        String type = response.isWhole() ? "response.completed" : "response.incomplete";
        parts.add(Stream.of(whole(Kind.TERMINATOR, type, response.ended())));
        Stream<Frame> frames = Frames.concat(parts).map(this::frame);
        Stream<Frame> done =
                behaviour.has(Directive.NO_EVENT_LINES)
                        ? Stream.of(Frame.of(Kind.TERMINATOR, "data: [DONE]\n\n"))
                        : Stream.empty();
        return Stream.concat(frames, done).iterator();
    }

    private List<Stream<Event>> reasoning(int index) {
        Event added = item(Kind.OUTPUT, "added", index, response.reasoning(false));
        Event done = item(Kind.OUTPUT, "done", index, response.reasoning(true));
        if (!script.showsReasoning()) {
            return List.of(Stream.of(added, done));
        }
        String whole = script.wholeReasoning();
        ObjectNode empty = summary(index).set("part", ResponseObject.summaryPart(""));
        ObjectNode part = summary(index).set("part", ResponseObject.summaryPart(whole));
        return List.of(
                Stream.of(
                        added,
                        new Event(Kind.OUTPUT, "response.reasoning_summary_part.added", empty)),
                script.reasoning().stream()
                        .map(piece ->
                                new Event(
                                        Kind.OUTPUT,
                                        "response.reasoning_summary_text.delta",
                                        summary(index).put("delta", piece))),
                Stream.of(
                        new Event(
                                Kind.OUTPUT,
                                "response.reasoning_summary_text.done",
                                summary(index).put("text", whole)),
                        new Event(Kind.OUTPUT, "response.reasoning_summary_part.done", part),
                        done));
    }

    private ObjectNode summary(int index) {
        return at(response.itemId("rs", 0), index).put("summary_index", 0);
    }

    private List<Stream<Event>> message(int index) {
        String whole = script.wholeText();
        ObjectNode empty = content(index).set("part", ResponseObject.textPart(""));
        ObjectNode part = content(index).set("part", ResponseObject.textPart(whole));
        ObjectNode done = content(index).put("text", whole);
        done.putArray("logprobs");
        return List.of(
                Stream.of(
                        item(Kind.PREAMBLE, "added", index, response.message("in_progress", null)),
                        new Event(Kind.PREAMBLE, "response.content_part.added", empty)),
                script.text().stream().map(piece -> textDelta(index, piece)),
                Stream.of(
                        new Event(Kind.OUTPUT, "response.output_text.done", done),
                        new Event(Kind.OUTPUT, "response.content_part.done", part),
                        item(
                                Kind.OUTPUT,
                                "done",
                                index,
                                response.message(response.itemStatus(), whole))));
    }

    private Event textDelta(int index, String piece) {
        ObjectNode fields = content(index).put("delta", piece);
        fields.putArray("logprobs");
        return new Event(Kind.OUTPUT, "response.output_text.delta", fields);
    }

    private ObjectNode content(int index) {
        return at(response.itemId("msg", 0), index).put("content_index", 0);
    }

    private List<Stream<Event>> call(int index, Call call) {
        String id = response.itemId("fc", call.index());
        String status = call.complete() ? "completed" : "incomplete";
        boolean whole = behaviour.is(Directive.TOOL_DELTAS, "args-done");
        List<String> pieces = whole ? List.of() : Script.argumentPieces(call);
        ObjectNode done = at(id, index).put("name", call.name());
        done.put("arguments", call.arguments());
        return List.of(
                Stream.of(
                        item(Kind.OUTPUT, "added", index, response.call(call, "in_progress", ""))),
                pieces.stream()
                        .map(piece ->
                                new Event(
                                        Kind.OUTPUT,
                                        "response.function_call_arguments.delta",
                                        at(id, index).put("delta", piece))),
                Stream.of(
                        new Event(Kind.OUTPUT, "response.function_call_arguments.done", done),
                        item(
                                Kind.OUTPUT,
                                "done",
                                index,
                                response.call(call, status, call.arguments()))));
    }

    private static ObjectNode at(String itemId, int index) {
        return Json.object().put("item_id", itemId).put("output_index", index);
    }

    private static Event item(Kind kind, String what, int index, ObjectNode item) {
        ObjectNode fields = Json.object().put("output_index", index);
        return new Event(kind, "response.output_item." + what, fields.set("item", item));
    }

    private static Event whole(Kind kind, String type, ObjectNode response) {
        return new Event(kind, type, Json.object().set("response", response));
    }

    private Frame frame(Event event) {
        ObjectNode data =
                Json.object().put("type", event.type()).put("sequence_number", sequence++);
        data.setAll(event.fields());
        return behaviour.has(Directive.NO_EVENT_LINES)
                ? Frame.data(event.kind(), data)
                : Frame.event(event.kind(), event.type(), data);
    }
}
