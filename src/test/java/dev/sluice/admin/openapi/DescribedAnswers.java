package dev.sluice.admin.openapi;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.admin.TestGateway.Reply;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Holds answers to the description, as requests are. */
public final class DescribedAnswers {
    private static final OpenApi DESCRIPTION = OpenApi.bundled();

    private DescribedAnswers() {}

    public static void assertKept(Reply reply, String schema) {
        JsonNode shape = DESCRIPTION.schemas().path(schema);
        assertThat(shape.isObject()).as(schema).isTrue();
        assertThat(
                        new SchemaCheck((ObjectNode) shape, DESCRIPTION.schemas())
                                .problems("answer", reply.body()))
                .as("%s", reply)
                .isEmpty();
    }
}
