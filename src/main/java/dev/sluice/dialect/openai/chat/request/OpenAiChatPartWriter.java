package dev.sluice.dialect.openai.chat.request;

import static dev.sluice.chat.Protocol.OPENAI_CHAT;

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

/** The parts of a message for a Chat upstream (wire-contract §2.4). For one request. */
final class OpenAiChatPartWriter {
    private final UpstreamTraits traits;
    private final Losses losses;

    OpenAiChatPartWriter(UpstreamTraits traits, Losses losses) {
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
                case Part.Video video -> video(content, video, message);
                case Part.Foreign foreign -> foreign(content, foreign, message);
                case Part.ToolCall _, Part.ToolResult _, Part.Reasoning _ -> {
                    // Not content in Chat.
                }
            }
        }
        return content;
    }

    /** {@return the text of a tool's result; its media are added to those that follow it} */
    JsonNode result(Message message, Part.ToolResult result, List<Part> media) {
        ArrayNode texts = Json.mapper().createArrayNode();
        if (result.error()) {
            text(texts, "Error: ");
        }
        for (Part part : result.content()) {
            switch (part) {
                case Part.Text text -> text(texts, text, message);
                case Part.File file when file.media() instanceof Media.Plain plain ->
                        text(texts, plain.text());
                case Part.Image _, Part.File _, Part.Audio _, Part.Video _ -> {
                    text(texts, "[" + kind(part) + " in the next user message]");
                    media.add(part);
                }
                case Part.Foreign foreign -> text(texts, foreign.json().toString());
                case Part.Refusal refusal -> text(texts, refusal.text());
                case Part.ToolCall _, Part.ToolResult _, Part.Reasoning _ -> {
                    // Never within a result.
                }
            }
        }
        return result.error() || texts.isEmpty() ? joined(texts) : PlainTexts.shortest(texts);
    }

    private static JsonNode joined(ArrayNode texts) {
        StringBuilder joined = new StringBuilder();
        texts.values().forEach(text -> joined.append(text.path("text").asString("")));
        return Json.mapper().getNodeFactory().stringNode(joined.toString());
    }

    private static String kind(Part part) {
        return part instanceof Part.Image ? "image" : "file";
    }

    private void text(ArrayNode content, Part.Text text, Message message) {
        if (text.text().isEmpty()) {
            return;
        }
        ObjectNode object = content.addObject().put("type", "text").put("text", text.text());
        CacheMarks.write(object, text.cache(), traits);
        Fields.restore(object, text.extras(), OPENAI_CHAT);
        losses.extras(text.extras(), OPENAI_CHAT, message.path());
    }

    private static void text(ArrayNode content, String text) {
        if (!text.isEmpty()) {
            content.addObject().put("type", "text").put("text", text);
        }
    }

    private void image(ArrayNode content, Part.Image image, Message message) {
        JsonNode url = url(image.media());
        if (url == null) {
            losses.refused("file_id", message, "the image is in another provider's file store.");
            return;
        }
        if (image.media() instanceof Media.Remote && !traits.has(Trait.IMAGE_URL)) {
            losses.refused("image_url", message, "the upstream fetches no image URLs.");
            return;
        }
        ObjectNode object = content.addObject().put("type", "image_url");
        ObjectNode at = object.putObject("image_url");
        at.set("url", url);
        if (image.detail() != null) {
            at.put("detail", image.detail());
        }
        CacheMarks.write(object, image.cache(), traits);
        Fields.restore(object, image.extras(), OPENAI_CHAT);
        losses.extras(image.extras(), OPENAI_CHAT, message.path());
    }

    private static @Nullable JsonNode url(Media media) {
        return switch (media) {
            case Media.Inline inline -> DataUrl.node(inline);
            case Media.Remote remote -> StringNode.valueOf(remote.url());
            case Media.Stored _ -> null;
            case Media.Plain plain -> DataUrl.node(PlainTexts.encoded(plain));
        };
    }

    private void file(ArrayNode content, Part.File file, Message message) {
        losses.extras(file.extras(), OPENAI_CHAT, message.path());
        switch (file.media()) {
            case Media.Plain plain -> text(content, plain.text());
            case Media.Inline inline when PlainTexts.isText(inline) ->
                    text(content, PlainTexts.decoded(inline));
            case Media.Inline inline -> {
                ObjectNode object = content.addObject().put("type", "file");
                String name = Objects.requireNonNullElse(file.name(), "file");
                object.putObject("file")
                        .put("filename", name)
                        .set("file_data", DataUrl.node(inline));
                finish(object, file);
            }
            case Media.Stored stored when isAtHome(stored) -> {
                ObjectNode object = content.addObject().put("type", "file");
                ObjectNode at = object.putObject("file").put("file_id", stored.id());
                if (file.name() != null) {
                    at.put("filename", file.name());
                }
                finish(object, file);
            }
            case Media.Stored _ ->
                    losses.refused("file_id", message, "the file is in another provider's store.");
            case Media.Remote _ ->
                    losses.refused("file_url", message, "the upstream fetches no files by URL.");
        }
    }

    /** OpenAI's two protocols share one file store. */
    private boolean isAtHome(Media.Stored stored) {
        return stored.origin() == OPENAI_CHAT
                || (stored.origin() == Protocol.OPENAI_RESPONSES
                        && traits.family().equals("openai"));
    }

    private void finish(ObjectNode object, Part.File file) {
        CacheMarks.write(object, file.cache(), traits);
        Fields.restore(object, file.extras(), OPENAI_CHAT);
    }

    private void audio(ArrayNode content, Part.Audio audio, Message message) {
        String format = audio.media() instanceof Media.Inline inline ? format(inline) : null;
        if (format == null || !(audio.media() instanceof Media.Inline inline)) {
            losses.refused("audio", message, "the upstream takes audio as wav or mp3 data only.");
            return;
        }
        ObjectNode object = content.addObject().put("type", "input_audio");
        object.putObject("input_audio").put("data", inline.base64()).put("format", format);
        Fields.restore(object, audio.extras(), OPENAI_CHAT);
        losses.extras(audio.extras(), OPENAI_CHAT, message.path());
    }

    private static @Nullable String format(Media.Inline inline) {
        return switch (Objects.requireNonNullElse(inline.mimeType(), "")) {
            case "audio/wav", "audio/x-wav", "audio/wave" -> "wav";
            case "audio/mpeg", "audio/mp3" -> "mp3";
            default -> null;
        };
    }

    private void video(ArrayNode content, Part.Video video, Message message) {
        JsonNode url = url(video.media());
        if (url == null || losses.client() != OPENAI_CHAT) {
            losses.refused("video", message, "the upstream takes no video.");
            return;
        }
        ObjectNode object = content.addObject().put("type", "video_url");
        object.putObject("video_url").set("url", url);
        Fields.restore(object, video.extras(), OPENAI_CHAT);
    }

    private void foreign(ArrayNode content, Part.Foreign foreign, Message message) {
        if (foreign.origin() == OPENAI_CHAT) {
            content.add(foreign.json());
        } else {
            losses.foreign(foreign, message);
        }
    }
}
