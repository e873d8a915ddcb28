package dev.sluice.dialect.gemini.request;

import static dev.sluice.chat.Protocol.GEMINI;

import dev.sluice.chat.Extras;
import dev.sluice.chat.Loss.Severity;
import dev.sluice.chat.Media;
import dev.sluice.chat.Message.Role;
import dev.sluice.chat.Part;
import dev.sluice.chat.Seal;
import dev.sluice.dialect.MalformedRequest;
import dev.sluice.dialect.gemini.wire.GeminiBase64;
import dev.sluice.dialect.gemini.wire.GeminiCallIds;
import dev.sluice.dialect.gemini.wire.GeminiMedia;
import dev.sluice.dialect.rules.Fields;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The parts of a content. */
final class GeminiPartReader {
    private static final List<String> KINDS =
            List.of(
                    "text",
                    "inlineData",
                    "fileData",
                    "functionCall",
                    "functionResponse",
                    "executableCode",
                    "codeExecutionResult",
                    "toolCall",
                    "toolResponse");

    private GeminiPartReader() {}

    static List<Part> parts(Fields content, Role role, GeminiCallIds ids) throws MalformedRequest {
        List<JsonNode> nodes = GeminiMessageReader.list(content, "parts");
        List<Part> parts = new ArrayList<>(nodes.size());
        for (int i = 0; i < nodes.size(); i++) {
            Fields part = Fields.of(nodes.get(i), content.path("parts[" + i + "]"));
            Part read = part(part, nodes.get(i), role, ids);
            if (read != null) {
                parts.add(read);
            }
        }
        return parts;
    }

    private static @Nullable Part part(Fields part, JsonNode node, Role role, GeminiCallIds ids)
            throws MalformedRequest {
        String kind = null;
        for (String name : KINDS) {
            if (node.path(name).isMissingNode() || node.path(name).isNull()) {
                continue;
            }
            if (kind != null) {
                throw Fields.wrong(part.path(), "one of " + kind + " and " + name + ", not both");
            }
            kind = name;
        }
        return switch (kind) {
            case null -> unknown(part, node, role);
            case "text" -> text(part);
            case "inlineData" -> inline(part);
            case "fileData" -> file(part);
            case "functionCall" -> call(part, ids);
            case "functionResponse" -> response(part, ids);
            default -> foreign(kind, node, role);
        };
    }

    /** What holds nothing but a signature is an empty text. */
    private static @Nullable Part unknown(Fields part, JsonNode node, Role role)
            throws MalformedRequest {
        String kind =
                node.properties().stream()
                        .filter(field -> !field.getValue().isNull())
                        .map(Map.Entry::getKey)
                        .filter(name -> !name.equals("thought"))
                        .findFirst()
                        .orElse("thoughtSignature");
        return kind.equals("thoughtSignature") ? text(part) : foreign(kind, node, role);
    }

    private static Part foreign(String kind, JsonNode node, Role role) {
        Severity severity = role == Role.ASSISTANT ? Severity.WEAKER : Severity.WRONG;
        return new Part.Foreign(GEMINI, kind, node, severity);
    }

    private static @Nullable Part text(Fields part) throws MalformedRequest {
        String said = part.string("text");
        String text = said == null ? "" : said;
        boolean thought = Boolean.TRUE.equals(part.flag("thought"));
        Seal seal = GeminiBase64.seal(part.string("thoughtSignature"));
        if (text.isEmpty() && seal == null) {
            return null;
        }
        boolean foreign = seal != null && seal.kind() != Seal.Kind.THOUGHT;
        boolean reasoning = thought || (text.isEmpty() && foreign);
        return reasoning
                ? new Part.Reasoning(text, seal, null, part.rest(GEMINI))
                : new Part.Text(text, List.of(), seal, null, part.rest(GEMINI));
    }

    private static Extras rest(Fields part) {
        part.take("thought");
        part.extra(Severity.SILENT, "mediaResolution", "thoughtSignature");
        return part.rest(GEMINI);
    }

