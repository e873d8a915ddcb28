package dev.sluice.dialect.gemini.peek;

import dev.sluice.dialect.Envelope;
import dev.sluice.dialect.MalformedRequest;
import dev.sluice.dialect.gemini.wire.GeminiPaths;
import dev.sluice.dialect.json.ArrayCuts;
import dev.sluice.dialect.json.BodyScanner;
import dev.sluice.dialect.json.Json;
import dev.sluice.dialect.json.Splice;
import dev.sluice.dialect.json.ValueWalk;
import dev.sluice.dialect.peek.RequestPeek;
import dev.sluice.dialect.peek.RequestPeek.Span;
import dev.sluice.dialect.peek.Rewrite;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/**
 * Finds the deciding fields of a generateContent request in one pass over its bytes, and changes
 * them. Model and stream are said by the path; a model that the body names as well must be the
 * same.
 */
public final class GeminiRequestPeeker {
    private static final List<String> DECIDING =
            List.of("model", "generationConfig", "generation_config");
    private static final List<String> DECIDING_IN_CONFIG =
            List.of("maxOutputTokens", "max_output_tokens", "candidateCount", "candidate_count");
    private static final Set<String> MEDIA =
            Set.of("inlineData", "inline_data", "fileData", "file_data");
    private static final String PREFIX = "models/";

    private final JsonParser parser;
    private @Nullable String model;
    private @Nullable Span modelSpan;
    private @Nullable Long maxOutputTokens;
    private @Nullable Span maxOutputSpan;
    private @Nullable Span config;
    private boolean configIsNull;
    private int choices = 1;
    private int mediaParts;

    private GeminiRequestPeeker(JsonParser parser) {
        this.parser = parser;
    }

    public static RequestPeek peek(byte[] body, Envelope envelope) throws MalformedRequest {
        return scanned(body).peek(envelope);
    }

    private static GeminiRequestPeeker scanned(byte[] body) throws MalformedRequest {
        try (JsonParser parser = Json.parser(body)) {
            BodyScanner fields = BodyScanner.over(parser, body, DECIDING);
            GeminiRequestPeeker peeker = new GeminiRequestPeeker(parser);
            peeker.read(fields);
            return peeker;
        } catch (JacksonException e) {
            throw Json.malformed(e);
        }
    }

    public static byte[] rewrite(byte[] body, RequestPeek peek, Rewrite rewrite) {
        Splice splice = new Splice(body);
        if (rewrite.model() != null && peek.modelSpan() != null) {
            splice.replace(peek.modelSpan(), Json.quoted(GeminiPaths.resource(rewrite.model())));
        }
        Long limit = rewrite.maxOutputTokens();
        if (limit != null && peek.maxOutputSpan() != null) {
            splice.replace(peek.maxOutputSpan(), limit.toString());
        } else if (limit != null) {
            putLimit(body, splice, limit);
        }
        List<Span> gone = GeminiForeignSeals.takeOut(body, splice);
        if (rewrite.traits() != null) {
            List<Span> ids = GeminiVendorIds.cuts(body, rewrite.traits());
            ArrayCuts.outside(ids, gone).forEach(cut -> splice.replace(cut, ""));
        }
        return splice.bytes();
    }

    private static void putLimit(byte[] body, Splice splice, long limit) {
        GeminiRequestPeeker peeker;
        try {
            peeker = scanned(body);
        } catch (MalformedRequest e) {
            return;
        }
        String member = "\"maxOutputTokens\":" + limit;
        if (peeker.config == null) {
            splice.putFirst(0, List.of("\"generationConfig\":{" + member + "}"));
        } else if (peeker.configIsNull) {
            splice.replace(peeker.config, "{" + member + "}");
        } else {
            splice.putFirst(peeker.config.start(), List.of(member));
        }
    }

    private RequestPeek peek(Envelope envelope) throws MalformedRequest {
        String inPath = envelope.model();
        if (inPath != null && model != null && !model.equals(inPath)) {
            throw new MalformedRequest(
                    "\"model\" names another model than the path; leave it out.", "model");
        }
        return new RequestPeek(
                inPath == null ? model : inPath,
                modelSpan,
                envelope.stream(),
                null,
                true,
                null,
                null,
                maxOutputTokens,
                maxOutputSpan,
                choices,
                mediaParts);
    }

    private void read(BodyScanner fields) throws MalformedRequest {
        for (String name = fields.next(); name != null; name = fields.next()) {
            switch (name) {
                case "model" -> {
                    String said = fields.string(name);
                    model = said != null && said.startsWith(PREFIX) ? said.substring(7) : said;
                    modelSpan = fields.span();
                }
                case "generationConfig", "generation_config" -> readConfig(fields, name);
                case "contents" -> countMedia();
                default -> fields.skip();
            }
        }
        fields.finish();
    }

    private void readConfig(BodyScanner fields, String name) throws MalformedRequest {
        if (config != null) {
            throw new MalformedRequest(
                    "\"generationConfig\" is given twice, in two spellings.", "generationConfig");
        }
        int start = fields.start();
        configIsNull = fields.isNull();
        if (!fields.isObject()) {
            if (!configIsNull) {
                throw new MalformedRequest("\"" + name + "\" must be an object.", name);
            }
            config = fields.span();
            return;
        }
        BodyScanner nested = fields.nested(DECIDING_IN_CONFIG);
        for (String field = nested.next(); field != null; field = nested.next()) {
            switch (field) {
                case "maxOutputTokens", "max_output_tokens" -> readLimit(nested, field);
                case "candidateCount", "candidate_count" -> {
                    Long count = nested.count("generationConfig.candidateCount", 1);
                    choices = count == null ? 1 : (int) Math.min(count, Integer.MAX_VALUE);
                }
                default -> nested.skip();
            }
        }
        config = new Span(start, fields.end());
    }

    private void readLimit(BodyScanner config, String name) throws MalformedRequest {
        String param = "generationConfig." + name;
        if (maxOutputSpan != null) {
            throw new MalformedRequest(
                    "\"" + param + "\" is given twice, in two spellings.", param);
        }
        maxOutputTokens = config.count(param, 0);
        maxOutputSpan = config.span();
    }

    /** Counts the members of any object in the contents that say bytes or a file. */
    private void countMedia() {
        ValueWalk walk = new ValueWalk(parser);
        for (JsonToken token = walk.next(); token != null; token = walk.next()) {
            String name = parser.currentName();
            boolean media = name != null && MEDIA.contains(name);
            mediaParts += token == JsonToken.START_OBJECT && media ? 1 : 0;
        }
    }
}
