package dev.sluice.dialect.json;

import dev.sluice.dialect.MalformedRequest;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.io.JsonStringEncoder;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectWriter;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * JSON as every dialect reads and writes it: strict, UTF-8, numbers kept as they are written, and
 * bounded in depth, names and tokens so that no body costs more than its size.
 */
public final class Json {
    private static final int MAX_DEPTH = 512;
    private static final int MAX_NAME = 8192;

    /** About 30 tokens a message leaves room for some 30,000 messages. */
    private static final long MAX_TOKENS = 1_000_000;

    private static final JsonFactory FACTORY =
            JsonFactory.builder()
                    .streamReadConstraints(
                            StreamReadConstraints.builder()
                                    .maxNestingDepth(MAX_DEPTH)
                                    .maxNameLength(MAX_NAME)
                                    .maxTokenCount(MAX_TOKENS)
                                    .build())
                    .build();

    private static final JsonMapper MAPPER =
            JsonMapper.builder(FACTORY)
                    .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
                    .build();

    private static final ObjectWriter WRITER = MAPPER.writer();

    private Json() {}

    /** {@return a parser over UTF-8 bytes whose locations are byte offsets} */
    public static JsonParser parser(byte[] json) {
        return FACTORY.createParser(ObjectReadContext.empty(), json);
    }

    /** {@return the byte at which the token begins where the parser stands} */
    public static int start(JsonParser parser) {
        return Math.toIntExact(parser.currentTokenLocation().getByteOffset());
    }

    /** {@return the byte after the value at whose end the parser stands} */
    public static int end(JsonParser parser) {
        parser.finishToken();
        return Math.toIntExact(parser.currentLocation().getByteOffset());
    }

    /** {@return the mapper of trees, which refuses trailing tokens} */
    public static JsonMapper mapper() {
        return MAPPER;
    }

    /**
     * {@return the tree of a JSON text}
     *
     * @throws JacksonException if it is none or goes beyond the bounds
     */
    public static JsonNode tree(byte[] json) {
        return MAPPER.readTree(json);
    }

    /** {@return the object that the text is; null where it is something else, or no JSON} */
    public static @Nullable ObjectNode object(String text) {
        try {
            return MAPPER.readTree(text) instanceof ObjectNode object ? object : null;
        } catch (JacksonException e) {
            return null;
        }
    }

    public static byte[] bytes(JsonNode tree) {
        return SizedBytes.of(tree, WRITER);
    }

    /** {@return the text as a JSON string, quotes included} */
    public static String quoted(String text) {
        return '"' + new String(JsonStringEncoder.getInstance().quoteAsCharArray(text)) + '"';
    }

    /** {@return what is wrong with a body that did not parse, with its place and no content} */
    public static MalformedRequest malformed(JacksonException failure) {
        if (failure instanceof StreamConstraintsException) {
            return new MalformedRequest(
                    "The body is not acceptable JSON: nested deeper than "
                            + MAX_DEPTH
                            + " levels, more than "
                            + MAX_TOKENS
                            + " values and names, or a name or number that is too long.",
                    null);
        }
        TokenStreamLocation at = failure.getLocation();
        String place =
                at == null || at.getLineNr() < 1
                        ? ""
                        : " (line " + at.getLineNr() + ", column " + at.getColumnNr() + ")";
        return new MalformedRequest("The body is not valid JSON" + place + ".", null);
    }
}
