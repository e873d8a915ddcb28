package dev.sluice;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.People.Reply;
import dev.sluice.store.TestDatabase;
import dev.sluice.store.Vendor;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** What a gateway that nobody owns yet lets anyone do, and only once, on every database. */
@ParameterizedClass
@EnumSource(Vendor.class)
class FirstOwnerTest {
    @TempDir Path folder;
    private final Map<String, String> environment;
    private RunningGateway gateway;
    private People people;

    FirstOwnerTest(Vendor vendor) {
        environment = TestDatabase.environment(vendor);
    }

    @BeforeEach
    void start() throws Exception {
        gateway = RunningGateway.in(folder, environment);
        people = new People(gateway);
    }

    @AfterEach
    void close() {
        gateway.close();
    }

    @Test
    void ofTwentyWhoSetUpTheFirstOwnerAtTheSameTimeExactlyOneWins() throws Exception {
        List<Reply> answers = new ArrayList<>();
        try (ExecutorService executor = Executors.newFixedThreadPool(20)) {
            List<Callable<Reply>> calls =
                    IntStream.range(0, 20).mapToObj(i -> init("one-of-" + i)).toList();
            for (Future<Reply> call : executor.invokeAll(calls)) {
                answers.add(call.get());
            }
        }
        assertThat(answers).filteredOn(answer -> answer.status() == 200).hasSize(1);
        assertThat(answers).filteredOn(answer -> answer.status() == 400).hasSize(19);
        Reply made =
                answers.stream().filter(answer -> answer.status() == 200).findFirst().orElseThrow();
        assertThat(signIn(made.text("username"), made.text("password")).status()).isEqualTo(200);
        String key = made.text("api_key");
        assertThat(people.as(key, "GET", "/admin/users", null).status()).isEqualTo(200);
        assertThat(people.as(key, "GET", "/v1/models", null).status()).isEqualTo(200);
        assertThat(gateway.admin("GET", "/admin/users", null).path("total").asInt()).isOne();
        assertThat(gateway.admin("GET", "/admin/keys?search=first", null).path("total").asInt())
                .as("an owner and a key, or neither")
                .isOne();
        assertThat(open("/system/key/validate", "{\"key\":\"x\"}").status()).isEqualTo(401);
    }

    @Test
    void secretsAreMadeAndJudgedWhileThereIsNoUser() throws Exception {
        Reply made = open("/system/secret-key/generate", "{\"length\":48}");
        assertThat(made.text("secret_key")).hasSize(64);
        Reply judged = open("/system/key/validate", "{\"key\":\"short\"}");
        assertThat(judged.body().path("is_valid").booleanValue()).isFalse();
    }

    private Callable<Reply> init(String name) {
        return () ->
                open(
                        "/system/admin/init",
                        "{\"username\":\"%s\",\"email\":\"%s@example.com\"}".formatted(name, name));
    }

    private Reply signIn(String name, String password) throws Exception {
        return open(
                "/auth/login",
                "{\"username\":\"%s\",\"password\":\"%s\"}".formatted(name, password));
    }

    /** Asks without a credential. */
    private Reply open(String path, String body) throws Exception {
        return Reply.of(gateway.send("POST", path, body, Map.of()));
    }
}
