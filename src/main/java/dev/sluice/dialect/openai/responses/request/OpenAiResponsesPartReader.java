package dev.sluice.dialect.openai.responses.request;

import static dev.sluice.chat.Protocol.OPENAI_RESPONSES;

import dev.sluice.chat.Loss.Severity;
import dev.sluice.chat.Media;
import dev.sluice.chat.Part;
import dev.sluice.dialect.MalformedRequest;
import dev.sluice.dialect.rules.CacheMarks;
import dev.sluice.dialect.rules.Fields;
import dev.sluice.dialect.rules.media.DataUrl;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The content of an input item: a message's, or a tool's output. */
final class OpenAiResponsesPartReader {
    private OpenAiResponsesPartReader() {}

    static List<Part> content(Fields item, String name) throws MalformedRequest {
        JsonNode content = item.take(name);
        if (content == null) {
            return List.of();
        }
        if (content.isString()) {
            return content.stringValue().isEmpty()
                    ? List.of()
                    : List.of(Part.Text.of(content.stringValue()));
        }
        if (!content.isArray()) {
            throw Fields.wrong(item.path(name), "a string or an array of parts");
        }
        List<Part> parts = new ArrayList<>(content.size());
        for (int i = 0; i < content.size(); i++) {
            parts.add(part(content.get(i), item.path(name + "[" + i + "]")));
        }
        return parts;
    }

    private static Part part(JsonNode node, String path) throws MalformedRequest {
        Fields part = Fields.of(node, path);
        String type = part.requiredString("type");
        JsonNode mark = part.takeAny("prompt_cache_breakpoint", "cache_control");
        Part.CacheMark cache = CacheMarks.read(mark);
        return switch (type) {
            case "input_text", "output_text", "text" -> {
                String text = part.requiredString("text");
                if (part.list("annotations").size() > 0) {
                    part.extra(Severity.SILENT, "annotations");
                }
                part.take("logprobs");
                yield new Part.Text(text, List.of(), null, cache, part.rest(OPENAI_RESPONSES));
            }
            case "refusal" -> new Part.Refusal(part.requiredString("refusal"));
            case "input_image" -> image(part, cache);
            case "input_file" -> file(part, cache);
            case "input_audio" -> audio(part);
            default -> new Part.Foreign(OPENAI_RESPONSES, type, node, Severity.WRONG);
        };
    }

    private static Part image(Fields part, Part.@Nullable CacheMark cache) throws MalformedRequest {
        String id = part.string("file_id");
        String detail = part.string("detail");
        String url = part.string("image_url");
        Media media;
        if (url != null) {
            media = media(url, part.path("image_url"));
        } else if (id != null) {
            media = new Media.Stored(null, OPENAI_RESPONSES, id);
        } else {
            throw part.missing("image_url");
        }
        return new Part.Image(media, detail, cache, part.rest(OPENAI_RESPONSES));
    }

    private static Part file(Fields part, Part.@Nullable CacheMark cache) throws MalformedRequest {
        String name = part.string("filename");
        String id = part.string("file_id");
        String data = part.string("file_data");
        String url = part.string("file_url");
        Media media;
        if (data != null) {
            media =
                    DataUrl.is(data)
                            ? media(data, part.path("file_data"))
                            : DataUrl.inline(null, data);
        } else if (url != null) {
            media = media(url, part.path("file_url"));
        } else {
            media = id == null ? null : new Media.Stored(null, OPENAI_RESPONSES, id);
        }
        if (media == null) {
            throw Fields.wrong(
                    part.path(), "an object with file_data (a data URL), file_url or file_id");
        }
        return new Part.File(media, name, cache, part.rest(OPENAI_RESPONSES));
    }

    private static Part audio(Fields part) throws MalformedRequest {
        Fields audio = part.requiredObject("input_audio");
        String format = audio.requiredString("format");
        String mimeType = format.equals("mp3") ? "audio/mpeg" : "audio/" + format;
        Media media = DataUrl.inline(mimeType, audio.requiredString("data"));
        if (media == null) {
            throw Fields.wrong(audio.path("data"), "base64");
        }
        return new Part.Audio(media, part.rest(OPENAI_RESPONSES));
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
