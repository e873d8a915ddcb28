package dev.sluice.simulator.openai.chat;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sluice.simulator.endpoint.Frame;
import dev.sluice.simulator.endpoint.Frame.Kind;
import dev.sluice.simulator.script.Json;
import tools.jackson.databind.node.ObjectNode;

/**
 * A chunk of text with everything written but the text, because most chunks differ in nothing else.
 */
final class DeltaTemplate {
    private static final String EMPTY_DELTA = "\"delta\":{}";

    private final byte[] before;
    private final byte[] after;

    /**
     * @param chunk with an empty delta
     */
    DeltaTemplate(ObjectNode chunk) {
        String whole = Json.text(chunk);
        int at = whole.lastIndexOf(EMPTY_DELTA) + EMPTY_DELTA.length() - 1;
        before = ("data: " + whole.substring(0, at) + "\"content\":").getBytes(UTF_8);
        after = (whole.substring(at) + "\n\n").getBytes(UTF_8);
    }

    Frame frame(String text) {
        return Frame.join(Kind.OUTPUT, before, Json.quoted(text), after);
    }
}
