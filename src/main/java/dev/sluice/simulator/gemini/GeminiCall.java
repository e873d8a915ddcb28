package dev.sluice.simulator.gemini;

import dev.sluice.simulator.endpoint.Incoming;
import dev.sluice.simulator.endpoint.ModelName;
import dev.sluice.simulator.endpoint.Refusal;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;

/**
 * What a path asks for: the model is everything before the last colon, and may hold slashes and
 * colons itself (wire-contract §2.12).
 */
record GeminiCall(ModelName model, String method) {

    static GeminiCall of(Incoming incoming) throws Refusal {
        String rest = modelPath(incoming);
        int colon = rest.lastIndexOf(':');
        if (colon <= 0) {
            throw new Refusal(404, null, "The requested URL was not found on this server.", null);
        }
        return new GeminiCall(ModelName.of(rest.substring(0, colon)), rest.substring(colon + 1));
    }

    /** {@return what follows {@code models/}, decoded} */
    static String modelPath(Incoming incoming) throws Refusal {
        try {
            String rest = incoming.pathParameter("**").replace("+", "%2B");
            return URLDecoder.decode(rest, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException malformed) {
            throw Refusal.invalid("The path is not well encoded.", null);
        }
    }
}
