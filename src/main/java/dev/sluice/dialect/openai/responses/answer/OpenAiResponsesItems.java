package dev.sluice.dialect.openai.responses.answer;

import static dev.sluice.chat.Protocol.OPENAI_RESPONSES;

import dev.sluice.chat.Annotation;
import dev.sluice.chat.Extras;
import dev.sluice.chat.Media;
import dev.sluice.chat.Part;
import dev.sluice.chat.Seal;
import dev.sluice.dialect.json.Json;
import dev.sluice.dialect.openai.responses.wire.NamespacedTools;
import dev.sluice.dialect.openai.responses.wire.OpenAiResponsesReasoning;
import dev.sluice.dialect.rules.Seals;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The finished items of an answer, the same in a whole answer and in a stream. */
final class OpenAiResponsesItems {
    private OpenAiResponsesItems() {}

    static ObjectNode text(String id, String text, ArrayNode annotations, ArrayNode logprobs) {
        ObjectNode part = textPart(text, annotations, logprobs);
        return message(id, part);
    }

    static ObjectNode textPart(String text, ArrayNode annotations, ArrayNode logprobs) {
        ObjectNode part = Json.mapper().createObjectNode().put("type", "output_text");
        part.put("text", text).set("annotations", annotations);
        part.set("logprobs", logprobs);
        return part;
    }

    static ObjectNode refusalPart(String text) {
        return Json.mapper().createObjectNode().put("type", "refusal").put("refusal", text);
    }

    static ObjectNode message(String id, ObjectNode part) {
        ObjectNode item = item("message", id).put("status", "completed").put("role", "assistant");
        item.putArray("content").add(part);
        return item;
    }

    /**
     * @param seal null where there is none or the client did not ask for it
     */
    static ObjectNode reasoning(String id, String text, @Nullable Seal seal) {
        ObjectNode item = item("reasoning", id);
        ArrayNode summary = item.putArray("summary");
        if (!text.isEmpty()) {
            summary.addObject().put("type", "summary_text").put("text", text);
        }
        if (seal != null) {
            item.put("encrypted_content", Seals.wrap(seal));
        }
        return item;
    }

    static ObjectNode call(String id, Part.ToolCall call) {
        ObjectNode item = item(call.custom() ? "custom_tool_call" : "function_call", id);
        boolean whole = call.custom() || isJson(call.arguments());
        item.put("status", whole ? "completed" : "incomplete");
        item.put("call_id", call.id());
        NamespacedTools.name(item, call.name());
        item.put(call.custom() ? "input" : "arguments", call.arguments());
        Seal seal = call.seal();
        if (seal != null) {
            item.putObject("extra_content")
                    .putObject("google")
                    .put("thought_signature", Seals.wrap(seal));
        }
        return item;
    }

    /**
     * {@return whether a call's arguments are whole; such as were cut short are handed on as cut}
     */
    private static boolean isJson(String arguments) {
        try (JsonParser parser = Json.parser(arguments.getBytes(StandardCharsets.UTF_8))) {
            JsonToken last = null;
            for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
                last = token;
            }
            return last != null;
        } catch (JacksonException e) {
            return false;
        }
    }

    /** {@return an image or an item of this protocol; null for what it has no item for} */
    static @Nullable ObjectNode whole(String id, Part part) {
        if (part instanceof Part.Image image && image.media() instanceof Media.Inline inline) {
            return item("image_generation_call", id)
                    .put("status", "completed")
                    .put("result", inline.base64());
        }
        return part instanceof Part.Foreign foreign
                        && foreign.origin() == OPENAI_RESPONSES
                        && foreign.json() instanceof ObjectNode own
                ? own
                : null;
    }

    /** {@return the citation as this protocol has it, or null for one without an address} */
    static @Nullable ObjectNode annotation(Annotation annotation) {
        if (annotation.origin() == OPENAI_RESPONSES
                && annotation.json() instanceof ObjectNode own) {
            return own;
        }
        return annotation.url() == null
                ? null
                : Json.mapper()
                        .createObjectNode()
                        .put("type", "url_citation")
                        .put("start_index", Math.max(0, annotation.start()))
                        .put("end_index", Math.max(0, annotation.end()))
                        .put("url", annotation.url())
                        .put("title", annotation.title() == null ? "" : annotation.title());
    }

    /** {@return whether the client asked for seals, or would lose them otherwise} */
    static boolean showsSeals(@Nullable Boolean store, Extras extras) {
        return Boolean.FALSE.equals(store)
                || extras.in(OPENAI_RESPONSES).stream()
                        .filter(extra -> extra.path().equals("include"))
                        .anyMatch(extra ->
                                extra.value()
                                        .toString()
                                        .contains(OpenAiResponsesReasoning.ENCRYPTED));
    }

    private static ObjectNode item(String type, String id) {
        return Json.mapper().createObjectNode().put("type", type).put("id", id);
    }
}
