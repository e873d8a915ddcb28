package dev.sluice.dialect.openai.responses.answer;

import dev.sluice.chat.ChatError;
import dev.sluice.chat.ChatEvent;
import dev.sluice.chat.ErrorKind;
import dev.sluice.chat.StopReason;
import dev.sluice.chat.Usage;
import dev.sluice.dialect.ClientView;
import dev.sluice.dialect.EventWriter;
import dev.sluice.dialect.json.Json;
import dev.sluice.dialect.openai.responses.answer.OpenAiResponsesItemFeed.Kind;
import dev.sluice.dialect.openai.responses.wire.OpenAiResponsesErrorWriter;
import dev.sluice.dialect.openai.responses.wire.OpenAiResponsesFeed;
import dev.sluice.dialect.openai.responses.wire.OpenAiResponsesStopReasons;
import dev.sluice.dialect.rules.FirstChoice;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A stream for a client (wire-contract §1.2, §2.10): every block is an item. The protocol repeats
 * each item whole at its end and all of them in the last event, so that they are kept until then.
 */
public final class OpenAiResponsesEventWriter implements EventWriter {
    private static final byte[] PING = ": ping\n\n".getBytes(StandardCharsets.UTF_8);

    private final ClientView view;
    private final boolean seals;
    private final FirstChoice first = new FirstChoice();
    private final OpenAiResponsesFeed feed = new OpenAiResponsesFeed();
    private final Map<Integer, OpenAiResponsesItemFeed> open = new TreeMap<>();
    private final List<@Nullable ObjectNode> output = new ArrayList<>();
    private boolean begun;
    private boolean failed;
    private StopReason reason = StopReason.STOP;
    private @Nullable Usage usage;

    public OpenAiResponsesEventWriter(ClientView view) {
        this.view = view;
        this.seals =
                OpenAiResponsesItems.showsSeals(
                        view.request().service().store(), view.request().extras());
    }

    @Override
    public void write(ChatEvent event, ByteArrayOutputStream out) {
        if (first.excludes(event)) {
            return;
        }
        switch (event) {
            case ChatEvent.Start _ -> begin(out);
            case ChatEvent.Text text -> at(text.block(), Kind.TEXT, out).delta(text.text(), out);
            case ChatEvent.Reasoning text ->
                    at(text.block(), Kind.REASONING, out).delta(text.text(), out);
            case ChatEvent.Refusal text ->
                    at(text.block(), Kind.REFUSAL, out).delta(text.text(), out);
            case ChatEvent.Sealed sealed -> seal(sealed, out);
            case ChatEvent.CallStart start -> call(start, out);
            case ChatEvent.CallArguments piece -> arguments(piece, out);
            case ChatEvent.Annotated annotated -> annotate(annotated, out);
            case ChatEvent.Whole whole -> whole(whole, out);
            case ChatEvent.BlockEnd end -> close(end.block(), out);
            case ChatEvent.Logprobs logprobs -> logprobs(logprobs, out);
            case ChatEvent.UsageReported report ->
                    usage = usage == null ? report.usage() : usage.updatedBy(report.usage());
            case ChatEvent.Finish finish -> reason = finish.reason();
            case ChatEvent.Failed broken -> fail(broken.error().message(), out);
            case ChatEvent.Ping _ -> out.writeBytes(PING);
        }
    }

    @Override
    public void end(ByteArrayOutputStream out) {
        if (failed) {
            return;
        }
        begin(out);
        if (reason == StopReason.BROKEN) {
            fail(OpenAiResponsesStopReasons.BROKEN_OFF, out);
            return;
        }
        List.copyOf(open.keySet()).forEach(block -> close(block, out));
        ObjectNode response = OpenAiResponsesAnswerWriter.begun(view);
        OpenAiResponsesAnswerWriter.finish(response, reason, finished(), usage);
        boolean whole = OpenAiResponsesStopReasons.incomplete(reason) == null;
        feed.put(
                whole ? "response.completed" : "response.incomplete",
                "\"response\":" + response,
                out);
    }

