package dev.sluice.dialect.openai.chat.request;

import static dev.sluice.chat.Protocol.OPENAI_CHAT;

import dev.sluice.chat.Extras;
import dev.sluice.chat.Loss.Severity;
import dev.sluice.chat.Media;
import dev.sluice.chat.Message;
import dev.sluice.chat.Message.Role;
import dev.sluice.chat.Part;
import dev.sluice.chat.Seal;
import dev.sluice.dialect.MalformedRequest;
import dev.sluice.dialect.openai.chat.wire.OpenAiChatReasoning;
import dev.sluice.dialect.rules.CacheMarks;
import dev.sluice.dialect.rules.Fields;
import dev.sluice.dialect.rules.Seals;
import dev.sluice.dialect.rules.media.DataUrl;
import dev.sluice.dialect.rules.tool.ToolCallIds;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The messages of a Chat request. For one request: it remembers old-style calls, which have no id.
 */
final class OpenAiChatMessageReader {
    private static final String OWN_FAMILY = "openai";

    private @Nullable String lastFunctionCallId;

    Message read(JsonNode node, int index) throws MalformedRequest {
        Fields message = Fields.of(node, "messages[" + index + "]");
        String role = message.requiredString("role");
        return switch (role) {
            case "system" -> plain(Role.SYSTEM, message);
            case "developer" -> plain(Role.DEVELOPER, message);
            case "user" -> plain(Role.USER, message);
            case "assistant" -> assistant(message, node, index);
            case "tool" -> result(message, message.requiredString("tool_call_id"));
            case "function" -> functionResult(message);
            default ->
                    throw Fields.wrong(
                            message.path("role"),
                            "one of developer, system, user, assistant and tool");
        };
    }

    private Message plain(Role role, Fields message) throws MalformedRequest {
        List<Part> parts = content(message);
        if (role.instructs() && parts.stream().anyMatch(part -> !(part instanceof Part.Text))) {
            throw Fields.wrong(message.path("content"), "text in a " + role + " message");
        }
        String name = message.string("name");
        return new Message(role, parts, name, message.rest(OPENAI_CHAT), message.path());
    }

    private Message assistant(Fields message, JsonNode node, int index) throws MalformedRequest {
        List<Part> parts = new ArrayList<>(OpenAiChatReasoning.read(node, OWN_FAMILY, null));
        message.take("reasoning_content");
        message.take("reasoning");
        message.take(OpenAiChatReasoning.DETAILS);
        parts.addAll(content(message));
        String refusal = message.string("refusal");
        if (refusal != null && !refusal.isEmpty()) {
            parts.add(new Part.Refusal(refusal));
        }
        List<JsonNode> calls = message.list("tool_calls");
        for (int i = 0; i < calls.size(); i++) {
            parts.add(call(Fields.of(calls.get(i), message.path("tool_calls[" + i + "]"))));
        }
        Fields old = message.object("function_call");
        if (old != null) {
            lastFunctionCallId = ToolCallIds.of("", "function_call", index);
            parts.add(
                    Part.ToolCall.of(
                            lastFunctionCallId,
                            old.requiredString("name"),
                            old.requiredString("arguments")));
        }
        String name = message.string("name");
        message.take("annotations");
        message.extra(Severity.WRONG, "audio");
        return new Message(Role.ASSISTANT, parts, name, message.rest(OPENAI_CHAT), message.path());
    }

    private static Part.ToolCall call(Fields call) throws MalformedRequest {
        String id = call.requiredString("id");
        String type = call.string("type");
        call.take("index");
        Seal seal = null;
        Fields extra = call.object("extra_content");
        Fields google = extra == null ? null : extra.object("google");
        if (google != null) {
            String signature = google.string("thought_signature");
            seal = Seals.read(signature, "google", Seal.Kind.THOUGHT);
        }
        boolean custom = "custom".equals(type);
        Fields body = call.requiredObject(custom ? "custom" : "function");
        String name = body.requiredString("name");
        String given = body.string(custom ? "input" : "arguments");
        String said = given == null ? "" : given;
        String arguments = said.isEmpty() && !custom ? "{}" : said;
        return new Part.ToolCall(
                id, null, name, arguments, custom, seal, null, call.rest(OPENAI_CHAT));
    }

