package dev.sluice.dialect.anthropic;

import dev.sluice.dialect.MalformedRequest;
import dev.sluice.dialect.RequestPeek;
import dev.sluice.dialect.RequestPeek.Span;
import dev.sluice.dialect.Rewrite;
import dev.sluice.dialect.json.BodyScanner;
import dev.sluice.dialect.json.Json;
import dev.sluice.dialect.json.Splice;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/** Finds the deciding fields of a Messages request in one pass over its bytes, and changes them. */
final class AnthropicRequestPeeker {
    private static final List<String> DECIDING = List.of("model", "stream", "max_tokens");
    private static final Set<String> MEDIA = Set.of("image", "document");

    /** What older clients, and those of clouds, say in the body. */
    private static final Set<String> FOREIGN = Set.of("anthropic_version", "max_tokens_to_sample");

    /** messages[ {content:[ {type */
    private static final int BLOCK_DEPTH = 4;

    /** messages[ {content:[ {content:[ {type, in a tool's result */
    private static final int RESULT_DEPTH = 6;

    private final JsonParser parser;
    private @Nullable String model;
    private @Nullable Span modelSpan;
    private boolean stream;
    private @Nullable Span streamSpan;
    private @Nullable Long maxOutputTokens;
    private @Nullable Span maxOutputSpan;
    private int mediaParts;
    private boolean loose;

    private AnthropicRequestPeeker(JsonParser parser) {
        this.parser = parser;
    }

    static RequestPeek peek(byte[] body) throws MalformedRequest {
        try (JsonParser parser = Json.parser(body)) {
            BodyScanner fields = BodyScanner.over(parser, body, DECIDING);
            return new AnthropicRequestPeeker(parser).read(fields);
        } catch (JacksonException e) {
            throw Json.malformed(e);
        }
    }

    static byte[] rewrite(byte[] body, RequestPeek peek, Rewrite rewrite) {
        Splice splice = new Splice(body);
        List<String> missing = new ArrayList<>(3);
        if (rewrite.model() != null) {
            change(splice, missing, peek.modelSpan(), "model", Json.quoted(rewrite.model()));
        }
        if (rewrite.stream() && !peek.stream()) {
            change(splice, missing, peek.streamSpan(), "stream", "true");
        }
        if (rewrite.maxOutputTokens() != null) {
            String limit = rewrite.maxOutputTokens().toString();
            change(splice, missing, peek.maxOutputSpan(), "max_tokens", limit);
        }
        List<Span> cuts = AnthropicForeignThinking.cuts(body);
        cuts.forEach(cut -> splice.replace(cut, ""));
        if (rewrite.traits() != null) {
            AnthropicVendorCacheMarks.edit(body, cuts, rewrite.traits(), splice);
        }
        return splice.putFirst(0, missing).bytes();
    }

    private static void change(
            Splice splice, List<String> missing, @Nullable Span span, String name, String json) {
        if (span == null) {
            missing.add('"' + name + "\":" + json);
        } else {
            splice.replace(span, json);
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
                case "max_tokens" -> {
                    maxOutputTokens = fields.count(name, 0);
                    maxOutputSpan = fields.span();
                }
                case "messages" -> countMedia();
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
                true,
                null,
                null,
                maxOutputTokens,
                maxOutputSpan,
                1,
                mediaParts,
                loose);
    }

    private void countMedia() {
        if (parser.currentToken() != JsonToken.START_ARRAY) {
            parser.skipChildren();
            return;
        }
        int depth = 1;
        while (depth > 0) {
            JsonToken token = parser.nextToken();
            if (token == null) {
                return;
            }
            if (token.isStructStart()) {
                depth++;
            } else if (token.isStructEnd()) {
                depth--;
            } else if (token == JsonToken.VALUE_STRING
                    && (depth == BLOCK_DEPTH || depth == RESULT_DEPTH)
                    && "type".equals(parser.currentName())
                    && MEDIA.contains(parser.getString())) {
                mediaParts++;
            }
        }
    }
}
