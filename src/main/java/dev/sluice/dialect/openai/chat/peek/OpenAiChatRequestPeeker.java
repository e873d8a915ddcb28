package dev.sluice.dialect.openai.chat.peek;

import dev.sluice.dialect.MalformedRequest;
import dev.sluice.dialect.json.BodyScanner;
import dev.sluice.dialect.json.Json;
import dev.sluice.dialect.json.Splice;
import dev.sluice.dialect.json.ValueWalk;
import dev.sluice.dialect.peek.RequestPeek;
import dev.sluice.dialect.peek.RequestPeek.Span;
import dev.sluice.dialect.peek.Rewrite;
import dev.sluice.dialect.trait.Trait;
import dev.sluice.dialect.trait.UpstreamTraits;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/** Finds the deciding fields of a Chat request in one pass over its bytes, and changes them. */
public final class OpenAiChatRequestPeeker {
    private static final List<String> DECIDING =
            List.of(
                    "model",
                    "stream",
                    "stream_options",
                    "max_tokens",
                    "max_completion_tokens",
                    "n");
    private static final List<String> DECIDING_OPTIONS = List.of("include_usage");
    private static final Set<String> MEDIA =
            Set.of("image_url", "input_audio", "file", "video_url", "image", "input_image");

    /** Fields of other protocols that some clients send here. */
    private static final Set<String> FOREIGN =
            Set.of(
                    "system",
                    "stop_sequences",
                    "anthropic_version",
                    "max_tokens_to_sample",
                    "contents",
                    "input");

    private static final Set<String> FOREIGN_PARTS =
            Set.of("tool_use", "tool_result", "image", "document", "thinking", "redacted_thinking");

    /** tools[ {input_schema */
    private static final int TOOL_DEPTH = 2;

    /** messages[ {content:[ {type */
    private static final int PART_DEPTH = 4;

    private final JsonParser parser;
    private @Nullable String model;
    private @Nullable Span modelSpan;
    private boolean stream;
    private @Nullable Span streamSpan;
    private boolean wantsUsage;
    private @Nullable Span streamOptions;
    private @Nullable Span includeUsage;
    private @Nullable Long maxOutputTokens;
    private @Nullable Span maxOutputSpan;
    private int choices = 1;
    private int mediaParts;
    private boolean loose;

    private OpenAiChatRequestPeeker(JsonParser parser) {
        this.parser = parser;
    }

    public static RequestPeek peek(byte[] body) throws MalformedRequest {
        try (JsonParser parser = Json.parser(body)) {
            BodyScanner fields = BodyScanner.over(parser, body, DECIDING);
            return new OpenAiChatRequestPeeker(parser).read(fields);
        } catch (JacksonException e) {
            throw Json.malformed(e);
        }
    }

    public static byte[] rewrite(byte[] body, RequestPeek peek, Rewrite rewrite) {
        Splice splice = new Splice(body);
        List<String> missing = new ArrayList<>(4);
        if (rewrite.model() != null) {
            change(splice, missing, peek.modelSpan(), "model", Json.quoted(rewrite.model()));
        }
        if (rewrite.stream() && !peek.stream()) {
            change(splice, missing, peek.streamSpan(), "stream", "true");
        }
        if (rewrite.maxOutputTokens() != null) {
            String limit = rewrite.maxOutputTokens().toString();
            change(splice, missing, peek.maxOutputSpan(), limitField(rewrite), limit);
        }
        OpenAiChatForeignReasoning.cuts(body).forEach(cut -> splice.replace(cut, ""));
        if (rewrite.traits() != null) {
            OpenAiChatVendorNames.edit(body, peek, rewrite.traits(), splice);
        }
        boolean streams = peek.stream() || rewrite.stream();
        if (rewrite.askForUsage() && streams && !peek.wantsUsage()) {
            askForUsage(body, splice, missing, peek);
        }
        return splice.putFirst(0, missing).bytes();
    }

    private static String limitField(Rewrite rewrite) {
        UpstreamTraits traits = rewrite.traits();
        return traits == null
                ? Trait.MAX_TOKENS_FIELD.standard()
                : traits.word(Trait.MAX_TOKENS_FIELD);
    }

