package dev.sluice.dialect.gemini;

import dev.sluice.chat.ChatRequest;
import dev.sluice.dialect.Envelope;
import dev.sluice.dialect.MalformedRequest;
import dev.sluice.dialect.Written;
import dev.sluice.dialect.gemini.request.GeminiRequestReader;
import dev.sluice.dialect.gemini.request.GeminiRequestWriter;
import dev.sluice.dialect.gemini.wire.GeminiNames;
import dev.sluice.dialect.gemini.wire.GeminiPaths;
import dev.sluice.dialect.json.BodyScanner;
import dev.sluice.dialect.json.Json;
import dev.sluice.dialect.json.Splice;
import dev.sluice.dialect.rules.Fields;
import dev.sluice.dialect.trait.Trait;
import dev.sluice.dialect.trait.UpstreamTraits;
import java.util.List;
import java.util.OptionalLong;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * {@code countTokens}: how many tokens a prompt has (wire-contract §1.4, §2.12). A client asks
 * about contents, or about a whole generateContent request within the body.
 */
public final class GeminiCountTokens {
    private static final String WHOLE = "generateContentRequest";
    private static final List<String> DECIDING = List.of(WHOLE, "generate_content_request");

    private GeminiCountTokens() {}

    /**
     * {@return the request whose prompt a client wants counted}
     *
     * @throws MalformedRequest as a generateContent request of that content would
     */
    public static ChatRequest readRequest(byte[] body, Envelope envelope) throws MalformedRequest {
        requireObject(body);
        JsonNode root;
        try {
            root = GeminiNames.camelCased(Json.tree(body));
        } catch (JacksonException e) {
            throw Json.malformed(e);
        }
        JsonNode whole = root.path(WHOLE);
        if (whole.isMissingNode() || whole.isNull()) {
            return GeminiRequestReader.read(root, envelope);
        }
        if (!whole.isObject()) {
            throw Fields.wrong(WHOLE, "an object");
        }
        if (root.has("contents")) {
            throw Fields.wrong("contents", "absent where \"" + WHOLE + "\" is given");
        }
        return GeminiRequestReader.read(whole, envelope);
    }

    private static void requireObject(byte[] body) throws MalformedRequest {
        try (JsonParser parser = Json.parser(body)) {
            BodyScanner.over(parser, body, List.of());
        } catch (JacksonException e) {
            throw Json.malformed(e);
        }
    }

    /**
     * {@return a body that passes through, with the model that it may name changed and every other
     * byte as it was}
     *
     * @throws MalformedRequest if it is no JSON object
     */
    public static byte[] rewrite(byte[] body, String model) throws MalformedRequest {
        Splice splice = new Splice(body);
        try (JsonParser parser = Json.parser(body)) {
            BodyScanner fields = BodyScanner.over(parser, body, DECIDING);
            for (String name = fields.next(); name != null; name = fields.next()) {
                if (DECIDING.contains(name) && fields.isObject()) {
                    model(fields.nested(List.of("model")), splice, model);
                } else {
                    fields.skip();
                }
            }
            fields.finish();
        } catch (JacksonException e) {
            throw Json.malformed(e);
        }
        return splice.bytes();
    }

    private static void model(BodyScanner whole, Splice splice, String model)
            throws MalformedRequest {
        for (String name = whole.next(); name != null; name = whole.next()) {
            if (name.equals("model")) {
                splice.replace(whole.span(), Json.quoted(GeminiPaths.resource(model)));
            } else {
                whole.skip();
            }
        }
    }

    /**
     * {@return the question as the upstream is asked it} Google takes the whole request within the
     * body, Vertex what belongs to the prompt at its root.
     */
    public static Written writeRequest(ChatRequest request, UpstreamTraits traits) {
        Written written = GeminiRequestWriter.write(request, traits);
        ObjectNode told = Json.mapper().createObjectNode();
        if (Json.tree(written.body()) instanceof ObjectNode whole) {
            told = traits.has(Trait.COUNT_WHOLE_REQUEST) ? wrapped(whole, traits) : prompt(whole);
        }
        return new Written(
                Json.bytes(told),
                GeminiPaths.upstream(traits.model(), GeminiPaths.Method.COUNT),
                written.headers(),
                written.losses(),
                written.memory());
    }

    /** {@return the count of an upstream's answer; empty if that is none} Total. */
    public static OptionalLong readAnswer(byte[] body) {
        try {
            JsonNode total = Json.tree(body).path("totalTokens");
            return total.isNumber() && total.asLong(-1) >= 0
                    ? OptionalLong.of(total.asLong(0))
                    : OptionalLong.empty();
        } catch (JacksonException e) {
            return OptionalLong.empty();
        }
    }

    /** {@return the answer for a client} */
    public static byte[] writeAnswer(long tokens) {
        ObjectNode answer = Json.mapper().createObjectNode().put("totalTokens", tokens);
        answer.putArray("promptTokensDetails")
                .addObject()
                .put("modality", "TEXT")
                .put("tokenCount", tokens);
        return Json.bytes(answer);
    }

    private static ObjectNode wrapped(ObjectNode whole, UpstreamTraits traits) {
        ObjectNode request = Json.mapper().createObjectNode();
        request.put("model", GeminiPaths.resource(traits.model()));
        request.setAll(whole);
        ObjectNode told = Json.mapper().createObjectNode();
        told.set(WHOLE, request);
        return told;
    }

    private static ObjectNode prompt(ObjectNode whole) {
        ObjectNode told = Json.mapper().createObjectNode();
        for (String name : List.of("contents", "systemInstruction", "tools")) {
            if (whole.has(name)) {
                told.set(name, whole.get(name));
            }
        }
        return told;
    }
}
