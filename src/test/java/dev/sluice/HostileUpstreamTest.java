package dev.sluice;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.http.ScriptedUpstream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Upstreams that say more than they should, or pack what they say. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HostileUpstreamTest {
    private static final String CHAT = "/v1/chat/completions";
    private static final String MESSAGES = "/v1/messages";
    private static final String USER = "\"messages\":[{\"role\":\"user\",\"content\":\"Hello\"}]";
    private static final String WHOLE =
            "{\"id\":\"c\",\"object\":\"chat.completion\",\"created\":1,\"model\":\"m\",\"choices\":[{\"index\":0,"
                    + "\"message\":{\"role\":\"assistant\",\"content\":\"%s\"},\"finish_reason\":\"stop\"}],"
                    + "\"usage\":{\"prompt_tokens\":7,\"completion_tokens\":5,\"total_tokens\":12}}";
    private static final String STREAM_END =
            event(
                            "{\"id\":\"c\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"m\","
                                    + "\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}")
                    + event("[DONE]");

    private final AtomicInteger upstreams = new AtomicInteger();
    private RunningGateway gateway;

    @BeforeAll
    void start(@TempDir Path folder) throws Exception {
        gateway = RunningGateway.in(folder, Map.of());
    }

    @AfterAll
    void stop() {
        gateway.close();
    }

    // ---- what the upstreams say

    private static String event(String data) {
        return "data: " + data + "\n\n";
    }

    private static String says(String text) {
        return event(
                "{\"id\":\"c\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"m\",\"choices\":[{\"index\":0,"
                        + "\"delta\":{\"content\":\""
                        + text
                        + "\"},\"finish_reason\":null}]}");
    }

    private static String head(String type, String fields) {
        return "HTTP/1.1 200 OK\r\nContent-Type: "
                + type
                + "\r\n"
                + fields
                + "Connection: close\r\n\r\n";
    }

    /** An upstream that answers each request with these bytes, and closes. */
    private static ScriptedUpstream saying(String head, byte[] body) {
        return new ScriptedUpstream(connection -> {
            connection.request();
            connection.send(head);
            connection.socket.getOutputStream().write(body);
        });
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] packed(String encoding, byte[] plain) throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (OutputStream out =
                encoding.equals("deflate")
                        ? new DeflaterOutputStream(packed)
                        : new GZIPOutputStream(packed)) {
            out.write(plain);
        }
        return packed.toByteArray();
    }

    // ---- what the client asks

    private HttpResponse<String> ask(ScriptedUpstream upstream, String path, boolean stream)
            throws Exception {
        String name = "hostile-" + upstreams.incrementAndGet();
        gateway.admin(
                "POST",
                "/admin/upstreams",
                """
                {"name":"%s","provider":"openai-compatible","base_url":"%s","api_key":"sk-x",
                 "protocols":["openai-chat"],"discover_models":false}
                """
                        .formatted(name, upstream.uri("")));
        String body =
                "{\"model\":\"%s/m\",\"max_tokens\":9,\"stream\":%s,%s}"
                        .formatted(name, stream, USER);
        return gateway.send(
                "POST", path, body, Map.of("authorization", "Bearer " + gateway.apiKey()));
    }

    private void awaitNoUpstreamCall() throws InterruptedException {
        RunningGateway.await(
                "no call to an upstream to be left",
                () -> gateway.metric("sluice_upstream_calls") == 0);
    }

    // ---- one huge event

    @Test
    void anEventOfTenMegabytesPassesUnheldWhereNothingMustBeTranslated() throws Exception {
        String body = says("before") + says("x".repeat(10_000_000)) + STREAM_END;
        try (ScriptedUpstream upstream = saying(head("text/event-stream", ""), bytes(body))) {
            HttpResponse<String> answer = ask(upstream, CHAT, true);

            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.body().equals(body)).isTrue();
            awaitNoUpstreamCall();
        }
    }

    @Test
    void anEventOfTenMegabytesEndsATranslatedStreamWithAnError() throws Exception {
        String body = says("before") + says("x".repeat(10_000_000)) + STREAM_END;
        try (ScriptedUpstream upstream = saying(head("text/event-stream", ""), bytes(body))) {
            HttpResponse<String> answer = ask(upstream, MESSAGES, true);

            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.body())
                    .contains("before")
                    .contains("event: error")
                    .contains("more than 8 MiB")
                    .doesNotContain("message_stop")
                    .hasSizeLessThan(10_000);
            String id = answer.headers().firstValue("x-request-id").orElseThrow();
            assertThat(gateway.record(id).path("ending").asString()).isEqualTo("failed");
            assertThat(gateway.record(id).path("error_code").asString())
                    .isEqualTo("event_too_large");
            awaitNoUpstreamCall();
        }
    }

    @Test
    void anEventOfTenMegabytesBeforeAnyOutputFailsATranslatedCall() throws Exception {
        String body = says("x".repeat(10_000_000)) + STREAM_END;
        try (ScriptedUpstream upstream = saying(head("text/event-stream", ""), bytes(body))) {
            HttpResponse<String> answer = ask(upstream, MESSAGES, true);

            assertThat(answer.statusCode()).isEqualTo(502);
            assertThat(answer.body()).contains("\"type\":\"error\"").contains("more than 8 MiB");
            awaitNoUpstreamCall();
        }
    }

    // ---- what never ends

    @ParameterizedTest
    @ValueSource(strings = {CHAT, MESSAGES})
    void anUpstreamThatGoesOnAfterItsLastEventIsCutOff(String path) throws Exception {
        try (ScriptedUpstream upstream =
                new ScriptedUpstream(connection -> {
                    connection.request();
                    connection.send(head("text/event-stream", ""));
                    connection.send(says("all there is") + STREAM_END);
                    while (true) {
                        connection.send(says("x".repeat(10_000)));
                    }
                })) {
            HttpResponse<String> answer = ask(upstream, path, true);

            assertThat(answer.body()).contains("all there is").doesNotContain("xxxxx");
            awaitNoUpstreamCall();
            RunningGateway.await("it to be left", () -> upstream.closedByPeer.get() > 0);
        }
    }

    @Test
    void aStreamThatOnlyProvesThatItIsAliveIsCommittedAndNotHeld() throws Exception {
        try (ScriptedUpstream upstream =
                new ScriptedUpstream(connection -> {
                    connection.request();
                    connection.send(head("text/event-stream", ""));
                    for (int i = 0; i < 1_000; i++) {
                        connection.send(": alive " + "x".repeat(1_000) + "\n\n");
                    }
                })) {
            HttpResponse<String> answer = ask(upstream, CHAT, true);

            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.body()).contains("alive").contains("\"error\"");
            awaitNoUpstreamCall();
        }
    }

    @Test
    void whiteSpaceWithoutEndIsNotHeld() throws Exception {
        String blank = " ".repeat(1_000_000);
        try (ScriptedUpstream upstream =
                new ScriptedUpstream(connection -> {
                    connection.request();
                    connection.send(head("application/json", ""));
                    for (int i = 0; i < 40; i++) {
                        connection.send(blank);
                    }
                    connection.send(WHOLE.formatted("late"));
                })) {
            HttpResponse<String> answer = ask(upstream, CHAT, false);

            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.body()).contains("late").hasSizeLessThan(2_000_000);
        }
    }

    // ---- packed answers

    @ParameterizedTest
    @CsvSource({
        "gzip, /v1/chat/completions",
        "x-gzip, /v1/chat/completions",
        "deflate, /v1/chat/completions",
        "gzip, /v1/messages",
        "deflate, /v1/messages"
    })
    void aPackedAnswerIsUnpackedThoughNoneWasAskedFor(String encoding, String path)
            throws Exception {
        byte[] body = packed(encoding, bytes(WHOLE.formatted("unpacked")));
        String head = head("application/json", "Content-Encoding: " + encoding + "\r\n");
        try (ScriptedUpstream upstream = saying(head, body)) {
            HttpResponse<String> answer = ask(upstream, path, false);

            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.headers().firstValue("content-encoding")).isEmpty();
            assertThat(answer.body()).contains("unpacked");
            String id = answer.headers().firstValue("x-request-id").orElseThrow();
            assertThat(gateway.record(id).path("completion_tokens").asInt()).isEqualTo(5);
            assertThat(upstream.heads.getFirst()).containsIgnoringCase("accept-encoding: identity");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {CHAT, MESSAGES})
    void aPackedStreamIsUnpackedEventByEvent(String path) throws Exception {
        byte[] first = packed("gzip", bytes(says("first")));
        byte[] rest = packed("gzip", bytes(says("second") + STREAM_END));
        String head = head("text/event-stream", "Content-Encoding: gzip\r\n");
        try (ScriptedUpstream upstream =
                new ScriptedUpstream(connection -> {
                    connection.request();
                    connection.send(head);
                    connection.socket.getOutputStream().write(first);
                    for (byte b : rest) {
                        connection.socket.getOutputStream().write(b);
                    }
                })) {
            HttpResponse<String> answer = ask(upstream, path, true);

            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.headers().firstValue("content-encoding")).isEmpty();
            assertThat(answer.body()).contains("first", "second");
        }
    }

    @ParameterizedTest
    @CsvSource({"br, not in gzip or deflate", "gzip, packing is broken"})
    void whatCannotBeUnpackedFailsTheCall(String encoding, String reason) throws Exception {
        String head = head("application/json", "Content-Encoding: " + encoding + "\r\n");
        try (ScriptedUpstream upstream = saying(head, bytes("this is not packed at all"))) {
            HttpResponse<String> answer = ask(upstream, CHAT, false);

            assertThat(answer.statusCode()).isEqualTo(502);
            assertThat(answer.body()).contains(reason);
            awaitNoUpstreamCall();
        }
    }

    @Test
    void aPackedAnswerThatEndsTooSoonFailsTheCall() throws Exception {
        byte[] body = packed("gzip", bytes(WHOLE.formatted("x".repeat(10_000))));
        byte[] half = Arrays.copyOf(body, body.length / 2);
        String head = head("application/json", "Content-Encoding: gzip\r\n");
        try (ScriptedUpstream upstream = saying(head, half)) {
            assertThat(ask(upstream, CHAT, false).statusCode()).isEqualTo(502);
            awaitNoUpstreamCall();
        }
    }

    /** A thousand to one: what a bomb unpacks to is counted, and never held. */
    @Test
    void anAnswerThatUnpacksToGigabytesIsRefusedByATranslation() throws Exception {
        byte[] mebibyte = new byte[1 << 20];
        Arrays.fill(mebibyte, (byte) ' ');
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
            gzip.write('{');
            for (int i = 0; i < 512; i++) {
                gzip.write(mebibyte);
            }
        }
        String head = head("application/json", "Content-Encoding: gzip\r\n");
        try (ScriptedUpstream upstream = saying(head, packed.toByteArray())) {
            HttpResponse<String> answer = ask(upstream, MESSAGES, false);

            assertThat(answer.statusCode()).isEqualTo(502);
            assertThat(answer.body()).contains("more than 32 MiB");
            awaitNoUpstreamCall();
        }
    }
}