    @Override
    public void fail(ChatError error, ByteArrayOutputStream out) {
        if (failed) {
            return;
        }
        failed = true;
        begin(out);
        ObjectNode response = OpenAiResponsesAnswerWriter.begun(view);
        OpenAiResponsesAnswerWriter.finish(response, StopReason.BROKEN, finished(), usage);
        OpenAiResponsesErrorWriter.fail(error, response, feed, out);
    }

    private void fail(String message, ByteArrayOutputStream out) {
        fail(ChatError.of(ErrorKind.UPSTREAM_FAILED, "upstream_error", message), out);
    }

    private void begin(ByteArrayOutputStream out) {
        if (begun) {
            return;
        }
        begun = true;
        String response = "\"response\":" + OpenAiResponsesAnswerWriter.begun(view);
        feed.put("response.created", response, out);
        feed.put("response.in_progress", response, out);
    }

    private ArrayNode finished() {
        ArrayNode items = Json.mapper().createArrayNode();
        for (ObjectNode item : output) {
            if (item != null) {
                items.add(item);
            }
        }
        return items;
    }

    private OpenAiResponsesItemFeed item(Kind kind) {
        int index = output.size();
        output.add(null);
        String id = OpenAiResponsesAnswerWriter.id(view, index);
        return new OpenAiResponsesItemFeed(kind, index, id, feed);
    }

    private OpenAiResponsesItemFeed at(int block, Kind kind, ByteArrayOutputStream out) {
        begin(out);
        OpenAiResponsesItemFeed known = open.get(block);
        if (known != null) {
            return known;
        }
        OpenAiResponsesItemFeed item = item(kind);
        open.put(block, item);
        item.begin(out);
        return item;
    }

    private void call(ChatEvent.CallStart start, ByteArrayOutputStream out) {
        begin(out);
        OpenAiResponsesItemFeed item = item(Kind.CALL);
        open.put(start.block(), item);
        item.call(start, out);
    }

    private void arguments(ChatEvent.CallArguments piece, ByteArrayOutputStream out) {
        OpenAiResponsesItemFeed item = open.get(piece.block());
        if (item != null) {
            item.delta(piece.piece(), out);
        }
    }

    private void annotate(ChatEvent.Annotated annotated, ByteArrayOutputStream out) {
        OpenAiResponsesItemFeed item = open.get(annotated.block());
        ObjectNode entry = OpenAiResponsesItems.annotation(annotated.annotation());
        if (item != null && entry != null) {
            item.annotation(entry, out);
        }
    }

    private void logprobs(ChatEvent.Logprobs logprobs, ByteArrayOutputStream out) {
        OpenAiResponsesItemFeed item = open.get(logprobs.block());
        if (item != null && logprobs.logprobs().path("content") instanceof ArrayNode more) {
            item.logprobs(more, out);
        }
    }

    private void seal(ChatEvent.Sealed sealed, ByteArrayOutputStream out) {
        OpenAiResponsesItemFeed known = open.get(sealed.block());
        if (known == null && seals) {
            known = at(sealed.block(), Kind.REASONING, out);
        }
        if (known != null && (seals || known.isCall())) {
            known.seal(sealed.seal());
        }
    }

    private void whole(ChatEvent.Whole whole, ByteArrayOutputStream out) {
        begin(out);
        int index = output.size();
        String id = "ig_" + OpenAiResponsesAnswerWriter.id(view, index);
        ObjectNode item = OpenAiResponsesItems.whole(id, whole.part());
        if (item != null) {
            output.add(item);
            String fields = "\"output_index\":" + index + ",\"item\":" + item;
            feed.put("response.output_item.added", fields, out);
            feed.put("response.output_item.done", fields, out);
        }
    }

    private void close(int block, ByteArrayOutputStream out) {
        OpenAiResponsesItemFeed item = open.remove(block);
        if (item != null) {
            output.set(item.index(), item.end(out));
        }
    }
}
