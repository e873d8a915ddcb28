package dev.sluice.admin.routing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.admin.TestGateway;
import dev.sluice.admin.TestGateway.Reply;
import dev.sluice.admin.openapi.DescribedAnswers;
import dev.sluice.catalog.UpstreamModel;
import dev.sluice.proxy.route.memory.SessionKey;
import dev.sluice.proxy.target.Target;
import dev.sluice.proxy.target.TargetId;
import dev.sluice.store.Vendor;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class RoutingResourceTest {
    private TestGateway gateway;
    private UUID a;
    private UUID b;

    @BeforeEach
    void start() {
        gateway = new TestGateway(Vendor.SQLITE);
        a = upstream("a");
        b = upstream("b");
        gateway.post(
                "/admin/models",
                """
                {"id":"fast","targets":[{"upstream":"a","model":"m"},{"upstream":"b","model":"m"}]}\
                """);
    }

    @AfterEach
    void stop() {
        gateway.close();
    }

    private UUID upstream(String name) {
        Reply made =
                gateway.post(
                        "/admin/upstreams",
                        "{\"name\":\"%s\",\"provider\":\"openai\",\"discover_models\":true,\"api_key\":\"sk-12345678\",\"models\":[\"m\"]}"
                                .formatted(name));
        return UUID.fromString(made.id());
    }

    private Target at(UUID upstream) {
        return gateway.routing.targets.target(new TargetId(upstream, "m"));
    }

    private Reply decide(String body) {
        return gateway.post("/admin/routing/decide", body);
    }

    @Test
    void aDecisionShowsEveryCandidateWithItsPartsAndRemembersNothing() {
        at(a).completed(Duration.ofMillis(400).toNanos(), 10, 0, gateway.routing.targets.now());
        Reply decided = decide("{\"logical_model\":\"fast\",\"preferred_region\":\"eu\"}");
        assertThat(decided.status()).as("%s", decided).isEqualTo(200);
        DescribedAnswers.assertKept(decided, "RouteDecision");
        assertThat(decided.body().path("all_candidates")).hasSize(2);
        assertThat(decided.body().path("alternative_upstreams")).hasSize(1);
        JsonNode first = decided.body().path("all_candidates").path(0);
        assertThat(first.path("parts").path("latency").isNumber()).isTrue();
        assertThat(
                        decide("{\"logical_model\":\"fast\",\"preferred_region\":\"eu\"}")
                                .body()
                                .path("selected_upstream"))
                .isEqualTo(decided.body().path("selected_upstream"));
    }

    @Test
    void whoIsLeftOutIsSaid() {
        String key =
                gateway.post("/admin/keys", "{\"name\":\"k\",\"upstream_ids\":[\"" + a + "\"]}")
                        .id();
        Reply decided = decide("{\"logical_model\":\"fast\",\"key_id\":\"" + key + "\"}");
        assertThat(decided.body().path("left_out").path(0).path("why").asString())
                .isEqualTo("not_allowed");
        Reply without = decide("{\"logical_model\":\"fast\",\"exclude_providers\":[\"a\"]}");
        assertThat(without.body().path("selected_upstream").path("upstream").asString())
                .isEqualTo("b");
    }

    @Test
    void whereAllAreLeftOutNoneIsSelectedAndEachIsNamed() {
        Reply decided = decide("{\"logical_model\":\"fast\",\"exclude_providers\":[\"a\",\"b\"]}");
        assertThat(decided.status()).as("%s", decided).isEqualTo(200);
        DescribedAnswers.assertKept(decided, "RouteDecision");
        assertThat(decided.body().path("selected_upstream").isNull()).isTrue();
        assertThat(decided.body().path("trail").isNull()).isTrue();
        assertThat(decided.body().path("all_candidates")).isEmpty();
        assertThat(decided.body().path("left_out").valueStream().map(JsonNode::toString))
                .containsExactly(
                        "{\"upstream\":\"a\",\"model\":\"m\",\"why\":\"excluded\"}",
                        "{\"upstream\":\"b\",\"model\":\"m\",\"why\":\"excluded\"}");
    }

    @Test
    void whatWouldBeSentDecidesWithTheRest() {
        gateway.post(
                "/admin/upstreams",
                "{\"name\":\"claude\",\"provider\":\"anthropic\",\"api_key\":\"sk-12345678\",\"models\":[\"m\"]}");
        gateway.post(
                "/admin/models",
                """
                {"id":"both","targets":[{"upstream":"a","model":"m"},{"upstream":"claude","model":"m"}]}\
                """);
        Reply decided =
                decide(
                        """
                        {"logical_model":"both","request":{"protocol":"openai-chat",
                         "body":{"model":"x","messages":[{"role":"user","content":"Hello"}]}}}
                        """);
        assertThat(decided.status()).as("%s", decided).isEqualTo(200);
        DescribedAnswers.assertKept(decided, "RouteDecision");
        assertThat(decided.body().path("logical_model").asString()).isEqualTo("both");
        assertThat(decided.body().path("left_out").toString())
                .as("this gateway speaks Chat only")
                .isEqualTo("[{\"upstream\":\"claude\",\"model\":\"m\",\"why\":\"protocol\"}]");
        JsonNode candidate = decided.body().path("all_candidates").path(0);
        assertThat(candidate.path("protocol").asString()).isEqualTo("openai-chat");
        assertThat(candidate.path("lossy").isBoolean()).isTrue();

        Reply unreadable =
                decide(
                        "{\"logical_model\":\"both\",\"request\":{\"protocol\":\"openai-chat\",\"body\":{\"model\":7}}}");
        assertThat(unreadable.status()).as("%s", unreadable).isEqualTo(400);
    }

    @Test
    void whatACallWouldMeetIsAnswered() {
        assertThat(decide("{\"logical_model\":\"unknown\"}").status()).isEqualTo(404);
        gateway.post("/admin/models", "{\"id\":\"empty\"}");
        assertThat(decide("{\"logical_model\":\"empty\"}").status()).isEqualTo(503);
        assertThat(decide("{\"logical_model\":\"fast\",\"conversation_id\":\"s\"}").status())
                .isEqualTo(422);
    }

    @Test
    void sessionsAreShownAndUnbound() {
        UUID key = UUID.fromString(gateway.post("/admin/keys", "{\"name\":\"k\"}").id());
        gateway.routing.memory.bind(new SessionKey(key, "s"), "fast", new TargetId(b, "m"));
        Reply list = gateway.get("/admin/sessions?key_id=" + key);
        DescribedAnswers.assertKept(list, "SessionList");
        JsonNode place = list.body().path("items").path(0).path("places").path(0);
        assertThat(place.path("upstream").asString()).isEqualTo("b");
        String one = "/admin/sessions/" + key + "/s";
        assertThat(gateway.get(one).status()).isEqualTo(200);
        assertThat(gateway.delete(one).status()).isEqualTo(204);
        assertThat(gateway.get(one).status()).isEqualTo(404);
        assertThat(gateway.delete(one).status()).isEqualTo(404);
    }

    @Test
    void healthTellsOpenBreakersAndRestingKeys() {
        String path = "/admin/upstreams/" + a + "/health";
        assertThat(gateway.get(path).body().path("status").asString()).isEqualTo("unknown");
        long now = gateway.routing.targets.now();
        at(a).breaker().trip(now, Duration.ofSeconds(30));
        gateway.routing
                .targets
                .upstream(a)
                .keys()
                .refused(
                        gateway.catalogs.current().upstream(a).orElseThrow().keys().getFirst(),
                        now);
        Reply health = gateway.get(path);
        DescribedAnswers.assertKept(health, "UpstreamHealth");
        assertThat(health.body().path("status").asString()).isEqualTo("down");
        assertThat(health.body().path("open_breakers").path(0).path("model").asString())
                .isEqualTo("m");
        assertThat(health.body().path("resting_keys")).hasSize(1);
        assertThat(health.body().toString()).doesNotContain("sk-1234");
    }

    @Test
    void metricsAndModelsAreShown() {
        at(a).completed(Duration.ofMillis(400).toNanos(), 10, 0, gateway.routing.targets.now());
        gateway.routing.discovered.put(
                a, List.of(new UpstreamModel("found", "{\"id\":\"found\",\"odd\":1}")));
        Reply metrics = gateway.get("/admin/upstreams/" + a + "/metrics");
        DescribedAnswers.assertKept(metrics, "UpstreamMetrics");
        assertThat(metrics.body().path("metrics").path(0).path("calls").asInt()).isOne();
        Reply models = gateway.get("/admin/upstreams/" + a + "/models");
        DescribedAnswers.assertKept(models, "UpstreamModels");
        assertThat(models.body().path("models").path(1).path("entry").path("odd").asInt()).isOne();
        assertThat(gateway.get("/admin/upstreams/" + UUID.randomUUID() + "/health").status())
                .isEqualTo(404);
    }
}