    private static Part inline(Fields part) throws MalformedRequest {
        Fields blob = part.requiredObject("inlineData");
        String type = blob.string("mimeType");
        Media media = GeminiBase64.media(type, blob.requiredString("data"));
        if (media == null) {
            throw Fields.wrong(blob.path("data"), "base64");
        }
        return media(media, blob.string("displayName"), part);
    }

    /** A file is in Google's store, at a web address, or a video of YouTube. */
    private static Part file(Fields part) throws MalformedRequest {
        Fields file = part.requiredObject("fileData");
        String uri = file.requiredString("fileUri");
        String type = file.string("mimeType");
        String name = file.string("displayName");
        if (GeminiMedia.isStored(uri)) {
            return media(new Media.Stored(type, GEMINI, uri), name, part);
        }
        Media media = new Media.Remote(type, uri);
        return GeminiMedia.isYouTube(uri)
                ? new Part.Video(media, rest(part))
                : media(media, name, part);
    }

    private static Part media(Media media, @Nullable String name, Fields part) {
        String said = media.mimeType();
        String type = said == null ? "" : said.toLowerCase(Locale.ROOT);
        if (type.startsWith("image/")) {
            return new Part.Image(media, null, null, rest(part));
        }
        if (type.startsWith("audio/")) {
            return new Part.Audio(media, rest(part));
        }
        return type.startsWith("video/")
                ? new Part.Video(media, rest(part))
                : new Part.File(media, name, null, rest(part));
    }

    private static Part call(Fields part, GeminiCallIds ids) throws MalformedRequest {
        Fields call = part.requiredObject("functionCall");
        String name = call.requiredString("name");
        if (name.isEmpty()) {
            throw Fields.wrong(call.path("name"), "a string that is not empty");
        }
        JsonNode args = call.take("args");
        if (args != null && !args.isObject()) {
            throw Fields.wrong(call.path("args"), "an object");
        }
        String id = ids.call(call.string("id"), name);
        Seal seal = GeminiBase64.seal(part.string("thoughtSignature"));
        String arguments = args == null ? "{}" : args.toString();
        return new Part.ToolCall(id, null, name, arguments, false, seal, null, rest(part));
    }

    private static Part response(Fields part, GeminiCallIds ids) throws MalformedRequest {
        Fields response = part.requiredObject("functionResponse");
        String name = response.string("name");
        String id = ids.response(response.string("id"), name, response.path());
        JsonNode said = response.take("response");
        if (said != null && !said.isObject()) {
            throw Fields.wrong(response.path("response"), "an object");
        }
        JsonNode failure = said == null ? null : only(said, "error");
        List<Part> content = new ArrayList<>();
        String text = said == null || said.isEmpty() ? "" : told(said);
        if (!text.isEmpty()) {
            content.add(Part.Text.of(text));
        }
        content.addAll(media(response));
        response.extra(Severity.SILENT, "willContinue", "scheduling");
        Extras extras = response.rest(GEMINI);
        return new Part.ToolResult(id, name, content, failure != null, false, null, extras);
    }

    /** {@return what a response says: its only {@code output} or {@code error}, or all of it} */
    private static String told(JsonNode response) {
        JsonNode output = only(response, "output");
        JsonNode failure = only(response, "error");
        JsonNode said = output != null ? output : failure != null ? failure : response;
        return said.isString() ? said.stringValue() : said.toString();
    }

    private static List<Part> media(Fields response) throws MalformedRequest {
        List<Part> media = new ArrayList<>();
        List<JsonNode> nodes = GeminiMessageReader.list(response, "parts");
        for (int i = 0; i < nodes.size(); i++) {
            Fields part = Fields.of(nodes.get(i), response.path("parts[" + i + "]"));
            if (nodes.get(i).path("inlineData").isObject()) {
                media.add(inline(part));
            } else if (nodes.get(i).path("fileData").isObject()) {
                media.add(file(part));
            } else {
                throw Fields.wrong(part.path(), "inlineData or fileData");
            }
        }
        return media;
    }

    /** {@return the value of that field if the object has no other} */
    private static @Nullable JsonNode only(JsonNode object, String name) {
        return object instanceof ObjectNode node && node.size() == 1 ? node.get(name) : null;
    }
}