    private static void change(
            Splice splice, List<String> missing, @Nullable Span span, String name, String json) {
        if (span == null) {
            missing.add('"' + name + "\":" + json);
        } else {
            splice.replace(span, json);
        }
    }

    private static void askForUsage(
            byte[] body, Splice splice, List<String> missing, RequestPeek peek) {
        Span options = peek.streamOptions();
        if (peek.includeUsage() != null) {
            splice.replace(peek.includeUsage(), "true");
        } else if (options != null && body[options.start()] == '{') {
            splice.putFirst(options.start(), List.of("\"include_usage\":true"));
        } else {
            change(splice, missing, options, "stream_options", "{\"include_usage\":true}");
        }
    }

    private RequestPeek read(BodyScanner fields) throws MalformedRequest {
        for (String name = fields.next(); name != null; name = fields.next()) {
            switch (name) {
                case "model" -> {
                    model = fields.string(name);
                    modelSpan = fields.span();
                }
                case "stream" -> {
                    stream = fields.flag(name);
                    streamSpan = fields.span();
                }
                case "stream_options" -> readStreamOptions(fields);
                case "max_tokens", "max_completion_tokens" -> readLimit(fields, name);
                case "n" -> readChoices(fields);
                case "messages" -> countMedia();
                case "tools" -> lookAtTools();
                default -> {
                    loose |= FOREIGN.contains(name);
                    fields.skip();
                }
            }
        }
        fields.finish();
        return new RequestPeek(
                model,
                modelSpan,
                stream,
                streamSpan,
                wantsUsage,
                streamOptions,
                includeUsage,
                maxOutputTokens,
                maxOutputSpan,
                choices,
                mediaParts,
                loose);
    }

    private void readStreamOptions(BodyScanner fields) throws MalformedRequest {
        if (!fields.isObject()) {
            if (!fields.isNull()) {
                throw new MalformedRequest(
                        "\"stream_options\" must be an object.", "stream_options");
            }
            streamOptions = fields.span();
            return;
        }
        int start = fields.start();
        BodyScanner options = fields.nested(DECIDING_OPTIONS);
        for (String name = options.next(); name != null; name = options.next()) {
            if (name.equals("include_usage")) {
                wantsUsage = options.flag("stream_options.include_usage");
                includeUsage = options.span();
            } else {
                options.skip();
            }
        }
        streamOptions = new Span(start, options.end());
    }

    /**
     * OpenAI refuses the two limits together; so must we, because either could be the one obeyed.
     */
    private void readLimit(BodyScanner fields, String name) throws MalformedRequest {
        Long limit = fields.count(name, 0);
        if (limit == null && maxOutputSpan != null) {
            return;
        }
        if (maxOutputTokens != null) {
            throw new MalformedRequest(
                    "Give either \"max_completion_tokens\" or \"max_tokens\", not both.", name);
        }
        maxOutputTokens = limit;
        maxOutputSpan = fields.span();
    }

    private void readChoices(BodyScanner fields) throws MalformedRequest {
        Long count = fields.count("n", 1);
        if (count != null && count > 128) {
            throw new MalformedRequest("\"n\" must be at most 128.", "n");
        }
        choices = count == null ? 1 : count.intValue();
    }

    private void countMedia() {
        ValueWalk walk = new ValueWalk(parser);
        while (walk.nextString()) {
            if (walk.depth() == PART_DEPTH && "type".equals(parser.currentName())) {
                String type = parser.getString();
                mediaParts += MEDIA.contains(type) ? 1 : 0;
                loose |= FOREIGN_PARTS.contains(type);
            }
        }
    }

    /** Anthropic's tools say their parameters in other words. */
    private void lookAtTools() {
        ValueWalk walk = new ValueWalk(parser);
        for (JsonToken token = walk.next(); token != null; token = walk.next()) {
            loose |=
                    token == JsonToken.PROPERTY_NAME
                            && walk.depth() == TOOL_DEPTH
                            && "input_schema".equals(parser.currentName());
        }
    }
}
