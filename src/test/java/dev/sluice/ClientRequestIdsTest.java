package dev.sluice;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** What a client's own id of a request decides, where the operator lets it. */
class ClientRequestIdsTest {
    @TempDir Path data;

    private static void connect(RunningGateway gateway, AccountsUpstream upstream)
            throws Exception {
        JsonNode made =
                gateway.admin(
                        "POST",
                        "/admin/upstreams",
                        """
                        {"name":"accounts","provider":"openai","base_url":"%s","discover_models":false,
                         "protocols":["openai-responses"],
                         "keys":[{"label":"a","key":"sk-a"},{"label":"b","key":"sk-b"},{"label":"c","key":"sk-c"}]}
                        """
                                .formatted(upstream.url()));
        assertThat(made.has("id")).as("%s", made).isTrue();
    }

    private static HttpResponse<String> ask(RunningGateway gateway, String id) throws Exception {
        HttpResponse<String> answer =
                gateway.send(
                        "POST",
                        "/v1/responses",
                        "{\"model\":\"accounts/m\",\"input\":\"Hello\"}",
                        Map.of("authorization", "Bearer " + gateway.apiKey(), "x-request-id", id));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return answer;
    }

    /** {@return the keys that calls of that id use} */
    private static Set<String> keys(RunningGateway gateway, AccountsUpstream upstream, String id)
            throws Exception {
        upstream.forgetCallers();
        for (int i = 0; i < 20; i++) {
            ask(gateway, id);
        }
        return new HashSet<>(upstream.callers());
    }

    @Test
    void theSameIdGoesTheSameWayAndTheRecordsIdIsTheGatewaysOwn() throws Exception {
        try (AccountsUpstream upstream = new AccountsUpstream();
                RunningGateway gateway =
                        RunningGateway.in(data, Map.of("SLUICE_CLIENT_REQUEST_IDS", "true"))) {
            connect(gateway, upstream);
            Set<String> all = new HashSet<>();
            for (int i = 0; i < 12; i++) {
                Set<String> keys = keys(gateway, upstream, new UUID(i, 7L * i).toString());
                assertThat(keys).hasSize(1);
                all.addAll(keys);
            }
            assertThat(all).hasSize(3);

            String id = UUID.randomUUID().toString();
            String own = ask(gateway, id).headers().firstValue("x-request-id").orElseThrow();
            assertThat(own).isNotEqualTo(id);
            assertThat(gateway.record(own).path("id").asString()).isEqualTo(own);
            assertThat(keys(gateway, upstream, "not a UUID")).hasSizeGreaterThan(1);
        }
    }

    @Test
    void aClientsIdDecidesNothingUnlessItIsAllowedTo() throws Exception {
        try (AccountsUpstream upstream = new AccountsUpstream();
                RunningGateway gateway = RunningGateway.in(data, Map.of())) {
            connect(gateway, upstream);
            assertThat(keys(gateway, upstream, UUID.randomUUID().toString())).hasSizeGreaterThan(1);
        }
    }
}
