package dev.sluice;

import static dev.sluice.RoutedGateway.attempts;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A conversation stays with its key, where an upstream's keys belong to different accounts. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SeveralAccountsTest {
    private static final String KEYS =
            "[{\"label\":\"a\",\"key\":\"sk-account-a\"},{\"label\":\"b\",\"key\":\"sk-account-b\"},{\"label\":\"c\",\"key\":\"sk-account-c\"}]";

    private RoutedGateway gateway;
    private String key;
    private AccountsUpstream upstream;
    private String name;

    @BeforeAll
    void start(@TempDir Path data) throws Exception {
        gateway = new RoutedGateway(data);
        key =
                gateway.running
                        .admin(
                                "POST",
                                "/admin/keys",
                                "{\"name\":\"owner\",\"permissions\":[\"read\",\"write\",\"raw\"]}")
                        .path("key_value")
                        .asString();
    }

    @AfterAll
    void stop() {
        gateway.close();
    }

    @BeforeEach
    void connect() throws Exception {
        upstream = new AccountsUpstream();
        name = gateway.fresh("accounts");
        gateway.upstream(
                name,
                upstream.url(),
                KEYS,
                ",\"protocols\":[\"openai-responses\"],\"discover_models\":false");
    }

    @AfterEach
    void disconnect() {
        upstream.close();
    }

    private HttpResponse<String> send(
            String method, String path, @Nullable String body, String... headers) throws Exception {
        Map<String, String> all = new HashMap<>();
        all.put("authorization", "Bearer " + key);
        for (int i = 0; i < headers.length; i += 2) {
            all.put(headers[i], headers[i + 1]);
        }
        return gateway.running.send(method, path, body, all);
    }

    private HttpResponse<String> ask(String more, String... headers) throws Exception {
        return send(
                "POST",
                "/v1/responses",
                "{\"model\":\"" + name + "/m\",\"input\":\"Hello\"" + more + "}",
                headers);
    }

    private static String continuing(HttpResponse<String> answer) {
        return ",\"previous_response_id\":\"" + id(answer) + "\"";
    }

    private static String id(HttpResponse<String> answer) {
        return answer.body().replaceAll("(?s).*?\"id\":\"(resp_[^\"]+)\".*", "$1");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void whatOneAccountKeepsIsContinuedThere(boolean streamed) throws Exception {
        String stream = streamed ? ",\"stream\":true" : "";
        for (int i = 0; i < 20; i++) {
            HttpResponse<String> made = ask(stream);
            HttpResponse<String> next = ask(stream + continuing(made));
            assertThat(next.statusCode()).as(next.body()).isEqualTo(200);
            HttpResponse<String> last = ask(stream + continuing(next));
            assertThat(last.statusCode()).as(last.body()).isEqualTo(200);
        }
        assertThat(new HashSet<>(upstream.callers())).as("all accounts have calls").hasSize(3);
    }

    @Test
    void whatOneAccountKeepsIsSeenThereByItsPathAndByRawCalls() throws Exception {
        for (int i = 0; i < 10; i++) {
            HttpResponse<String> made = ask("");
            String path = "/v1/responses/" + id(made);
            assertThat(send("GET", path, null).statusCode()).isEqualTo(200);
            assertThat(send("GET", "/proxy" + path, null, "x-upstream-name", name).statusCode())
                    .isEqualTo(200);
            HttpResponse<String> raw =
                    send(
                            "POST",
                            "/proxy/v1/responses",
                            "{\"model\":\"m\",\"input\":\"x\"" + continuing(made) + "}",
                            "x-upstream-name",
                            name);
            assertThat(raw.statusCode()).as(raw.body()).isEqualTo(200);
            HttpResponse<String> afterRaw = ask(continuing(raw));
            assertThat(afterRaw.statusCode()).as(afterRaw.body()).isEqualTo(200);
        }
    }

    @Test
    void aSessionsCallsUseOneKeyAndSessionsUseAll() throws Exception {
        Set<String> used = new HashSet<>();
        for (int session = 0; session < 12; session++) {
            upstream.forgetCallers();
            for (int i = 0; i < 6; i++) {
                ask("", "x-session-id", "session " + session);
            }
            assertThat(new HashSet<>(upstream.callers())).hasSize(1);
            used.addAll(upstream.callers());
        }
        assertThat(used).hasSize(3);
    }

    @Test
    void aSessionMovesOnFromAKeyThatRestsAndNoOtherDoes() throws Exception {
        Map<String, String> before = keysOfSessions();
        String limited = Objects.requireNonNull(before.get("0"));
        upstream.limit(limited);
        HttpResponse<String> moved = ask("", "x-session-id", "0");
        assertThat(moved.statusCode()).as(moved.body()).isEqualTo(200);
        assertThat(attempts(moved)).isEqualTo(2);

        keysOfSessions()
                .forEach((session, key) -> {
                    String was = before.get(session);
                    if (limited.equals(was)) {
                        assertThat(key).isNotEqualTo(limited);
                    } else {
                        assertThat(key).isEqualTo(was);
                    }
                });
    }

    private Map<String, String> keysOfSessions() throws Exception {
        Map<String, String> keys = new HashMap<>();
        for (int session = 0; session < 9; session++) {
            String name = Integer.toString(session);
            ask("", "x-session-id", name);
            keys.put(name, upstream.callers().getLast());
        }
        return keys;
    }

    @Test
    void aPromptThatBeginsAlikeStaysWithItsKeyWhereTheModelHasAffinity() throws Exception {
        String model = gateway.model(",\"affinity\":true", name + " m");
        for (int prompt = 0; prompt < 5; prompt++) {
            upstream.forgetCallers();
            String beginning = Integer.toString(prompt).repeat(5_000);
            for (int i = 0; i < 6; i++) {
                send(
                        "POST",
                        "/v1/responses",
                        "{\"model\":\"%s\",\"input\":\"%s and %d\"}"
                                .formatted(model, beginning, i));
            }
            assertThat(new HashSet<>(upstream.callers())).hasSize(1);
        }
    }
}
