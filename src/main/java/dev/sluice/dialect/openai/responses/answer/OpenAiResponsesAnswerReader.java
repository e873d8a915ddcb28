package dev.sluice.dialect.openai.responses.answer;

import static dev.sluice.chat.Protocol.OPENAI_RESPONSES;

import dev.sluice.chat.Annotation;
import dev.sluice.chat.ChatAnswer;
import dev.sluice.chat.Extras;
import dev.sluice.chat.Loss.Severity;
import dev.sluice.chat.Media;
import dev.sluice.chat.Part;
import dev.sluice.chat.Seal;
import dev.sluice.dialect.Memory;
import dev.sluice.dialect.json.Json;
import dev.sluice.dialect.openai.responses.peek.OpenAiResponsesAnswerPeeker;
import dev.sluice.dialect.openai.responses.wire.NamespacedTools;
import dev.sluice.dialect.openai.responses.wire.OpenAiResponsesReasoning;
import dev.sluice.dialect.openai.responses.wire.OpenAiResponsesStopReasons;
import dev.sluice.dialect.peek.AnswerPeek;
import dev.sluice.dialect.rules.Fields;
import dev.sluice.dialect.rules.Seals;
import dev.sluice.dialect.rules.media.DataUrl;
import dev.sluice.dialect.rules.peek.ErrorReader;
import dev.sluice.dialect.rules.tool.CustomTools;
import dev.sluice.dialect.rules.tool.ToolCallIds;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** An upstream's whole answer (wire-contract §1.2). For one answer. */
public final class OpenAiResponsesAnswerReader {
    private final Memory memory;
    private final String answerId;
    private final List<Part> parts = new ArrayList<>();
    private final ArrayNode logprobs = Json.mapper().createArrayNode();
    private int calls;

    private OpenAiResponsesAnswerReader(Memory memory, String answerId) {
        this.memory = memory;
        this.answerId = answerId;
    }

    public static ChatAnswer read(byte[] body, Memory memory) {
        AnswerPeek peek = OpenAiResponsesAnswerPeeker.answer(body);
        if (peek.error() != null) {
            return ChatAnswer.failed(peek.error());
        }
        try {
            JsonNode root = Json.tree(body);
            String id = root.path("id").asString("");
            return new OpenAiResponsesAnswerReader(memory, id).read(root, peek);
        } catch (JacksonException e) {
            return ChatAnswer.failed(ErrorReader.read(0, body));
        }
    }

    private ChatAnswer read(JsonNode root, AnswerPeek peek) {
        Fields.elements(root.get("output")).forEach(this::item);
        boolean refused = parts.stream().anyMatch(Part.Refusal.class::isInstance);
        ObjectNode shown = Json.mapper().createObjectNode();
        shown.set("content", logprobs);
        ChatAnswer.Choice choice =
                new ChatAnswer.Choice(
                        0,
                        parts,
                        OpenAiResponsesStopReasons.read(
                                root.path("status").asString(""),
                                root.path("incomplete_details").path("reason").asString(""),
                                calls > 0,
                                refused),
                        null,
                        logprobs.isEmpty() ? null : shown);
        return new ChatAnswer(
                answerId,
                Objects.requireNonNullElse(peek.model(), ""),
                created(root),
                List.of(choice),
                peek.usage(),
                null,
                Extras.NONE);
    }

    private static @Nullable Instant created(JsonNode root) {
        long seconds = root.path("created_at").asLong(0);
        return seconds > 0 && seconds < 1L << 36 ? Instant.ofEpochSecond(seconds) : null;
    }

    private void item(JsonNode item) {
        switch (item.path("type").asString("")) {
            case "message" -> message(item);
            case "reasoning" -> {
                Seal seal = seal(item, memory);
                String text = reasoning(item);
                if (seal != null || !text.isEmpty()) {
                    String id = item.path("id").asString("");
                    parts.add(
                            new Part.Reasoning(text, seal, id.isEmpty() ? null : id, Extras.NONE));
                }
            }
            case "function_call" -> call(item, false);
            case "custom_tool_call" -> call(item, true);
            default -> {
                Part whole = whole(item);
                if (whole != null) {
                    parts.add(whole);
                }
            }
        }
    }

