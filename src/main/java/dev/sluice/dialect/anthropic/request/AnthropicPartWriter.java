package dev.sluice.dialect.anthropic.request;

import static dev.sluice.chat.Protocol.ANTHROPIC;

import dev.sluice.chat.Annotation;
import dev.sluice.chat.Extras;
import dev.sluice.chat.Media;
import dev.sluice.chat.Message;
import dev.sluice.chat.Part;
import dev.sluice.dialect.json.Json;
import dev.sluice.dialect.rules.Fields;
import dev.sluice.dialect.rules.Losses;
import dev.sluice.dialect.trait.Trait;
import dev.sluice.dialect.trait.UpstreamTraits;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Texts, media and foreign blocks for a Messages upstream (wire-contract §2.4). For one request.
 */
final class AnthropicPartWriter {
    private static final Set<String> TEXTS =
            Set.of("application/json", "application/xml", "application/javascript");

    private final UpstreamTraits traits;
    private final Losses losses;
    private final AnthropicCacheMarks marks;

    AnthropicPartWriter(UpstreamTraits traits, Losses losses, AnthropicCacheMarks marks) {
        this.traits = traits;
        this.losses = losses;
        this.marks = marks;
    }

    /** Adds what can be said of the part; calls, results and reasoning are none of its. */
    void write(ArrayNode content, Part part, Message message) {
        switch (part) {
            case Part.Text text -> text(content, text, message);
            case Part.Refusal refusal -> plain(content, refusal.text());
            case Part.Image image -> image(content, image, message);
            case Part.File file -> file(content, file, message);
            case Part.Audio _ -> losses.refused("audio", message, "the upstream takes no audio.");
            case Part.Video _ -> losses.refused("video", message, "the upstream takes no video.");
            case Part.Foreign foreign -> foreign(content, foreign, message);
            case Part.ToolCall _, Part.ToolResult _, Part.Reasoning _ -> {
                // The message's own writer says them.
            }
        }
    }

    /** Anthropic refuses blank texts. */
    static void plain(ArrayNode content, String text) {
        if (!text.isBlank()) {
            content.addObject().put("type", "text").put("text", text);
        }
    }

    private void text(ArrayNode content, Part.Text text, Message message) {
        losses.extras(text.extras(), ANTHROPIC, message.path());
        if (text.text().isBlank()) {
            return;
        }
        ObjectNode block = content.addObject().put("type", "text").put("text", text.text());
        List<Annotation> own =
                text.annotations().stream()
                        .filter(annotation -> annotation.origin() == ANTHROPIC)
                        .toList();
        if (!own.isEmpty()) {
            ArrayNode citations = block.putArray("citations");
            own.forEach(annotation -> citations.add(annotation.json()));
        }
        finish(block, text.cache(), text.extras());
    }

    private void finish(ObjectNode block, Part.@Nullable CacheMark cache, Extras extras) {
        marks.mark(block, cache);
        Fields.restore(block, extras, ANTHROPIC);
    }

    private void image(ArrayNode content, Part.Image image, Message message) {
        losses.extras(image.extras(), ANTHROPIC, message.path());
        ObjectNode source = source(image.media(), "image/png", message);
        if (source != null) {
            ObjectNode block = content.addObject().put("type", "image");
            block.set("source", source);
            finish(block, image.cache(), image.extras());
        }
    }

    private void file(ArrayNode content, Part.File file, Message message) {
        losses.extras(file.extras(), ANTHROPIC, message.path());
        ObjectNode source =
                file.media() instanceof Media.Inline inline
                        ? inline(inline, message)
                        : source(file.media(), "text/plain", message);
        if (source == null) {
            return;
        }
        boolean image = source.path("media_type").asString("").startsWith("image/");
        ObjectNode block = content.addObject().put("type", image ? "image" : "document");
        block.set("source", source);
        if (file.name() != null && !image) {
            block.put("title", file.name());
        }
        finish(block, file.cache(), file.extras());
    }

    private @Nullable ObjectNode inline(Media.Inline inline, Message message) {
        String type = type(inline.mimeType(), "application/pdf");
        if (type.equals("application/pdf") || type.startsWith("image/")) {
            return source(inline, type, message);
        }
        if (!type.startsWith("text/") && !TEXTS.contains(type)) {
            losses.refused("file", message, "the upstream takes PDF, text and images only.");
            return null;
        }
        byte[] bytes = Base64.getDecoder().decode(inline.base64());
        return source(
                new Media.Plain("text/plain", new String(bytes, StandardCharsets.UTF_8)),
                "text/plain",
                message);
    }

    private static String type(@Nullable String said, String otherwise) {
        return Objects.requireNonNullElse(said, otherwise).toLowerCase(Locale.ROOT);
    }

    private @Nullable ObjectNode source(Media media, String otherwise, Message message) {
        ObjectNode source = Json.mapper().createObjectNode();
        return switch (media) {
            case Media.Inline inline ->
                    source.put("type", "base64")
                            .put("media_type", type(inline.mimeType(), otherwise))
                            .put("data", inline.base64());
            case Media.Remote remote -> {
                if (!traits.has(Trait.IMAGE_URL)) {
                    losses.refused("url", message, "the upstream fetches nothing by URL.");
                    yield null;
                }
                yield source.put("type", "url").put("url", remote.url());
            }
            case Media.Stored stored -> {
                if (stored.origin() != ANTHROPIC) {
                    losses.refused("file_id", message, "the file is in another provider's store.");
                    yield null;
                }
                yield source.put("type", "file").put("file_id", stored.id());
            }
            case Media.Plain plain ->
                    source.put("type", "text")
                            .put("media_type", type(plain.mimeType(), "text/plain"))
                            .put("data", plain.text());
        };
    }

    private void foreign(ArrayNode content, Part.Foreign foreign, Message message) {
        if (foreign.origin() == ANTHROPIC) {
            content.add(foreign.json());
        } else {
            losses.foreign(foreign, message);
        }
    }
}
