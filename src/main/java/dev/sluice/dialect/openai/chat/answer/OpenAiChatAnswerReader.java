package dev.sluice.dialect.openai.chat.answer;

import static dev.sluice.chat.Protocol.OPENAI_CHAT;

import dev.sluice.chat.Annotation;
import dev.sluice.chat.ChatAnswer;
import dev.sluice.chat.Extras;
import dev.sluice.chat.Media;
import dev.sluice.chat.Part;
import dev.sluice.chat.Seal;
import dev.sluice.dialect.Memory;
import dev.sluice.dialect.json.Json;
import dev.sluice.dialect.openai.chat.peek.OpenAiChatAnswerPeeker;
import dev.sluice.dialect.openai.chat.wire.OpenAiChatReasoning;
import dev.sluice.dialect.openai.chat.wire.OpenAiChatStopReasons;
import dev.sluice.dialect.peek.AnswerPeek;
import dev.sluice.dialect.rules.Fields;
import dev.sluice.dialect.rules.ThinkTags;
import dev.sluice.dialect.rules.media.DataUrl;
import dev.sluice.dialect.rules.peek.ErrorReader;
import dev.sluice.dialect.rules.tool.CustomTools;
import dev.sluice.dialect.rules.tool.ToolCallIds;
import dev.sluice.dialect.trait.Trait;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** A Chat upstream's whole answer (wire-contract §1.1, §1.5). For one answer. */
public final class OpenAiChatAnswerReader {
    private final Memory memory;
    private final String answerId;
    private int calls;

    private OpenAiChatAnswerReader(Memory memory, String answerId) {
        this.memory = memory;
        this.answerId = answerId;
    }

    public static ChatAnswer read(byte[] body, Memory memory) {
        AnswerPeek peek = OpenAiChatAnswerPeeker.answer(body);
        if (peek.error() != null) {
            return ChatAnswer.failed(peek.error());
        }
        JsonNode root;
        try {
            root = Json.tree(body);
        } catch (JacksonException e) {
            return ChatAnswer.failed(ErrorReader.read(0, body));
        }
        String id = root.path("id").asString("");
        OpenAiChatAnswerReader reader = new OpenAiChatAnswerReader(memory, id);
        List<ChatAnswer.Choice> choices = new ArrayList<>();
        for (JsonNode choice : Fields.elements(root.get("choices"))) {
            choices.add(reader.choice(choice, choices.size()));
        }
        String model = Objects.requireNonNullElse(peek.model(), "");
        return new ChatAnswer(id, model, created(root), choices, peek.usage(), null, Extras.NONE);
    }

    private static @Nullable Instant created(JsonNode root) {
        long seconds = root.path("created").asLong(0);
        return seconds > 0 && seconds < 1L << 36 ? Instant.ofEpochSecond(seconds) : null;
    }

    private ChatAnswer.Choice choice(JsonNode choice, int position) {
        JsonNode message = choice.path("message");
        List<Part> parts =
                new ArrayList<>(
                        OpenAiChatReasoning.read(
                                message, memory.traits().family(), memory.traits().model()));
        content(parts, message);
        String refusal = message.path("refusal").asString("");
        if (!refusal.isEmpty()) {
            parts.add(new Part.Refusal(refusal));
        }
        media(parts, message);
        int before = calls;
        for (JsonNode call : Fields.elements(message.get("tool_calls"))) {
            call(parts, call);
        }
        if (message.path("function_call").isObject() && calls == before) {
            JsonNode old = message.path("function_call");
            add(parts, old, old, text(old.path("arguments")));
        }
        String finish = choice.path("finish_reason").asString("");
        JsonNode logprobs = choice.path("logprobs");
        return new ChatAnswer.Choice(
                choice.path("index").asInt(position),
                parts,
                OpenAiChatStopReasons.read(finish, calls > before, !parts.isEmpty()),
                null,
                logprobs.isObject() ? logprobs : null);
    }

    private void content(List<Part> parts, JsonNode message) {
        JsonNode content = message.path("content");
        List<Annotation> annotations = annotations(message);
        if (content.isString()) {
            text(parts, content.stringValue(), annotations);
            return;
        }
        for (JsonNode element : Fields.elements(content)) {
            switch (element.path("type").asString("")) {
                case "thinking" -> parts.add(thought(thinking(element)));
                case "image_url" -> image(parts, element);
                default -> text(parts, element.path("text").asString(""), annotations);
            }
        }
    }

