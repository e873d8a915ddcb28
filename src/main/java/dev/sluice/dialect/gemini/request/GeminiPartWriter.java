package dev.sluice.dialect.gemini.request;

import static dev.sluice.chat.Protocol.GEMINI;

import dev.sluice.chat.Extras;
import dev.sluice.chat.Media;
import dev.sluice.chat.Message;
import dev.sluice.chat.Part;
import dev.sluice.chat.Protocol;
import dev.sluice.chat.Seal;
import dev.sluice.dialect.gemini.wire.GeminiMedia;
import dev.sluice.dialect.json.Json;
import dev.sluice.dialect.rules.Fields;
import dev.sluice.dialect.rules.Losses;
import dev.sluice.dialect.trait.Trait;
import dev.sluice.dialect.trait.UpstreamTraits;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Text and media of a content for a Gemini upstream (wire-contract §2.4). For one request. */
final class GeminiPartWriter {
    /**
     * @param type the media type where the media says none
     */
    private record Named(Media media, String type, @Nullable String name) {}

    private final Protocol client;
    private final UpstreamTraits traits;
    private final Losses losses;

    GeminiPartWriter(Protocol client, UpstreamTraits traits, Losses losses) {
        this.client = client;
        this.traits = traits;
        this.losses = losses;
    }

    /** Adds what can be said of the part; calls, results and reasoning are none of its. */
    void write(ArrayNode content, Part part, Message message) {
        switch (part) {
            case Part.Text text -> text(content, text, message);
            case Part.Refusal refusal -> plain(content, refusal.text());
            case Part.Image image ->
                    media(
                            content,
                            new Named(image.media(), "image/jpeg", null),
                            image.extras(),
                            message);
            case Part.File file ->
                    media(
                            content,
                            new Named(file.media(), "application/pdf", file.name()),
                            file.extras(),
                            message);
            case Part.Audio audio ->
                    media(
                            content,
                            new Named(audio.media(), "audio/wav", null),
                            audio.extras(),
                            message);
            case Part.Video video ->
                    media(
                            content,
                            new Named(video.media(), "video/mp4", null),
                            video.extras(),
                            message);
            case Part.Foreign foreign -> foreign(content, foreign, message);
            case Part.ToolCall _, Part.ToolResult _, Part.Reasoning _ -> {
                // The message's own writer says them.
            }
        }
    }

    /** {@return the seal as it goes back to the model that made it; null for any other} */
    @Nullable String signature(@Nullable Seal seal) {
        return seal != null
                        && seal.kind() == Seal.Kind.THOUGHT
                        && seal.isFor(traits.family(), traits.model())
                ? seal.raw()
                : null;
    }

    private static void plain(ArrayNode content, String text) {
        if (!text.isEmpty()) {
            content.addObject().put("text", text);
        }
    }

    private void text(ArrayNode content, Part.Text text, Message message) {
        losses.extras(text.extras(), GEMINI, message.path());
        String signature = signature(text.seal());
        if (text.text().isEmpty() && signature == null) {
            return;
        }
        ObjectNode part = content.addObject().put("text", text.text());
        if (signature != null) {
            part.put("thoughtSignature", signature);
        }
        Fields.restore(part, text.extras(), GEMINI);
    }

    private void media(ArrayNode content, Named media, Extras extras, Message message) {
        losses.extras(extras, GEMINI, message.path());
        ObjectNode part = Json.mapper().createObjectNode();
        String refusal = media(part, media);
        if (refusal != null) {
            losses.refused(refusal, message, "the upstream cannot get at the file.");
            return;
        }
        boolean named = media.name != null && client == GEMINI;
        if (named && part.iterator().next() instanceof ObjectNode blob) {
            blob.put("displayName", media.name);
        }
        content.add(part);
        Fields.restore(part, extras, GEMINI);
    }

    /** {@return why it cannot be said, as a word for the loss; null if it was} */
    private @Nullable String media(ObjectNode part, Named named) {
        switch (named.media) {
            case Media.Inline inline -> {
                String type = Objects.requireNonNullElse(inline.mimeType(), named.type);
                part.putObject("inlineData").put("mimeType", type).put("data", inline.base64());
            }
            case Media.Remote remote -> {
                if (!traits.has(Trait.IMAGE_URL)) {
                    return "url";
                }
                remote(part, remote, named.type);
            }
            case Media.Stored stored -> {
                if (stored.origin() != GEMINI) {
                    return "file_id";
                }
                file(part, stored.id(), stored.mimeType());
            }
            case Media.Plain plain -> part.put("text", plain.text());
        }
        return null;
    }

    private void remote(ObjectNode part, Media.Remote remote, String otherwise) {
        String type =
                remote.mimeType() == null ? GeminiMedia.type(remote.url()) : remote.mimeType();
        boolean unsaid = client == GEMINI || GeminiMedia.isYouTube(remote.url());
        file(part, remote.url(), type == null && !unsaid ? otherwise : type);
    }

    private static void file(ObjectNode part, String uri, @Nullable String type) {
        ObjectNode file = part.putObject("fileData").put("fileUri", uri);
        if (type != null) {
            file.put("mimeType", type);
        }
    }

    private void foreign(ArrayNode content, Part.Foreign foreign, Message message) {
        if (foreign.origin() == GEMINI) {
            content.add(foreign.json());
        } else {
            losses.foreign(foreign, message);
        }
    }

    /** {@return what a piece of a tool's result says as text, or null for media} */
    static @Nullable String text(Part piece) {
        return switch (piece) {
            case Part.Text text -> text.text();
            case Part.Refusal refusal -> refusal.text();
            case Part.Foreign foreign -> foreign.json().toString();
            case Part.File file when file.media() instanceof Media.Plain plain -> plain.text();
            case Part.Image _, Part.File _, Part.Audio _, Part.Video _ -> null;
            case Part.ToolCall _, Part.ToolResult _, Part.Reasoning _ -> "";
        };
    }

    /**
     * {@return a result as the object that it must be} A text that says an object is that object,
     * unless it would then mean something else.
     */
    static ObjectNode response(List<String> texts, boolean error) {
        String text = String.join("\n", texts);
        ObjectNode object = Json.object(text);
        boolean spoken =
                object != null
                        && object.size() == 1
                        && (object.has("output") || object.has("error"));
        if (object != null && !error && !spoken) {
            return object;
        }
        ObjectNode response = Json.mapper().createObjectNode();
        if (texts.isEmpty() && !error) {
            return response;
        }
        JsonNode said = object == null ? Json.mapper().getNodeFactory().stringNode(text) : object;
        response.set(error ? "error" : "output", said);
        return response;
    }
}
