package dev.sluice.dialect.openai.responses;

import dev.sluice.dialect.MalformedRequest;
import dev.sluice.dialect.RequestPeek;
import dev.sluice.dialect.RequestPeek.Span;
import dev.sluice.dialect.Rewrite;
import dev.sluice.dialect.json.BodyScanner;
import dev.sluice.dialect.json.Json;
import dev.sluice.dialect.json.Splice;
import dev.sluice.dialect.rules.InstructingRoles;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/** Finds the deciding fields of a request in one pass over its bytes, and changes them. */
final class OpenAiResponsesRequestPeeker {
    /** What OpenAI takes at least as a limit of output. */
    static final long MIN_OUTPUT = 16;

    private static final List<String> DECIDING = List.of("model", "stream", "max_output_tokens");
    private static final Set<String> MEDIA = Set.of("input_image", "input_file", "input_audio");

    /** input[ {content:[ {type, and input[ {output:[ {type */
    private static final int PART_DEPTH = 4;

    private final JsonParser parser;
    private @Nullable String model;
    private @Nullable Span modelSpan;
    private boolean stream;
    private @Nullable Span streamSpan;
    private @Nullable Long maxOutputTokens;
    private @Nullable Span maxOutputSpan;
    private int mediaParts;

    private OpenAiResponsesRequestPeeker(JsonParser parser) {
        this.parser = parser;
    }

    static RequestPeek peek(byte[] body) throws MalformedRequest {
        try (JsonParser parser = Json.parser(body)) {
            BodyScanner fields = BodyScanner.over(parser, body, DECIDING);
            return new OpenAiResponsesRequestPeeker(parser).read(fields);
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
        Long limit = rewrite.maxOutputTokens();
        if (limit != null) {
            String json = Long.toString(Math.max(MIN_OUTPUT, limit));
            change(splice, missing, peek.maxOutputSpan(), "max_output_tokens", json);
        }
        if (rewrite.traits() != null) {
            InstructingRoles.edit(body, "input", rewrite.traits(), splice);
        }
        OpenAiResponsesReasoningCuts.foreign(body, splice);
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
                case "max_output_tokens" -> {
                    maxOutputTokens = fields.count(name, 0);
                    maxOutputSpan = fields.span();
                }
                case "input" -> countMedia();
                default -> fields.skip();
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
                mediaParts);
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
                    && depth == PART_DEPTH
                    && "type".equals(parser.currentName())
                    && MEDIA.contains(parser.getString())) {
                mediaParts++;
            }
        }
    }
}
