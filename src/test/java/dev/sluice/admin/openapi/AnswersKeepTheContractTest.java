package dev.sluice.admin.openapi;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.admin.TestGateway;
import dev.sluice.admin.TestGateway.Reply;
import dev.sluice.store.Vendor;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Answers are held to the description as requests are. */
class AnswersKeepTheContractTest {
    private final OpenApi description = OpenApi.bundled();

    private void assertKept(Reply reply, String schema) {
        JsonNode shape = description.schemas().path(schema);
        assertThat(shape.isObject()).as(schema).isTrue();
        assertThat(
                        new SchemaCheck((ObjectNode) shape, description.schemas())
                                .problems("answer", reply.body()))
                .as("%s", reply)
                .isEmpty();
    }

    @Test
    void keysUpstreamsAndErrorsAreAsDescribed() {
        try (TestGateway gateway = new TestGateway(Vendor.SQLITE)) {
            Reply upstream =
                    gateway.post(
                            "/admin/upstreams",
                            """
                            {"name":"u","provider":"openai","api_key":"sk-12345678","connect_timeout":0.5,
                             "models":["a"],"max_qps":3}\
                            """);
            assertKept(upstream, "Upstream");
            Reply key = gateway.post("/admin/keys", "{\"name\":\"k\"}");
            assertKept(key, "KeyCreated");
            assertKept(gateway.get("/admin/keys/" + key.id()), "Key");
            assertKept(
                    gateway.post("/admin/upstreams", "{\"name\":\"u\",\"provider\":\"openai\"}"),
                    "Error");
            assertKept(gateway.post("/admin/keys", "{}"), "ValidationError");
            assertKept(gateway.get("/admin/keys"), "ListFields");
        }
    }
}
