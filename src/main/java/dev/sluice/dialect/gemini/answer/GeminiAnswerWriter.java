package dev.sluice.dialect.gemini.answer;

import static dev.sluice.chat.Protocol.GEMINI;

import dev.sluice.chat.Annotation;
import dev.sluice.chat.ChatAnswer;
import dev.sluice.chat.Media;
import dev.sluice.chat.Part;
import dev.sluice.chat.Seal;
import dev.sluice.chat.StopReason;
import dev.sluice.chat.Usage;
import dev.sluice.dialect.ClientView;
import dev.sluice.dialect.gemini.wire.GeminiBase64;
import dev.sluice.dialect.gemini.wire.GeminiStopReasons;
import dev.sluice.dialect.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** An answer for a Gemini client. For one answer. */
public final class GeminiAnswerWriter {
    private final ClientView view;

    private GeminiAnswerWriter(ClientView view) {
        this.view = view;
    }

    public static byte[] write(ChatAnswer answer, ClientView view) {
        return new GeminiAnswerWriter(view).write(answer);
    }

    private byte[] write(ChatAnswer answer) {
        ObjectNode body = Json.mapper().createObjectNode();
        ArrayNode candidates = body.putArray("candidates");
        for (ChatAnswer.Choice choice : answer.choices()) {
            candidate(candidates.addObject(), choice);
        }
        body.set("usageMetadata", usage(Objects.requireNonNullElse(answer.usage(), Usage.NONE)));
        body.put("modelVersion", view.model()).put("responseId", view.id());
        return Json.bytes(body);
    }

    private static void candidate(ObjectNode candidate, ChatAnswer.Choice choice) {
        ObjectNode content = candidate.putObject("content");
        ArrayNode parts = content.putArray("parts");
        content.put("role", "model");
        boolean malformed = false;
        for (Part part : choice.parts()) {
            ObjectNode written = part(part);
            malformed |= written == null && part instanceof Part.ToolCall;
            if (written != null) {
                parts.add(written);
            }
        }
        candidate.put("finishReason", GeminiStopReasons.write(choice.reason(), malformed));
        notes(candidate, choice);
    }

    private static void notes(ObjectNode candidate, ChatAnswer.Choice choice) {
        ArrayNode citations = Json.mapper().createArrayNode();
        int before = 0;
        for (Part part : choice.parts()) {
            if (part instanceof Part.Text text) {
                cite(citations, text.annotations(), text.text(), before);
                before += utf8(text.text());
            } else if (part instanceof Part.Refusal refusal
                    && choice.reason() == StopReason.FILTER) {
                candidate.put("finishMessage", refusal.text());
            }
        }
        candidate.put("index", choice.index());
        if (!citations.isEmpty()) {
            candidate.putObject("citationMetadata").set("citationSources", citations);
        }
        if (choice.logprobs() != null) {
            candidate.set("logprobsResult", GeminiLogprobs.write(choice.logprobs()));
        }
    }

    /** {@return a part as it is said, or null if it cannot be} */
    static @Nullable ObjectNode part(Part part) {
        ObjectNode node = Json.mapper().createObjectNode();
        return switch (part) {
            case Part.Text text ->
                    text.text().isEmpty() && text.seal() == null
                            ? null
                            : sealed(node.put("text", text.text()), text.seal());
            case Part.Refusal refusal ->
                    refusal.text().isEmpty() ? null : node.put("text", refusal.text());
            case Part.Reasoning thought -> thought(thought.text(), thought.seal());
            case Part.ToolCall call -> call(call);
            case Part.Image image -> media(image.media());
            case Part.File file -> media(file.media());
            case Part.Audio audio -> media(audio.media());
            case Part.Video video -> media(video.media());
            case Part.Foreign foreign ->
                    foreign.origin() == GEMINI && foreign.json() instanceof ObjectNode own
                            ? own
                            : null;
            case Part.ToolResult _ -> null;
        };
    }

    /** {@return a thought; Google's own seal without text is no thought but an empty text} */
    static @Nullable ObjectNode thought(String text, @Nullable Seal seal) {
        if (text.isEmpty() && seal == null) {
            return null;
        }
        ObjectNode node = Json.mapper().createObjectNode().put("text", text);
        boolean alone = text.isEmpty() && seal != null && seal.kind() == Seal.Kind.THOUGHT;
        if (!alone) {
            node.put("thought", true);
        }
        return sealed(node, seal);
    }

    private static ObjectNode sealed(ObjectNode part, @Nullable Seal seal) {
        if (seal != null) {
            part.put("thoughtSignature", GeminiBase64.signature(seal));
        }
        return part;
    }

    /** {@return a call, or null if its arguments are not whole} */
    static @Nullable ObjectNode call(Part.ToolCall call) {
        String arguments = call.arguments().isBlank() ? "{}" : call.arguments();
        ObjectNode args = Json.object(arguments);
        if (args == null) {
            return null;
        }
        ObjectNode node = Json.mapper().createObjectNode();
        node.putObject("functionCall")
                .put("id", call.id())
                .put("name", call.name())
                .set("args", args);
        return sealed(node, call.seal());
    }

    private static @Nullable ObjectNode media(Media media) {
        ObjectNode node = Json.mapper().createObjectNode();
        return switch (media) {
            case Media.Inline inline -> {
                String type =
                        Objects.requireNonNullElse(inline.mimeType(), "application/octet-stream");
                node.putObject("inlineData").put("mimeType", type).put("data", inline.base64());
                yield node;
            }
            case Media.Remote remote -> {
                ObjectNode file = node.putObject("fileData").put("fileUri", remote.url());
                if (remote.mimeType() != null) {
                    file.put("mimeType", remote.mimeType());
                }
                yield node;
            }
            case Media.Stored _ -> null;
            case Media.Plain plain -> node.put("text", plain.text());
        };
    }

    /**
     * Adds what is cited; Google counts places in bytes of the whole text.
     *
     * @param before the bytes of the text before this piece
     */
    static void cite(ArrayNode citations, List<Annotation> annotations, String text, int before) {
        for (Annotation annotation : annotations) {
            if (annotation.url() == null) {
                continue;
            }
            ObjectNode citation = citations.addObject();
            if (annotation.start() >= 0 && annotation.end() <= text.length()) {
                int start = Math.min(annotation.start(), Math.max(0, annotation.end()));
                int end = Math.max(start, annotation.end());
                citation.put("startIndex", before + utf8(text.substring(0, start)))
                        .put("endIndex", before + utf8(text.substring(0, end)));
            }
            citation.put("uri", annotation.url());
            if (annotation.title() != null) {
                citation.put("title", annotation.title());
            }
        }
    }

    private static int utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }

    static ObjectNode usage(Usage usage) {
        ObjectNode node = Json.mapper().createObjectNode();
        long candidates = Math.max(0, usage.outputTotal() - usage.reasoning());
        node.put("promptTokenCount", usage.inputTotal()).put("candidatesTokenCount", candidates);
        if (usage.cacheRead() > 0) {
            node.put("cachedContentTokenCount", usage.cacheRead());
        }
        if (usage.reasoning() > 0) {
            node.put("thoughtsTokenCount", usage.reasoning());
        }
        return node.put("totalTokenCount", usage.inputTotal() + candidates + usage.reasoning());
    }
}
