package dev.sluice.dialect.anthropic.request;

import static dev.sluice.chat.Protocol.ANTHROPIC;

import dev.sluice.chat.Annotation;
import dev.sluice.chat.Extras;
import dev.sluice.chat.Loss.Severity;
import dev.sluice.chat.Media;
import dev.sluice.chat.Part;
import dev.sluice.chat.Seal;
import dev.sluice.dialect.MalformedRequest;
import dev.sluice.dialect.anthropic.wire.AnthropicCitations;
import dev.sluice.dialect.rules.CacheMarks;
import dev.sluice.dialect.rules.Fields;
import dev.sluice.dialect.rules.Seals;
import dev.sluice.dialect.rules.media.DataUrl;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The content blocks of a Messages request. */
public final class AnthropicPartReader {
    public static final String FAMILY = "anthropic";

    /** Blocks of the assistant without which the conversation would mean something else. */
    private static final Set<String> WEIGHTY = Set.of("compaction", "container_upload");

    private AnthropicPartReader() {}

    /** {@return the parts of a string or an array of blocks; empty texts are none} */
    static List<Part> content(Fields bearer, String name, boolean assistant)
            throws MalformedRequest {
        JsonNode content = bearer.take(name);
        if (content == null) {
            return List.of();
        }
        if (content.isString()) {
            String text = content.stringValue();
            return text.isEmpty() ? List.of() : List.of(Part.Text.of(text));
        }
        if (!content.isArray()) {
            throw Fields.wrong(bearer.path(name), "a string or an array of content blocks");
        }
        List<Part> parts = new ArrayList<>(content.size());
        for (int i = 0; i < content.size(); i++) {
            Part part = part(content.get(i), bearer.path(name + "[" + i + "]"), assistant);
            if (part != null) {
                parts.add(part);
            }
        }
        return parts;
    }

    private static @Nullable Part part(JsonNode node, String path, boolean assistant)
            throws MalformedRequest {
        Fields block = Fields.of(node, path);
        String type = block.requiredString("type");
        return switch (type) {
            case "text" -> text(block);
            case "image" -> image(block);
            case "document" -> document(block, node);
            case "thinking" -> thinking(block);
            case "redacted_thinking" -> {
                Seal seal = Seals.read(block.requiredString("data"), FAMILY, Seal.Kind.REDACTED);
                yield seal == null ? null : new Part.Reasoning("", seal, null, rest(block));
            }
            case "tool_use" -> call(block);
            case "tool_result" -> result(block);
            default -> {
                boolean weighty = !assistant || WEIGHTY.contains(type);
                Severity severity = weighty ? Severity.WRONG : Severity.WEAKER;
                yield new Part.Foreign(ANTHROPIC, type, node, severity);
            }
        };
    }

    private static Extras rest(Fields block) {
        return block.rest(ANTHROPIC);
    }

    private static Part.@Nullable CacheMark cache(Fields block) {
        return CacheMarks.read(block.take("cache_control"));
    }

    private static @Nullable Part text(Fields block) throws MalformedRequest {
        String text = block.requiredString("text");
        List<Annotation> annotations = new ArrayList<>();
        for (JsonNode citation : block.list("citations")) {
            annotations.add(AnthropicCitations.one(citation));
        }
        Part.CacheMark cache = cache(block);
        return text.isEmpty() ? null : new Part.Text(text, annotations, null, cache, rest(block));
    }

    /** An empty wrapped seal of no family is what unsigned thinking was given on its way out. */
    private static @Nullable Part thinking(Fields block) throws MalformedRequest {
        String text = block.requiredString("thinking");
        Seal seal = Seals.read(block.string("signature"), FAMILY, Seal.Kind.SIGNATURE);
        if (seal != null && seal.kind() == Seal.Kind.UNSIGNED && seal.family().isEmpty()) {
            seal = null;
        }
        return text.isEmpty() && seal == null
                ? null
                : new Part.Reasoning(text, seal, null, rest(block));
    }

    private static Part call(Fields block) throws MalformedRequest {
        String id = block.requiredString("id");
        if (id.isEmpty()) {
            throw Fields.wrong(block.path("id"), "a string that is not empty");
        }
        String name = block.requiredString("name");
        JsonNode input = block.take("input");
        if (input != null && !input.isObject()) {
            throw Fields.wrong(block.path("input"), "an object");
        }
        Part.CacheMark cache = cache(block);
        block.extra(Severity.SILENT, "caller");
        String arguments = input == null ? "{}" : input.toString();
        return new Part.ToolCall(id, null, name, arguments, false, null, cache, rest(block));
    }

    private static Part result(Fields block) throws MalformedRequest {
        String callId = block.requiredString("tool_use_id");
        List<Part> content = content(block, "content", false);
        boolean error = Boolean.TRUE.equals(block.flag("is_error"));
        Part.CacheMark cache = cache(block);
        return new Part.ToolResult(callId, null, content, error, false, cache, rest(block));
    }

    private static Part image(Fields block) throws MalformedRequest {
        Fields source = block.requiredObject("source");
        String type = source.requiredString("type");
        Media media =
                switch (type) {
                    case "base64" -> inline(source);
                    case "url" -> new Media.Remote(null, source.requiredString("url"));
                    case "file" -> stored(source);
                    default ->
                            throw Fields.wrong(source.path("type"), "one of base64, url and file");
                };
        Part.CacheMark cache = cache(block);
        return new Part.Image(media, null, cache, rest(block));
    }

    private static Part document(Fields block, JsonNode node) throws MalformedRequest {
        Fields source = block.requiredObject("source");
        String type = source.requiredString("type");
        Media media =
                switch (type) {
                    case "base64" -> inline(source);
                    case "url" -> new Media.Remote(null, source.requiredString("url"));
                    case "file" -> stored(source);
                    case "text" ->
                            new Media.Plain(
                                    source.string("media_type"), source.requiredString("data"));
                    case "content" -> null;
                    default ->
                            throw Fields.wrong(
                                    source.path("type"),
                                    "one of base64, text, url, file and content");
                };
        if (media == null) {
            return new Part.Foreign(ANTHROPIC, "document", node, Severity.WRONG);
        }
        String title = block.string("title");
        Part.CacheMark cache = cache(block);
        return new Part.File(media, title, cache, rest(block));
    }

    private static Media inline(Fields source) throws MalformedRequest {
        String mimeType = source.string("media_type");
        Media media = DataUrl.inline(mimeType, source.requiredString("data"));
        if (media == null) {
            throw Fields.wrong(source.path("data"), "base64");
        }
        return media;
    }

    private static Media stored(Fields source) throws MalformedRequest {
        return new Media.Stored(null, ANTHROPIC, source.requiredString("file_id"));
    }
}
