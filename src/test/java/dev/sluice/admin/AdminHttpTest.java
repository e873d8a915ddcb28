package dev.sluice.admin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.admin.openapi.Contract;
import dev.sluice.admin.openapi.ContractGate;
import dev.sluice.admin.openapi.DocumentationPages;
import dev.sluice.admin.openapi.OpenApi;
import dev.sluice.http.CrossOrigin;
import dev.sluice.http.Exchange;
import dev.sluice.http.Headers;
import dev.sluice.http.HttpLimits;
import dev.sluice.http.Response;
import dev.sluice.http.ResponseStream;
import dev.sluice.http.Route;
import dev.sluice.http.address.TrustedProxies;
import dev.sluice.http.engine.HttpEngine;
import dev.sluice.http.engine.ServerSetup;
import dev.sluice.http.outbound.UpstreamProtocol;
import dev.sluice.store.Vendor;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** The control plane over real sockets, and calls from it to a scripted upstream. */
class AdminHttpTest {
    private static final String TOKEN = "admin-token-of-this-test";
    private static final String SECRET = "sk-canary-upstream-0123";

    private static HttpEngine engine;
    private static TestGateway gateway;
    private static int port;
    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    @BeforeAll
    static void start() throws Exception {
        engine =
                new HttpEngine(
                        HttpLimits.standard(),
                        UpstreamProtocol.HTTP_1_1,
                        System::nanoTime,
                        InetAddress::getAllByName);
        gateway = new TestGateway(Vendor.SQLITE, engine.client());
        OpenApi description = OpenApi.bundled();
        List<Route> routes =
                new ArrayList<>(
                        gateway.routes(
                                new ContractGate(
                                        new Contract(description),
                                        (exchange, _) -> requireToken(exchange))));
        routes.addAll(new DocumentationPages(description).routes(AdminRule.READ));
        routes.add(
                new Route(
                        "POST",
                        "/v1/chat/completions",
                        AdminRule.READ,
                        AdminHttpTest::answerAsUpstream));
        port =
                engine.server(
                                new ServerSetup(
                                        routes,
                                        (_, failure) -> AdminErrors.response(failure),
                                        CrossOrigin.NONE,
                                        TrustedProxies.NONE,
                                        UUID::randomUUID))
                        .start("127.0.0.1", 0, null)
                        .toCompletionStage()
                        .toCompletableFuture()
                        .get(30, TimeUnit.SECONDS);
    }

    @AfterAll
    static void stop() {
        engine.close();
        gateway.close();
        CLIENT.close();
    }

    private static Actor requireToken(Exchange exchange) {
        if (!("Bearer " + TOKEN).equals(exchange.headers().get("authorization"))) {
            throw new AdminException(401, "unauthorized", "An admin token is needed");
        }
        return Actor.operator(exchange.clientAddress());
    }

    /** Answers by model name: well, with an error that repeats the credential, or with nonsense. */
    private static void answerAsUpstream(Exchange exchange) {
        exchange.body()
                .onSuccess(body -> {
                    JsonNode request = AdminJson.tree(body.toString());
                    String model = request.path("model").stringValue();
                    String said =
                            "{\"error\":{\"message\":\"bad key %s\"}}"
                                    .formatted(exchange.headers().get("authorization"));
                    if (model.equals("refused")) {
                        exchange.respond(Response.json(401, said));
                    } else if (model.equals("nonsense")) {
                        exchange.respond(Response.json(200, "<html>hello</html>"));
                    } else if (request.path("stream").booleanValue()) {
                        stream(exchange);
                    } else {
                        exchange.respond(
                                Response.json(200, "{\"model\":\"real\",\"choices\":[{}]}"));
                    }
                });
    }

    private static void stream(Exchange exchange) {
        ResponseStream stream =
                exchange.begin(200, Headers.of("content-type", "text/event-stream"));
        stream.write(Buffer.buffer("data: {\"model\":\"real\",\"choices\":[{}]}\n\n"));
        stream.end(Buffer.buffer("data: [DONE]\n\n"));
    }

