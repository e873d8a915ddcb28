package dev.sluice.dialect.rules.peek;

import dev.sluice.dialect.MalformedRequest;
import dev.sluice.dialect.json.BodyScanner;
import dev.sluice.dialect.json.Json;
import dev.sluice.dialect.json.Splice;
import dev.sluice.dialect.json.ValueWalk;
import dev.sluice.dialect.peek.RequestPeek;
import dev.sluice.dialect.peek.RequestPeek.Span;
import dev.sluice.dialect.peek.Rewrite;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;

/**
 * Finds the deciding fields of a request in one pass over its bytes, and changes them; for
 * protocols that say model, stream and one limit of output at the top of the body, always report
 * usage, and give one answer.
 *
 * @param limit the field of the limit of output
 * @param leastLimit what the provider takes at least as that limit
 * @param conversation the field of the messages
 * @param media the types of parts whose tokens do not follow from their bytes
 * @param depths how deep the types of parts stand in the conversation, itself counted
 * @param older fields at the top that only clients of older or other forms say
 */
public record BodyPeeker(
        String limit,
        long leastLimit,
        String conversation,
        Set<String> media,
        Set<Integer> depths,
        Set<String> older) {

    public RequestPeek peek(byte[] body) throws MalformedRequest {
        try (JsonParser parser = Json.parser(body)) {
            List<String> deciding = List.of("model", "stream", limit);
            return new Pass(this, parser).read(BodyScanner.over(parser, body, deciding));
        } catch (JacksonException e) {
            throw Json.malformed(e);
        }
    }

    /**
     * {@return the body with those values changed}
     *
     * @param cuts what else must be taken out of it
     */
    public byte[] rewrite(byte[] body, RequestPeek peek, Rewrite rewrite, Consumer<Splice> cuts) {
        Splice splice = new Splice(body);
        List<String> missing = new ArrayList<>(3);
        if (rewrite.model() != null) {
            change(splice, missing, peek.modelSpan(), "model", Json.quoted(rewrite.model()));
        }
        if (rewrite.stream() && !peek.stream()) {
            change(splice, missing, peek.streamSpan(), "stream", "true");
        }
        Long most = rewrite.maxOutputTokens();
        if (most != null) {
            String json = Long.toString(Math.max(leastLimit, most));
            change(splice, missing, peek.maxOutputSpan(), limit, json);
        }
        cuts.accept(splice);
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

    /** One pass over one body. */
    private static final class Pass {
        private final BodyPeeker rules;
        private final JsonParser parser;
        private @Nullable String model;
        private @Nullable Span modelSpan;
        private boolean stream;
        private @Nullable Span streamSpan;
        private @Nullable Long maxOutputTokens;
        private @Nullable Span maxOutputSpan;
        private int mediaParts;
        private boolean loose;

        Pass(BodyPeeker rules, JsonParser parser) {
            this.rules = rules;
            this.parser = parser;
        }

        RequestPeek read(BodyScanner fields) throws MalformedRequest {
            for (String name = fields.next(); name != null; name = fields.next()) {
                if (name.equals("model")) {
                    model = fields.string(name);
                    modelSpan = fields.span();
                } else if (name.equals("stream")) {
                    stream = fields.flag(name);
                    streamSpan = fields.span();
                } else if (name.equals(rules.limit)) {
                    maxOutputTokens = fields.count(name, 0);
                    maxOutputSpan = fields.span();
                } else if (name.equals(rules.conversation)) {
                    countMedia();
                } else {
                    loose |= rules.older.contains(name);
                    fields.skip();
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
            ValueWalk walk = new ValueWalk(parser);
            while (walk.nextString()) {
                boolean type =
                        rules.depths.contains(walk.depth()) && "type".equals(parser.currentName());
                mediaParts += type && rules.media.contains(parser.getString()) ? 1 : 0;
            }
        }
    }
}
