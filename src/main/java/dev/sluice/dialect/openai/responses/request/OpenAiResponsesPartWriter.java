package dev.sluice.dialect.openai.responses.request;

import static dev.sluice.chat.Protocol.OPENAI_RESPONSES;

import dev.sluice.chat.Media;
import dev.sluice.chat.Message;
import dev.sluice.chat.Part;
import dev.sluice.chat.Protocol;
import dev.sluice.dialect.json.Json;
import dev.sluice.dialect.rules.CacheMarks;
import dev.sluice.dialect.rules.Fields;
import dev.sluice.dialect.rules.Losses;
import dev.sluice.dialect.rules.PlainTexts;
import dev.sluice.dialect.rules.media.DataUrl;
import dev.sluice.dialect.trait.Trait;
import dev.sluice.dialect.trait.UpstreamTraits;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.node.StringNode;

/** The content of an input item for an upstream (wire-contract §2.4). For one request. */
final class OpenAiResponsesPartWriter {
    private final Protocol client;
    private final UpstreamTraits traits;
    private final Losses losses;

    OpenAiResponsesPartWriter(Protocol client, UpstreamTraits traits, Losses losses) {
        this.client = client;
        this.traits = traits;
        this.losses = losses;
    }

    /** {@return what can be said of the parts; empty texts are left out} */
    ArrayNode content(Message message, List<Part> parts) {
        ArrayNode content = Json.mapper().createArrayNode();
        for (Part part : parts) {
            switch (part) {
                case Part.Text text -> text(content, text, message);
                case Part.Refusal refusal -> text(content, refusal.text());
                case Part.Image image -> image(content, image, message);
                case Part.File file -> file(content, file, message);
                case Part.Audio audio -> audio(content, audio, message);
                case Part.Video video -> video(video, message);
                case Part.Foreign foreign -> foreign(content, foreign, message);
                case Part.ToolCall _, Part.ToolResult _, Part.Reasoning _ -> {
                    // Items of their own.
                }
            }
        }
        return content;
    }

    /** {@return a tool's output; media that cannot stand in it are added to those that follow} */
    JsonNode result(Message message, Part.ToolResult result, List<Part> media) {
        ArrayNode content = Json.mapper().createArrayNode();
        if (result.error()) {
            text(content, "Error: ");
        }
        for (Part part : result.content()) {
            switch (part) {
                case Part.Image _, Part.File _ when traits.has(Trait.TOOL_RESULT_IMAGES) ->
                        content.addAll(content(message, List.of(part)));
                case Part.Image _, Part.File _, Part.Audio _, Part.Video _ -> {
                    text(content, "[" + kind(part) + " in the next user message]");
                    media.add(part);
                }
                case Part.Foreign foreign -> text(content, foreign.json().toString());
                case Part.Text text -> text(content, text, message);
                case Part.Refusal refusal -> text(content, refusal.text());
                case Part.ToolCall _, Part.ToolResult _, Part.Reasoning _ -> {
                    // Never within a result.
                }
            }
        }
        return result.error() || content.isEmpty() ? joined(content) : PlainTexts.shortest(content);
    }

    /** {@return texts as one; anything else as it is} */
    private static JsonNode joined(ArrayNode content) {
        StringBuilder joined = new StringBuilder();
        for (JsonNode part : content.values()) {
            if (!part.has("text")) {
                return content;
            }
            joined.append(part.path("text").asString(""));
        }
        return Json.mapper().getNodeFactory().stringNode(joined.toString());
    }

    private static String kind(Part part) {
        return part instanceof Part.Image ? "image" : "file";
    }

    private void text(ArrayNode content, Part.Text text, Message message) {
        if (text.text().isEmpty()) {
            return;
        }
        ObjectNode object = content.addObject().put("type", "input_text").put("text", text.text());
        CacheMarks.write(object, text.cache(), traits);
        Fields.restore(object, text.extras(), OPENAI_RESPONSES);
        losses.extras(text.extras(), OPENAI_RESPONSES, message.path());
    }

    private static void text(ArrayNode content, String text) {
        if (!text.isEmpty()) {
            content.addObject().put("type", "input_text").put("text", text);
        }
    }