    private void message(JsonNode item) {
        for (JsonNode part : Fields.elements(item.get("content"))) {
            String text = part.path("text").asString("");
            String refusal = part.path("refusal").asString("");
            if (!refusal.isEmpty()) {
                parts.add(new Part.Refusal(refusal));
            } else if (!text.isEmpty()) {
                List<Annotation> annotations = new ArrayList<>();
                Fields.elements(part.get("annotations"))
                        .forEach(entry -> annotations.add(annotation(entry)));
                parts.add(new Part.Text(text, annotations, null, null, Extras.NONE));
                Fields.elements(part.get("logprobs")).forEach(logprobs::add);
            }
        }
    }

    private void call(JsonNode item, boolean custom) {
        String name = calledName(item, memory);
        if (name.isEmpty()) {
            return;
        }
        String said = item.path(custom ? "input" : "arguments").asString("");
        boolean unwrap = memory.unwrappedTools().contains(name);
        String itemId = item.path("id").asString("");
        parts.add(
                new Part.ToolCall(
                        ToolCallIds.of(callId(item), answerId, calls++),
                        itemId.isEmpty() ? null : itemId,
                        name,
                        unwrap ? CustomTools.unwrapped(said) : said,
                        custom || unwrap,
                        callSeal(item),
                        null,
                        Extras.NONE));
    }

    /** {@return the tool that is called, by the client's name; empty if none is named} */
    static String calledName(JsonNode item, Memory memory) {
        String name = memory.toolNames().client(item.path("name").asString(""));
        String namespace = item.path(NamespacedTools.TYPE).asString("");
        return name.isEmpty() ? name : NamespacedTools.joined(namespace, name);
    }

    /** {@return the id that a result must name; the item's own only where a vendor has no other} */
    static String callId(JsonNode item) {
        return item.path("call_id").asString(item.path("id").asString(""));
    }

    static String reasoning(JsonNode item) {
        String summary = OpenAiResponsesReasoning.text(Fields.elements(item.get("summary")));
        return summary.isEmpty()
                ? OpenAiResponsesReasoning.text(Fields.elements(item.get("content")))
                : summary;
    }

    static @Nullable Seal seal(JsonNode item, Memory memory) {
        String raw = item.path("encrypted_content").asString("");
        String family = memory.traits().family();
        Seal seal = Seals.read(raw, family, Seal.Kind.ENCRYPTED);
        return seal == null || seal.model() != null
                ? seal
                : new Seal(seal.family(), memory.traits().model(), seal.kind(), seal.raw());
    }

    /** {@return what a vendor that serves Gemini puts on a call} */
    static @Nullable Seal callSeal(JsonNode item) {
        JsonNode google = item.path("extra_content").path("google");
        return Seals.read(
                google.path("thought_signature").asString(""), "google", Seal.Kind.THOUGHT);
    }

    /** {@return an item of a hosted tool; an image where it made one; null for no item at all} */
    static @Nullable Part whole(JsonNode item) {
        String type = item.path("type").asString("");
        if (type.isEmpty()) {
            return null;
        }
        if (type.equals("image_generation_call")) {
            String format = item.path("output_format").asString("");
            Media image =
                    DataUrl.inline(
                            format.isEmpty() ? null : "image/" + format,
                            item.path("result").asString(""));
            if (image != null) {
                return new Part.Image(image, null, null, Extras.NONE);
            }
        }
        return new Part.Foreign(OPENAI_RESPONSES, type, item, Severity.WEAKER);
    }

    static Annotation annotation(JsonNode entry) {
        JsonNode url = entry.path("url");
        JsonNode title = entry.path("title");
        return new Annotation(
                OPENAI_RESPONSES,
                url.isString() ? url.stringValue() : null,
                title.isString() ? title.stringValue() : null,
                entry.path("start_index").asInt(-1),
                entry.path("end_index").asInt(-1),
                entry);
    }
}