    private void text(List<Part> parts, String text, List<Annotation> annotations) {
        String shown = text;
        if (memory.traits().has(Trait.THINK_TAGS)) {
            ThinkTags.Split split = ThinkTags.split(text);
            if (!split.reasoning().isEmpty()) {
                parts.add(thought(split.reasoning()));
            }
            shown = split.text();
        }
        if (!shown.isEmpty()) {
            parts.add(new Part.Text(shown, annotations, null, null, Extras.NONE));
        }
    }

    private static Part thought(String text) {
        return new Part.Reasoning(text, null, null, Extras.NONE);
    }

    /** {@return the text of Mistral's thinking part} */
    static String thinking(JsonNode element) {
        JsonNode thinking = element.path("thinking");
        if (thinking.isString()) {
            return thinking.stringValue();
        }
        StringBuilder text = new StringBuilder();
        Fields.elements(thinking).forEach(part -> text.append(part.path("text").asString("")));
        return text.toString();
    }

    /** {@return the citations of a message or delta} */
    static List<Annotation> annotations(JsonNode message) {
        List<Annotation> annotations = new ArrayList<>();
        for (JsonNode entry : Fields.elements(message.get("annotations"))) {
            JsonNode citation = entry.path("url_citation");
            annotations.add(
                    new Annotation(
                            OPENAI_CHAT,
                            text(citation, "url"),
                            text(citation, "title"),
                            citation.path("start_index").asInt(-1),
                            citation.path("end_index").asInt(-1),
                            entry));
        }
        return annotations;
    }

    private static @Nullable String text(JsonNode node, String name) {
        JsonNode value = node.path(name);
        return value.isString() ? value.stringValue() : null;
    }

    private static void media(List<Part> parts, JsonNode message) {
        Fields.elements(message.get("images")).forEach(image -> image(parts, image));
        JsonNode audio = message.path("audio");
        Media data = DataUrl.inline("audio/wav", audio.path("data").asString(""));
        if (data != null) {
            parts.add(new Part.Audio(data, Extras.NONE));
        }
    }

    static void image(List<Part> parts, JsonNode element) {
        String url = element.path("image_url").path("url").asString("");
        Media media = DataUrl.is(url) ? DataUrl.read(url) : new Media.Remote(null, url);
        if (media != null && !url.isEmpty()) {
            parts.add(new Part.Image(media, null, null, Extras.NONE));
        }
    }

    private void call(List<Part> parts, JsonNode call) {
        boolean custom = call.path("custom").isObject();
        JsonNode body = call.path(custom ? "custom" : "function");
        add(parts, call, body, text(body.path(custom ? "input" : "arguments")));
    }

    /** {@return arguments as text, also where a vendor sends them as an object} */
    static String text(JsonNode arguments) {
        if (arguments.isString()) {
            return arguments.stringValue();
        }
        return arguments.isContainer() ? arguments.toString() : "";
    }

    private void add(List<Part> parts, JsonNode call, JsonNode body, String arguments) {
        String name = body.path("name").asString("");
        if (name.isEmpty()) {
            return;
        }
        String clientName = memory.toolNames().client(name);
        boolean unwrap = memory.unwrappedTools().contains(clientName);
        boolean custom = unwrap || call.path("custom").isObject();
        parts.add(
                new Part.ToolCall(
                        ToolCallIds.of(call.path("id").asString(""), answerId, calls++),
                        null,
                        clientName,
                        unwrap ? CustomTools.unwrapped(arguments) : arguments,
                        custom,
                        seal(call, memory),
                        null,
                        Extras.NONE));
    }

    /** {@return the thought signature that Gemini's OpenAI endpoint puts beside a call} */
    static @Nullable Seal seal(JsonNode call, Memory memory) {
        JsonNode signature = call.path("extra_content").path("google").path("thought_signature");
        return signature.isString() && !signature.stringValue().isEmpty()
                ? new Seal(
                        "google",
                        memory.traits().model(),
                        Seal.Kind.THOUGHT,
                        signature.stringValue())
                : null;
    }
}