    private static Message result(Fields message, String callId) throws MalformedRequest {
        List<Part> content = content(message);
        String name = message.string("name");
        Part result =
                new Part.ToolResult(
                        callId, name, content, false, false, null, message.rest(OPENAI_CHAT));
        return Message.of(Role.TOOL, List.of(result), message.path());
    }

    private Message functionResult(Fields message) throws MalformedRequest {
        message.requiredString("name");
        if (lastFunctionCallId == null) {
            throw new MalformedRequest(
                    "\"" + message.path() + "\" answers no function_call.", message.path());
        }
        return result(message, lastFunctionCallId);
    }

    private static List<Part> content(Fields message) throws MalformedRequest {
        JsonNode content = message.take("content");
        if (content == null) {
            return List.of();
        }
        if (content.isString()) {
            return content.stringValue().isEmpty()
                    ? List.of()
                    : List.of(Part.Text.of(content.stringValue()));
        }
        if (!content.isArray()) {
            throw Fields.wrong(message.path("content"), "a string or an array of parts");
        }
        List<Part> parts = new ArrayList<>(content.size());
        for (int i = 0; i < content.size(); i++) {
            parts.add(part(content.get(i), message.path("content[" + i + "]")));
        }
        return parts;
    }

    private static Part part(JsonNode node, String path) throws MalformedRequest {
        Fields part = Fields.of(node, path);
        String type = part.requiredString("type");
        JsonNode mark = part.takeAny("prompt_cache_breakpoint", "cache_control");
        Part.CacheMark cache = CacheMarks.read(mark);
        return switch (type) {
            case "text" -> {
                String text = part.requiredString("text");
                part.take("annotations");
                yield new Part.Text(text, List.of(), null, cache, part.rest(OPENAI_CHAT));
            }
            case "refusal" -> new Part.Refusal(part.requiredString("refusal"));
            case "image_url" -> image(part, cache);
            case "input_audio" -> audio(part);
            case "file" -> file(part, cache);
            case "video_url" -> {
                String url = part.requiredObject("video_url").requiredString("url");
                yield new Part.Video(media(url, part.path()), part.rest(OPENAI_CHAT));
            }
            default -> new Part.Foreign(OPENAI_CHAT, type, node, Severity.WRONG);
        };
    }

    private static Part image(Fields part, Part.@Nullable CacheMark cache) throws MalformedRequest {
        JsonNode given = part.take("image_url");
        if (given != null && given.isString()) {
            Media media = media(given.stringValue(), part.path("image_url"));
            return new Part.Image(media, null, cache, part.rest(OPENAI_CHAT));
        }
        Fields image = part.requiredObject("image_url");
        Media media = media(image.requiredString("url"), image.path("url"));
        String detail = image.string("detail");
        Extras extras = part.rest(OPENAI_CHAT);
        return new Part.Image(media, detail, cache, extras);
    }

    private static Part audio(Fields part) throws MalformedRequest {
        Fields audio = part.requiredObject("input_audio");
        String format = audio.requiredString("format");
        String mimeType = format.equals("mp3") ? "audio/mpeg" : "audio/" + format;
        Media media = DataUrl.inline(mimeType, audio.requiredString("data"));
        if (media == null) {
            throw Fields.wrong(audio.path("data"), "base64");
        }
        return new Part.Audio(media, part.rest(OPENAI_CHAT));
    }

    private static Part file(Fields part, Part.@Nullable CacheMark cache) throws MalformedRequest {
        Fields file = part.requiredObject("file");
        String name = file.string("filename");
        String id = file.string("file_id");
        String data = file.string("file_data");
        Media media;
        if (data != null) {
            media =
                    DataUrl.is(data)
                            ? media(data, file.path("file_data"))
                            : DataUrl.inline(null, data);
        } else {
            media = id == null ? null : new Media.Stored(null, OPENAI_CHAT, id);
        }
        if (media == null) {
            throw Fields.wrong(file.path(), "an object with file_data (a data URL) or file_id");
        }
        return new Part.File(media, name, cache, part.rest(OPENAI_CHAT));
    }

    private static Media media(String url, String path) throws MalformedRequest {
        if (!DataUrl.is(url)) {
            return new Media.Remote(null, url);
        }
        Media inline = DataUrl.read(url);
        if (inline == null) {
            throw Fields.wrong(path, "a URL, or a data URL with base64 content");
        }
        return inline;
    }
}
