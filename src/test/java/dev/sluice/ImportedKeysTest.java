package dev.sluice;

import static org.assertj.core.api.Assertions.assertThat;

import at.favre.lib.crypto.bcrypt.BCrypt;
import dev.sluice.settings.InvalidSettings;
import dev.sluice.store.Database;
import dev.sluice.store.Encryption;
import dev.sluice.store.TestDatabase;
import dev.sluice.store.Vendor;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;

/** Keys that came with nothing but a bcrypt hash, as another gateway had stored it. */
@ParameterizedClass
@EnumSource(Vendor.class)
class ImportedKeysTest {
    private static final String MESSAGE =
            "{\"model\":\"sim-1\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";
    private static final String VALUE = "sk-auto-Q1w2E3r4T5y6U7i8O9p0A1s2D3f4G5h6J7k8L9z0X1c";

    @TempDir Path folder;
    private final Map<String, String> environment = new HashMap<>();
    private RunningGateway gateway;
    private String id = "";

    ImportedKeysTest(Vendor vendor) {
        if (vendor == Vendor.POSTGRESQL) {
            environment.put("DATABASE_URL", TestDatabase.freshUrl(vendor));
            environment.put("ENCRYPTION_KEY", Encryption.generateKey(new SecureRandom()));
        }
    }

    /** A gateway whose database another one has filled. */
    @BeforeEach
    void start() throws Exception {
        String url = RunningGateway.settings(folder, environment).storage().databaseUrl();
        try (Database database = Database.open(url, Clock.systemUTC())) {
            database.migrations().migrate();
            id = UUID.randomUUID().toString();
            String hash =
                    BCrypt.with(BCrypt.Version.VERSION_2B).hashToString(10, VALUE.toCharArray());
            database.update(handle ->
                    handle.createUpdate(
                                    """
                                    insert into api_keys (
                                        id, name, prefix, bcrypt_hash, permissions, all_upstreams,
                                        is_active, weak, created_at, updated_at)
                                    values (
                                        :id, 'imported', :prefix, :hash, 'read write', true,
                                        true, false, 1700000000000000, 1700000000000000)
                                    """)
                            .bind("id", UUID.fromString(id))
                            .bind("prefix", VALUE.substring(0, 12))
                            .bind("hash", hash)
                            .execute());
        }
        gateway = RunningGateway.in(folder, environment);
    }

    @AfterEach
    void close() {
        gateway.close();
    }

    private int call(String key) throws Exception {
        return ask("/v1/chat/completions", MESSAGE, key).statusCode();
    }

    private HttpResponse<String> ask(String path, @Nullable String body, String key)
            throws Exception {
        return gateway.send(
                body == null ? "GET" : "POST",
                path,
                body,
                Map.of("authorization", "Bearer " + key));
    }

    private @Nullable String digest() {
        return database(handle ->
                handle.createQuery("select digest from api_keys where name = 'imported'")
                        .mapTo(String.class)
                        .findOne()
                        .orElse(null));
    }

    private <T extends @Nullable Object> T database(Function<Handle, T> work) {
        try (Database database =
                Database.open(
                        RunningGateway.settings(folder, environment).storage().databaseUrl(),
                        Clock.systemUTC())) {
            return database.write(work);
        } catch (InvalidSettings impossible) {
            throw new AssertionError(impossible);
        }
    }

    private static String guess(int number) {
        return VALUE.substring(0, 12) + "%039d".formatted(number);
    }

    @Test
    void theFirstCallIsServedAndTheHashIsNeverAskedAgain() throws Exception {
        assertThat(digest()).isNull();
        assertThat(call(VALUE)).isEqualTo(200);
        assertThat(digest()).hasSize(64);
        database(handle -> handle.execute("update api_keys set bcrypt_hash = null"));
        assertThat(call(VALUE)).isEqualTo(200);
        assertThat(ask("/v1/models", null, VALUE).statusCode()).isEqualTo(200);
        JsonNode key = gateway.admin("GET", "/admin/keys/" + id, null);
        assertThat(key.path("name").stringValue()).isEqualTo("imported");
        assertThat(key.toString()).doesNotContain("$2");
    }

    @Test
    void manyWhoBringItFirstAtTheSameTimeAreAllServed() throws Exception {
        assertThat(together(20, _ -> call(VALUE))).containsOnly(200);
    }

    @Test
    void wrongValuesAreRefusedInTheClientsProtocolAndDoNotKeepTheKeyFromWorking() throws Exception {
        assertThat(ask("/v1/chat/completions", MESSAGE, guess(1)).body())
                .contains("invalid_api_key");
        HttpResponse<String> anthropic =
                ask(
                        "/v1/messages",
                        "{\"model\":\"sim-1\",\"max_tokens\":9,\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}",
                        guess(1));
        assertThat(anthropic.statusCode()).isEqualTo(401);
        assertThat(anthropic.body()).contains("authentication_error");
        assertThat(digest()).isNull();
        assertThat(call(VALUE)).isEqualTo(200);
    }

    @Test
    void aFloodOfGuessesIsCutAndLeavesOtherKeysAlone() throws Exception {
        try (ExecutorService flood = Executors.newSingleThreadExecutor()) {
            Future<List<Integer>> guesses =
                    flood.submit(() -> together(60, number -> call(guess(number))));
            for (int i = 0; i < 20; i++) {
                assertThat(call(gateway.apiKey())).isEqualTo(200);
            }
            assertThat(guesses.get()).isSubsetOf(401, 429, 503).contains(429);
        }
        assertThat(call(guess(1_000))).as("an address has few tries").isEqualTo(429);
    }

    @Test
    void aRevokedOneStaysRevokedAndARotatedOneHasAnotherValue() throws Exception {
        JsonNode kept =
                gateway.admin("POST", "/admin/keys/" + id + "/rotate", "{\"grace_seconds\":60}");
        assertThat(kept.at("/error/param").stringValue()).isEqualTo("grace_seconds");
        JsonNode rotated = gateway.admin("POST", "/admin/keys/" + id + "/rotate", "{}");
        assertThat(call(rotated.path("key").stringValue())).isEqualTo(200);
        assertThat(call(VALUE)).isEqualTo(401);
        gateway.admin("DELETE", "/admin/keys/" + id, null);
        assertThat(call(rotated.path("key").stringValue())).isEqualTo(401);
    }

    @Test
    void whatWasRevokedBeforeItWasSeenOpensNothing() throws Exception {
        gateway.admin("DELETE", "/admin/keys/" + id, null);
        assertThat(call(VALUE)).isEqualTo(401);
        assertThat(call(VALUE)).isEqualTo(401);
    }

    /** A call with a number. */
    @FunctionalInterface
    private interface Numbered {
        int call(int number) throws Exception;
    }

    private static List<Integer> together(int count, Numbered call) throws Exception {
        List<Integer> statuses = new ArrayList<>();
        try (ExecutorService executor = Executors.newFixedThreadPool(count)) {
            List<Callable<Integer>> calls = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                int number = i;
                calls.add(() -> call.call(number));
            }
            for (Future<Integer> status : executor.invokeAll(calls)) {
                statuses.add(status.get());
            }
        }
        return statuses;
    }
}
