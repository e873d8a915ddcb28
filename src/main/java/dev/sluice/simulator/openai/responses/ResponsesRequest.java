package dev.sluice.simulator.openai.responses;

import dev.sluice.simulator.script.Ask;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a body of {@code /v1/responses} asks for.
 *
 * @param body as it came, because an answer repeats much of it
 * @param input the items of the input, a bare text as the item it stands for
 * @param sealed whether the client wants the reasoning's encrypted content
 */
record ResponsesRequest(
        Ask ask,
        ObjectNode body,
        ArrayNode input,
        boolean stream,
        boolean stored,
        boolean background,
        boolean sealed) {}