    private static HttpResponse<String> send(String method, String path, String body)
            throws IOException, InterruptedException {
        return CLIENT.send(
                request(method, path, body).header("authorization", "Bearer " + TOKEN).build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private static HttpRequest.Builder request(String method, String path, String body) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .method(
                        method,
                        body.isEmpty()
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofString(body));
    }

    @Test
    void aKeyIsMadeShownAndRevoked() throws Exception {
        HttpResponse<String> created = send("POST", "/admin/keys", "{\"name\":\"app\"}");
        assertThat(created.statusCode()).as(created.body()).isEqualTo(201);
        assertThat(created.headers().firstValue("content-type")).hasValue("application/json");
        assertThat(created.headers().firstValue("cache-control")).hasValue("no-store");
        assertThat(created.headers().firstValue("x-request-id")).isPresent();
        JsonNode key = AdminJson.tree(created.body());
        assertThat(gateway.known(key.path("key").stringValue())).isPresent();
        String path = "/admin/keys/" + key.path("id").stringValue();
        assertThat(send("GET", path, "").statusCode()).isEqualTo(200);
        HttpResponse<String> revoked = send("DELETE", path, "");
        assertThat(revoked.statusCode()).isEqualTo(204);
        assertThat(revoked.body()).isEmpty();
    }

    @Test
    void whoIsUnknownLearnsNothingOfTheForm() throws Exception {
        HttpResponse<String> refused =
                CLIENT.send(
                        request("POST", "/admin/keys", "{broken").build(),
                        HttpResponse.BodyHandlers.ofString());
        assertThat(refused.statusCode()).isEqualTo(401);
        assertThat(AdminJson.tree(refused.body()).path("detail").path("error").stringValue())
                .isEqualTo("unauthorized");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{broken",
                "{\"name\":\"a\",\"name\":\"b\"}",
                "{\"name\":\"a\"} and more",
                "{\"name\":\"a\"",
                "{'name':'a'}"
            })
    void whatIsNotOneJsonValueIs400(String body) throws Exception {
        HttpResponse<String> refused = send("POST", "/admin/keys", body);
        assertThat(refused.statusCode()).as(refused.body()).isEqualTo(400);
        assertThat(AdminJson.tree(refused.body()).path("error").path("code").stringValue())
                .isEqualTo("invalid_json");
    }

    @Test
    void aMissingOrWrongBodyIs422() throws Exception {
        HttpResponse<String> none = send("POST", "/admin/keys", "");
        assertThat(none.statusCode()).isEqualTo(422);
        assertThat(none.body()).contains("\"loc\":[\"body\"]").contains("\"type\":\"missing\"");
        HttpResponse<String> wrong = send("POST", "/admin/keys", "{\"name\":\"\"}");
        assertThat(wrong.statusCode()).isEqualTo(422);
        assertThat(wrong.body()).contains("\"loc\":[\"body\",\"name\"]");
        assertThat(send("GET", "/admin/keys?page=0", "").statusCode()).isEqualTo(422);
        assertThat(send("GET", "/admin/keys/nonsense", "").statusCode()).isEqualTo(422);
    }

    @ParameterizedTest
    @CsvSource({
        "/docs, text/html",
        "/docs/swagger-ui.css, text/css",
        "/docs/swagger-ui-bundle.js, text/javascript",
        "/docs/swagger-start.js, text/javascript",
        "/docs/favicon-32x32.png, image/png",
        "/redoc, text/html",
        "/redoc/redoc.standalone.js, text/javascript",
        "/openapi.json, application/json",
    })
    void theDocumentationComesFromTheJar(String path, String type) throws Exception {
        HttpResponse<byte[]> page =
                CLIENT.send(
                        request("GET", path, "").build(), HttpResponse.BodyHandlers.ofByteArray());
        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(page.headers().firstValue("content-type").orElseThrow()).startsWith(type);
        assertThat(page.body()).isNotEmpty();
        if (type.equals("text/html")) {
            assertThat(new String(page.body(), StandardCharsets.UTF_8))
                    .doesNotContain("http://")
                    .doesNotContain("https://");
        }
    }

    private static JsonNode tested(String name, String baseUrl, String model) throws Exception {
        HttpResponse<String> created =
                send(
                        "POST",
                        "/admin/upstreams",
                        """
                        {"name":"%s","provider":"simulator","base_url":"%s","api_key":"%s"}\
                        """
                                .formatted(name, baseUrl, SECRET));
        assertThat(created.statusCode()).as(created.body()).isEqualTo(201);
        HttpResponse<String> answer =
                send(
                        "POST",
                        "/admin/upstreams/%s/test"
                                .formatted(AdminJson.tree(created.body()).path("id").stringValue()),
                        model.isEmpty() ? "" : "{\"model\":\"" + model + "\"}");
        assertThat(answer.body()).doesNotContain(SECRET);
        return AdminJson.tree(answer.body());
    }

    private static String own() {
        return "http://127.0.0.1:" + port;
    }

    @Test
    void anUpstreamThatAnswersPassesItsTest() throws Exception {
        JsonNode result = tested("good", own(), "some-model");
        assertThat(result.path("ok").booleanValue()).as("%s", result).isTrue();
        for (String kind : List.of("plain", "stream")) {
            JsonNode probe = result.path(kind);
            assertThat(probe.path("status").intValue()).isEqualTo(200);
            assertThat(probe.path("model").stringValue()).isEqualTo("real");
            assertThat(probe.path("error").isNull()).isTrue();
            assertThat(probe.path("latency_ms").doubleValue())
                    .isGreaterThanOrEqualTo(probe.path("first_byte_ms").doubleValue())
                    .isPositive();
        }
    }

    @Test
    void whatAnUpstreamSaysAgainstUsIsShownWithoutTheCredential() throws Exception {
        JsonNode refused = tested("refused", own(), "refused").path("plain");
        assertThat(refused.path("ok").booleanValue()).isFalse();
        assertThat(refused.path("status").intValue()).isEqualTo(401);
        assertThat(refused.path("error").stringValue())
                .isEqualTo("status 401: bad key Bearer sk-***0123");
        JsonNode nonsense = tested("nonsense", own(), "nonsense").path("stream");
        assertThat(nonsense.path("error").stringValue())
                .startsWith("not a stream of chat events: <html>");
    }

    @Test
    void anUpstreamThatIsAwayFailsItsTestInWords() throws Exception {
        JsonNode result = tested("away", "http://127.0.0.1:1", "m");
        assertThat(result.path("ok").booleanValue()).isFalse();
        assertThat(result.path("plain").path("status").isNull()).isTrue();
        assertThat(result.path("plain").path("error").stringValue()).isNotBlank();
        JsonNode forbidden = tested("metadata", "http://169.254.169.254", "m");
        assertThat(forbidden.path("plain").path("status").isNull()).isTrue();
    }

    @Test
    void aTestNeedsAModel() throws Exception {
        JsonNode refused = tested("no model", own(), "");
        assertThat(refused.path("error").path("param").stringValue()).isEqualTo("model");
    }
}
