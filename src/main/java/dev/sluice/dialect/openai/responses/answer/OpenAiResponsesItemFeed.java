package dev.sluice.dialect.openai.responses.answer;

import dev.sluice.chat.ChatEvent;
import dev.sluice.chat.Extras;
import dev.sluice.chat.Part;
import dev.sluice.chat.Seal;
import dev.sluice.dialect.json.Json;
import dev.sluice.dialect.openai.responses.wire.NamespacedTools;
import dev.sluice.dialect.openai.responses.wire.OpenAiResponsesFeed;
import dev.sluice.dialect.openai.responses.wire.OpenAiResponsesReasoning;
import java.io.ByteArrayOutputStream;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** One open item of a stream: its events from {@code added} to {@code done}. */
final class OpenAiResponsesItemFeed {
    enum Kind {
        TEXT,
        REFUSAL,
        REASONING,
        CALL
    }

    private final Kind kind;
    private final int index;
    private final String plainId;
    private final OpenAiResponsesFeed feed;
    private final StringBuilder text = new StringBuilder();
    private final ArrayNode annotations = Json.mapper().createArrayNode();
    private final ArrayNode logprobs = Json.mapper().createArrayNode();
    private String id = "";
    private String at = "";
    private ChatEvent.@Nullable CallStart call;
    private @Nullable Seal seal;

    OpenAiResponsesItemFeed(Kind kind, int index, String plainId, OpenAiResponsesFeed feed) {
        this.kind = kind;
        this.index = index;
        this.plainId = plainId;
        this.feed = feed;
    }

    int index() {
        return index;
    }

    boolean isCall() {
        return kind == Kind.CALL;
    }

    void begin(ByteArrayOutputStream out) {
        named(kind == Kind.REASONING ? OpenAiResponsesReasoning.MADE_ID : "msg_");
        ObjectNode item =
                kind == Kind.REASONING
                        ? OpenAiResponsesItems.reasoning(id, "", null)
                        : OpenAiResponsesItems.message(id, part("")).put("status", "in_progress");
        if (kind != Kind.REASONING) {
            item.putArray("content");
        }
        item("added", item, out);
        if (kind != Kind.REASONING) {
            put("content_part.added", "\"part\":" + part(""), out);
        }
    }

    void call(ChatEvent.CallStart start, ByteArrayOutputStream out) {
        call = start;
        named(start.custom() ? "ctc_" : "fc_");
        item("added", item().put("status", "in_progress"), out);
    }

    /** A call without arguments has empty ones: what is no JSON at all breaks clients. */
    private void fillArguments(ByteArrayOutputStream out) {
        if (kind == Kind.CALL && text.isEmpty() && call != null && !call.custom()) {
            delta("{}", out);
        }
    }

    void delta(String piece, ByteArrayOutputStream out) {
        if (kind == Kind.REASONING && text.isEmpty()) {
            put("reasoning_summary_part.added", "\"part\":" + summary(""), out);
        }
        text.append(piece);
        String delta = "\"delta\":" + Json.quoted(piece);
        put(word() + ".delta", kind == Kind.TEXT ? delta + ",\"logprobs\":[]" : delta, out);
    }

    void annotation(ObjectNode entry, ByteArrayOutputStream out) {
        String fields = "\"annotation_index\":" + annotations.size() + ",\"annotation\":" + entry;
        annotations.add(entry);
        put("output_text.annotation.added", fields, out);
    }

    void logprobs(ArrayNode more, ByteArrayOutputStream out) {
        logprobs.addAll(more);
        put("output_text.delta", "\"delta\":\"\",\"logprobs\":" + more, out);
    }

    void seal(Seal said) {
        seal = said;
    }

    /** Writes what closes the item, and returns it. */
    ObjectNode end(ByteArrayOutputStream out) {
        fillArguments(out);
        String whole = Json.quoted(text.toString());
        switch (kind) {
            case TEXT -> put("output_text.done", "\"text\":" + whole + ",\"logprobs\":[]", out);
            case REFUSAL -> put("refusal.done", "\"refusal\":" + whole, out);
            case REASONING -> {
                if (!text.isEmpty()) {
                    put("reasoning_summary_text.done", "\"text\":" + whole, out);
                    String part = "\"part\":" + summary(text.toString());
                    put("reasoning_summary_part.done", part, out);
                }
            }
            case CALL -> endCall(whole, out);
        }
        if (kind == Kind.TEXT || kind == Kind.REFUSAL) {
            put("content_part.done", "\"part\":" + part(text.toString()), out);
        }
        ObjectNode item = item();
        item("done", item, out);
        return item;
    }

    private void endCall(String whole, ByteArrayOutputStream out) {
        if (call == null || call.custom()) {
            put(word() + ".done", "\"input\":" + whole, out);
        } else {
            ObjectNode name = Json.mapper().createObjectNode();
            NamespacedTools.name(name, call.name());
            put(word() + ".done", "\"name\":" + name.path("name") + ",\"arguments\":" + whole, out);
        }
    }

    private ObjectNode item() {
        return switch (kind) {
            case TEXT, REFUSAL -> OpenAiResponsesItems.message(id, part(text.toString()));
            case REASONING -> OpenAiResponsesItems.reasoning(id, text.toString(), seal);
            case CALL -> {
                ChatEvent.CallStart start = Objects.requireNonNull(call);
                yield OpenAiResponsesItems.call(
                        id,
                        new Part.ToolCall(
                                start.id(),
                                null,
                                start.name(),
                                text.toString(),
                                start.custom(),
                                seal,
                                null,
                                Extras.NONE));
            }
        };
    }

    private ObjectNode part(String said) {
        return kind == Kind.REFUSAL
                ? OpenAiResponsesItems.refusalPart(said)
                : OpenAiResponsesItems.textPart(said, annotations, logprobs);
    }

    private static ObjectNode summary(String said) {
        return Json.mapper().createObjectNode().put("type", "summary_text").put("text", said);
    }

    private String word() {
        return switch (kind) {
            case TEXT -> "output_text";
            case REFUSAL -> "refusal";
            case REASONING -> "reasoning_summary_text";
            case CALL ->
                    call != null && call.custom()
                            ? "custom_tool_call_input"
                            : "function_call_arguments";
        };
    }

    private void named(String prefix) {
        id = prefix + plainId;
        String within =
                switch (kind) {
                    case TEXT, REFUSAL -> ",\"content_index\":0";
                    case REASONING -> ",\"summary_index\":0";
                    case CALL -> "";
                };
        at = "\"item_id\":" + Json.quoted(id) + ",\"output_index\":" + index + within + ",";
    }

    private void item(String which, ObjectNode item, ByteArrayOutputStream out) {
        String fields = "\"output_index\":" + index + ",\"item\":" + item;
        feed.put("response.output_item." + which, fields, out);
    }

    private void put(String type, String fields, ByteArrayOutputStream out) {
        feed.put("response." + type, at + fields, out);
    }
}