    private void image(ArrayNode content, Part.Image image, Message message) {
        boolean stored = image.media() instanceof Media.Stored;
        JsonNode url = url(image.media());
        if (stored && url == null) {
            losses.refused("file_id", message, "the image is in another provider's file store.");
            return;
        }
        if (image.media() instanceof Media.Remote && !traits.has(Trait.IMAGE_URL)) {
            losses.refused("image_url", message, "the upstream fetches no image URLs.");
            return;
        }
        ObjectNode object = content.addObject().put("type", "input_image");
        object.set(stored ? "file_id" : "image_url", url);
        if (image.detail() != null) {
            object.put("detail", image.detail());
        }
        CacheMarks.write(object, image.cache(), traits);
        Fields.restore(object, image.extras(), OPENAI_RESPONSES);
        losses.extras(image.extras(), OPENAI_RESPONSES, message.path());
    }

    private @Nullable JsonNode url(Media media) {
        return switch (media) {
            case Media.Inline inline -> DataUrl.node(inline);
            case Media.Remote remote -> StringNode.valueOf(remote.url());
            case Media.Stored stored -> isAtHome(stored) ? StringNode.valueOf(stored.id()) : null;
            case Media.Plain plain -> DataUrl.node(PlainTexts.encoded(plain));
        };
    }

    /** OpenAI's two protocols share one file store. */
    private boolean isAtHome(Media.Stored stored) {
        return stored.origin() == OPENAI_RESPONSES
                || (stored.origin() == Protocol.OPENAI_CHAT && traits.family().equals("openai"));
    }

    private void file(ArrayNode content, Part.File file, Message message) {
        losses.extras(file.extras(), OPENAI_RESPONSES, message.path());
        switch (file.media()) {
            case Media.Plain plain -> text(content, plain.text());
            case Media.Inline inline when PlainTexts.isText(inline) ->
                    text(content, PlainTexts.decoded(inline));
            case Media.Inline inline -> {
                ObjectNode object = file(content, "file_data", DataUrl.node(inline));
                object.put("filename", Objects.requireNonNullElse(file.name(), "file"));
                finish(object, file);
            }
            case Media.Remote remote ->
                    named(file(content, "file_url", StringNode.valueOf(remote.url())), file);
            case Media.Stored stored when isAtHome(stored) ->
                    named(file(content, "file_id", StringNode.valueOf(stored.id())), file);
            case Media.Stored _ ->
                    losses.refused("file_id", message, "the file is in another provider's store.");
        }
    }

    private static ObjectNode file(ArrayNode content, String field, JsonNode value) {
        ObjectNode file = content.addObject().put("type", "input_file");
        file.set(field, value);
        return file;
    }

    private void named(ObjectNode object, Part.File file) {
        if (file.name() != null) {
            object.put("filename", file.name());
        }
        finish(object, file);
    }

    private void finish(ObjectNode object, Part.File file) {
        CacheMarks.write(object, file.cache(), traits);
        Fields.restore(object, file.extras(), OPENAI_RESPONSES);
    }

    private void audio(ArrayNode content, Part.Audio audio, Message message) {
        losses.extras(audio.extras(), OPENAI_RESPONSES, message.path());
        String format = audio.media() instanceof Media.Inline inline ? format(inline) : null;
        if (client != OPENAI_RESPONSES
                || format == null
                || !(audio.media() instanceof Media.Inline inline)) {
            losses.refused("audio", message, "the upstream takes no audio.");
            return;
        }
        ObjectNode object = content.addObject().put("type", "input_audio");
        object.putObject("input_audio").put("data", inline.base64()).put("format", format);
        Fields.restore(object, audio.extras(), OPENAI_RESPONSES);
    }

    private static @Nullable String format(Media.Inline inline) {
        return switch (Objects.requireNonNullElse(inline.mimeType(), "")) {
            case "audio/wav", "audio/x-wav", "audio/wave" -> "wav";
            case "audio/mpeg", "audio/mp3" -> "mp3";
            default -> null;
        };
    }

    private void video(Part.Video video, Message message) {
        losses.extras(video.extras(), OPENAI_RESPONSES, message.path());
        losses.refused("video", message, "the upstream takes no video.");
    }

    private void foreign(ArrayNode content, Part.Foreign foreign, Message message) {
        if (foreign.origin() == OPENAI_RESPONSES) {
            content.add(foreign.json());
        } else {
            losses.foreign(foreign, message);
        }
    }
}
