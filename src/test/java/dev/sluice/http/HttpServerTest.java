package dev.sluice.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.http.address.AddressPolicy;
import dev.sluice.http.client.OutboundRequest;
import io.vertx.core.buffer.Buffer;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;

class HttpServerTest {

    private static final String GET = "GET /hello HTTP/1.1\r\nHost: a\r\n\r\n";

    private static void hello(Exchange exchange) {
        exchange.respond(Response.json(200, "{\"hello\":true}"));
    }

    private static void echo(Exchange exchange) {
        exchange.body()
                .onSuccess(body -> exchange.respond(new Response(200, Headers.EMPTY, body)))
                .onFailure(exchange::fail);
    }

    @Test
    void aRouteAnswersWithItsOwnRequestId() {
        try (Gateway gateway = Gateway.with("GET", "/hello", HttpServerTest::hello).start();
                RawClient client = gateway.connect()) {
            RawClient.Answer first = client.send(GET).answer();
            RawClient.Answer second = client.send(GET).answer();
            assertThat(first.status()).isEqualTo(200);
            assertThat(first.body()).isEqualTo("{\"hello\":true}");
            assertThat(first.head()).contains("x-request-id: ").contains("\nrequest-id: ");
            assertThat(second.head()).isNotEqualTo(first.head());
            gateway.awaitRest();
        }
    }

    @Test
    void aBodyIsReadWhole() {
        try (Gateway gateway = Gateway.with("POST", "/echo", HttpServerTest::echo).start();
                RawClient client = gateway.connect()) {
            client.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhel");
            client.send("lo");
            assertThat(client.answer().body()).isEqualTo("hello");
            client.send("POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n");
            client.send("3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n");
            assertThat(client.answer().body()).isEqualTo("abcde");
            gateway.awaitRest();
        }
    }

    @Test
    void aCallPassesThroughToAnUpstream() throws Exception {
        try (Gateway upstream = Gateway.with("POST", "/echo", HttpServerTest::echo).start();
                Gateway gateway = relayTo(upstream);
                HttpClient client = HttpClient.newHttpClient()) {
            HttpResponse<String> answer =
                    client.send(
                            HttpRequest.newBuilder(gateway.uri("/relay"))
                                    .POST(HttpRequest.BodyPublishers.ofString("over there"))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString());
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.body()).isEqualTo("over there");
            gateway.awaitRest();
        }
    }

    private static Gateway relayTo(Gateway upstream) {
        Gateway[] self = new Gateway[1];
        self[0] =
                Gateway.with(
                                "POST",
                                "/relay",
                                exchange ->
                                        exchange.body()
                                                .compose(body ->
                                                        self[0].engine
                                                                .client()
                                                                .send(post(upstream, body))
                                                                .answer())
                                                .compose(answer -> answer.bodyUpTo(1_000_000))
                                                .onSuccess(body ->
                                                        exchange.respond(
                                                                new Response(
                                                                        200, Headers.EMPTY, body)))
                                                .onFailure(exchange::fail))
                        .start();
        return self[0];
    }

    private static OutboundRequest post(Gateway upstream, Buffer body) {
        return OutboundRequest.whole(
                "POST",
                upstream.uri("/echo"),
                Headers.EMPTY,
                body,
                Gateway.PATIENT,
                AddressPolicy.OPERATOR);
    }
}
