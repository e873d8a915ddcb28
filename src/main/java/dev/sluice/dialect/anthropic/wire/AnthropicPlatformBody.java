package dev.sluice.dialect.anthropic.wire;

import dev.sluice.dialect.json.ArrayCuts;
import dev.sluice.dialect.json.ArrayCuts.Element;
import dev.sluice.dialect.json.Json;
import dev.sluice.dialect.json.Splice;
import dev.sluice.dialect.peek.RequestPeek.Span;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Puts into a body what clouds want said in it, in the place of what they refuse. */
final class AnthropicPlatformBody {
    private static final String VERSION = "anthropic_version";
    private static final String LIMIT = "max_tokens";
    private static final String BETAS = "anthropic_beta";

    private AnthropicPlatformBody() {}

    /**
     * {@return the body with that version and those betas, every other byte as it was}
     *
     * @param betas none leaves what the body says of them
     * @param gone members that are taken out
     */
    static byte[] of(byte[] body, String version, List<String> betas, Set<String> gone) {
        List<String> members = new ArrayList<>(2);
        members.add(member(VERSION, Json.quoted(version)));
        if (!betas.isEmpty()) {
            String list = betas.stream().map(Json::quoted).collect(Collectors.joining(","));
            members.add(member(BETAS, "[" + list + "]"));
        }
        Splice splice = new Splice(body);
        try (JsonParser parser = Json.parser(body)) {
            put(elements(parser, gone, !betas.isEmpty()), members, splice);
        } catch (JacksonException notJson) {
            // What is no JSON goes on as it is: the upstream says so better.
            return body;
        }
        return splice.bytes();
    }

    /**
     * {@return what Bedrock counts: a body as a model would be invoked with, which has to have a
     * limit of output, in base64}
     */
    static byte[] invoked(byte[] body) {
        byte[] limited = body;
        try {
            JsonNode tree = Json.tree(body);
            if (tree.isObject() && !tree.has(LIMIT)) {
                limited = new Splice(body).putFirst(0, List.of(member(LIMIT, "1"))).bytes();
            }
        } catch (JacksonException notJson) {
            // As above.
        }
        ObjectNode wrapped = Json.mapper().createObjectNode();
        wrapped.putObject("input")
                .putObject("invokeModel")
                .put("body", Base64.getEncoder().encodeToString(limited));
        return Json.bytes(wrapped);
    }

    /** In the place of the first that goes, so that the commas fit whatever else there is. */
    private static void put(List<Element> elements, List<String> members, Splice splice) {
        int first = 0;
        while (first < elements.size() && !elements.get(first).goes()) {
            first++;
        }
        if (first == elements.size()) {
            splice.putFirst(0, members);
            return;
        }
        Span place = elements.get(first).span();
        elements.set(first, new Element(place, false));
        splice.replace(place, String.join(",", members));
        ArrayCuts.of(elements).forEach(cut -> splice.replace(cut, ""));
    }

    private static List<Element> elements(
            JsonParser parser, Set<String> gone, boolean withoutBetas) {
        List<Element> elements = new ArrayList<>();
        parser.nextToken();
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            int start = Math.toIntExact(parser.currentTokenLocation().getByteOffset());
            boolean goes =
                    switch (parser.currentName()) {
                        case VERSION -> true;
                        case BETAS -> withoutBetas;
                        default -> gone.contains(parser.currentName());
                    };
            parser.nextToken();
            parser.skipChildren();
            parser.finishToken();
            int end = Math.toIntExact(parser.currentLocation().getByteOffset());
            elements.add(new Element(new Span(start, end), goes));
        }
        return elements;
    }

    private static String member(String name, String json) {
        return Json.quoted(name) + ":" + json;
    }
}
