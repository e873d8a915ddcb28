package dev.sluice.dialect.openai.chat.answer;

import static dev.sluice.chat.Protocol.OPENAI_CHAT;

import dev.sluice.chat.Annotation;
import dev.sluice.chat.ChatAnswer;
import dev.sluice.chat.Media;
import dev.sluice.chat.Part;
import dev.sluice.chat.Usage;
import dev.sluice.dialect.ClientView;
import dev.sluice.dialect.json.Json;
import dev.sluice.dialect.openai.chat.wire.OpenAiChatReasoning;
import dev.sluice.dialect.openai.chat.wire.OpenAiChatStopReasons;
import dev.sluice.dialect.rules.Seals;
import dev.sluice.dialect.rules.media.DataUrl;
import java.util.List;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** An answer for a Chat client. */
public final class OpenAiChatAnswerWriter {
    private OpenAiChatAnswerWriter() {}

    public static byte[] write(ChatAnswer answer, ClientView view) {
        ObjectNode body = Json.mapper().createObjectNode();
        body.put("id", id(view))
                .put("object", "chat.completion")
                .put("created", view.created().getEpochSecond())
                .put("model", view.model());
        ArrayNode choices = body.putArray("choices");
        answer.choices().forEach(choice -> choice(choices.addObject(), choice));
        if (answer.usage() != null) {
            body.set("usage", usage(answer.usage()));
        }
        return Json.bytes(body);
    }

    static String id(ClientView view) {
        return "chatcmpl-" + view.id();
    }

    static ObjectNode usage(Usage usage) {
        ObjectNode node = Json.mapper().createObjectNode();
        node.put("prompt_tokens", usage.inputTotal())
                .put("completion_tokens", usage.outputTotal())
                .put("total_tokens", usage.total());
        ObjectNode prompt = node.putObject("prompt_tokens_details");
        prompt.put("cached_tokens", usage.cacheRead());
        if (usage.cacheWrite() > 0) {
            prompt.put("cache_write_tokens", usage.cacheWrite());
        }
        node.putObject("completion_tokens_details").put("reasoning_tokens", usage.reasoning());
        return node;
    }

    private static void choice(ObjectNode node, ChatAnswer.Choice choice) {
        node.put("index", choice.index());
        message(node.putObject("message"), choice);
        JsonNode logprobs = choice.logprobs();
        if (logprobs == null) {
            node.putNull("logprobs");
        } else {
            node.set("logprobs", logprobs);
        }
        node.put("finish_reason", OpenAiChatStopReasons.write(choice.reason()));
    }

    private static void message(ObjectNode message, ChatAnswer.Choice choice) {
        message.put("role", "assistant");
        List<Part.Text> texts = parts(choice, Part.Text.class);
        String text = texts.stream().map(Part.Text::text).collect(Collectors.joining());
        String refusal =
                parts(choice, Part.Refusal.class).stream()
                        .map(Part.Refusal::text)
                        .collect(Collectors.joining());
        message.put("content", text.isEmpty() ? null : text);
        message.put("refusal", refusal.isEmpty() ? null : refusal);
        thoughts(message, reasoning(choice));
        annotations(message, texts);
        images(message, parts(choice, Part.Image.class));
        List<Part.ToolCall> calls = parts(choice, Part.ToolCall.class);
        if (!calls.isEmpty()) {
            ArrayNode array = message.putArray("tool_calls");
            calls.forEach(call -> call(array.addObject(), call));
        }
    }

    /** {@return the parts of a kind; files, audio and foreign parts have no place in a message} */
    private static <P extends Part> List<P> parts(ChatAnswer.Choice choice, Class<P> kind) {
        return choice.parts().stream().filter(kind::isInstance).map(kind::cast).toList();
    }

    private static List<Part.Reasoning> reasoning(ChatAnswer.Choice choice) {
        return Seals.besideTexts(choice.parts()).stream()
                .filter(Part.Reasoning.class::isInstance)
                .map(Part.Reasoning.class::cast)
                .toList();
    }

    private static void thoughts(ObjectNode message, List<Part.Reasoning> thoughts) {
        StringBuilder text = new StringBuilder();
        thoughts.forEach(thought -> text.append(thought.text()));
        if (!text.isEmpty()) {
            message.put("reasoning_content", text.toString());
        }
        if (thoughts.stream().anyMatch(thought -> thought.seal() != null)) {
            OpenAiChatReasoning.writeDetails(message, thoughts, true);
        }
    }

    private static void annotations(ObjectNode message, List<Part.Text> texts) {
        ArrayNode array = Json.mapper().createArrayNode();
        texts.forEach(
                text -> text.annotations().forEach(annotation -> annotation(array, annotation)));
        if (!array.isEmpty()) {
            message.set("annotations", array);
        }
    }

    /** Adds the annotation if Chat can say it: its own, or a citation with an address. */
    static void annotation(ArrayNode array, Annotation annotation) {
        if (annotation.origin() == OPENAI_CHAT) {
            array.add(annotation.json());
        } else if (annotation.url() != null) {
            array.addObject()
                    .put("type", "url_citation")
                    .putObject("url_citation")
                    .put("start_index", Math.max(0, annotation.start()))
                    .put("end_index", Math.max(0, annotation.end()))
                    .put("url", annotation.url())
                    .put("title", annotation.title() == null ? "" : annotation.title());
        }
    }

    private static void images(ObjectNode message, List<Part.Image> images) {
        if (images.isEmpty()) {
            return;
        }
        ArrayNode array = message.putArray("images");
        for (Part.Image image : images) {
            array.add(image(image));
        }
    }

    static ObjectNode image(Part.Image image) {
        ObjectNode node = Json.mapper().createObjectNode().put("type", "image_url");
        String url =
                switch (image.media()) {
                    case Media.Inline inline -> DataUrl.write(inline);
                    case Media.Remote remote -> remote.url();
                    case Media.Stored stored -> stored.id();
                    case Media.Plain plain -> plain.text();
                };
        node.putObject("image_url").put("url", url);
        return node;
    }

    private static void call(ObjectNode node, Part.ToolCall call) {
        String type = call.custom() ? "custom" : "function";
        node.put("id", call.id()).put("type", type);
        node.putObject(type)
                .put("name", call.name())
                .put(call.custom() ? "input" : "arguments", call.arguments());
        if (call.seal() != null) {
            node.putObject("extra_content")
                    .putObject("google")
                    .put("thought_signature", Seals.wrap(call.seal()));
        }
    }
}
