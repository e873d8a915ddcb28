package dev.sluice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.admin.bootstrap.SecretRotation;
import dev.sluice.command.Programs;
import dev.sluice.command.SettingsSource;
import dev.sluice.simulator.SimulatorSettings;
import dev.sluice.store.Database;
import dev.sluice.store.Encryption;
import dev.sluice.store.TestDatabase;
import dev.sluice.store.Vendor;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The commands that work on what is kept, with real data folders, databases and restarts. */
class OfflineSetupTest {
    private static final String UPSTREAM_KEY = "sk-canary-upstream-5b1e0c77";
    private static final String MESSAGE =
            "{\"model\":\"sim-1\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";

    @TempDir Path folder;

    private final Map<String, String> environment = new HashMap<>();
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private SimulatedProvider provider;
    private String out = "";
    private String err = "";

    @BeforeEach
    void start() throws Exception {
        environment.put("SLUICE_DATA_DIR", folder.resolve("data").toString());
        environment.put("ADMIN_TOKEN", RunningGateway.ADMIN_TOKEN);
        environment.put("PORT", "0");
        provider =
                SimulatedProvider.start(
                        "127.0.0.1", 0, SimulatorSettings.DEFAULT.withApiKey(UPSTREAM_KEY));
    }

    @AfterEach
    void close() {
        provider.close();
        client.close();
    }

    private int run(String... args) {
        StringWriter output = new StringWriter();
        StringWriter errors = new StringWriter();
        Programs nothing =
                new Programs(
                        _ -> {
                            throw new AssertionError("no gateway");
                        },
                        _ -> {
                            throw new AssertionError("no simulator");
                        });
        CommandLine line =
                Main.commandLine(
                        nothing, new SettingsSource(environment, folder, false), Clock.systemUTC());
        line.setOut(new PrintWriter(output, true)).setErr(new PrintWriter(errors, true));
        int code = line.execute(args);
        out = output.toString();
        err = errors.toString();
        return code;
    }

    private Gateway gateway() throws Exception {
        return Gateway.start(
                RunningGateway.settings(folder.resolve("data"), environment), Clock.systemUTC());
    }

    private HttpResponse<String> ask(
            Gateway gateway, String method, String path, @Nullable String body, String token)
            throws Exception {
        return client.send(
                HttpRequest.newBuilder(URI.create(gateway.url() + path))
                        .header("authorization", "Bearer " + token)
                        .header("content-type", "application/json")
                        .method(
                                method,
                                body == null
                                        ? HttpRequest.BodyPublishers.noBody()
                                        : HttpRequest.BodyPublishers.ofString(body))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private JsonNode admin(Gateway gateway, String path, String body) throws Exception {
        return JsonMapper.shared()
                .readTree(ask(gateway, "POST", path, body, RunningGateway.ADMIN_TOKEN).body());
    }

    /** {@return an API key of a new gateway that has the simulator behind it} */
    private String prepared() throws Exception {
        try (Gateway gateway = gateway()) {
            admin(
                    gateway,
                    "/admin/upstreams",
                    """
                    {"name":"simulator","provider":"simulator","base_url":"%s","api_key":"%s",
                     "is_default":true,"headers":{"x-secret-header":"canary"}}
                    """
                            .formatted(provider.url(), UPSTREAM_KEY));
            String key =
                    admin(gateway, "/admin/keys", "{\"name\":\"tests\"}").path("key").stringValue();
            assertThat(call(gateway, key)).isEqualTo(200);
            return key;
        }
    }

    private int call(Gateway gateway, String key) throws Exception {
        return ask(gateway, "POST", "/v1/chat/completions", MESSAGE, key).statusCode();
    }

    private void everythingWorksWith(String key) throws Exception {
        try (Gateway gateway = gateway()) {
            assertThat(call(gateway, key)).isEqualTo(200);
            JsonNode another = admin(gateway, "/admin/keys", "{\"name\":\"another\"}");
            assertThat(call(gateway, another.path("key").stringValue())).isEqualTo(200);
        }
    }

    private String keptKey(String file) throws Exception {
        return Files.readString(folder.resolve("data").resolve(file)).strip();
    }

    @Test
    void theFirstOwnerIsMadeOnceAndSignsIn() throws Exception {
        assertThat(run("admin", "init", "--username", "Ada", "--email", "ada@example.com"))
                .as("%s", err)
                .isZero();
        String password = said("password  (\\S+)");
        String key = said("API key   (\\S+)");
        assertThat(run("admin", "init")).isEqualTo(1);
        assertThat(err).contains("already has users").doesNotContain("\tat ");
        try (Gateway gateway = gateway()) {
            HttpResponse<String> signedIn =
                    ask(
                            gateway,
                            "POST",
                            "/auth/login",
                            "{\"username\":\"ada\",\"password\":\"%s\"}".formatted(password),
                            "");
            assertThat(signedIn.statusCode()).as(signedIn.body()).isEqualTo(200);
            HttpResponse<String> users = ask(gateway, "GET", "/admin/users", null, key);
            assertThat(users.body()).contains("\"role\":\"owner\"");
            String trail =
                    ask(gateway, "GET", "/admin/audit", null, RunningGateway.ADMIN_TOKEN).body();
            assertThat(trail).contains("command line").doesNotContain(password).doesNotContain(key);
        }
    }

    @Test
    void whereAGatewayRunsItSaysHowToAskIt() throws Exception {
        environment.put("PORT", "0");
        try (Gateway gateway = gateway()) {
            assertThat(run("admin", "init")).isEqualTo(1);
            assertThat(err).contains("curl -X POST", "/system/admin/init");
            assertThat(run("secrets", "rotate")).isEqualTo(1);
            assertThat(err).contains("is using").doesNotContain("\tat ");
            assertThatThrownBy(this::gateway).hasMessageContaining("is using");
            assertThat(ask(gateway, "GET", "/health", null, "").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void badNamesAreACommandLineError() {
        assertThat(run("admin", "init", "--username", "a b")).isEqualTo(2);
        assertThat(run("admin", "init", "--email", "nowhere")).isEqualTo(2);
    }

    @Test
    void aKeptKeyIsReplacedAndEverythingGoesOn() throws Exception {
        String key = prepared();
        String before = keptKey("encryption.key");
        assertThat(run("secrets", "rotate")).as("%s", err).isZero();
        assertThat(out)
                .contains("1 credentials and the headers of 1 upstreams")
                .doesNotContain(before)
                .doesNotContain(keptKey("encryption.key"));
        assertThat(keptKey("encryption.key")).isNotEqualTo(before);
        assertThat(keptKey("encryption.key.former")).isEqualTo(before);
        everythingWorksWith(key);

        environment.put("ENCRYPTION_KEY", before);
        assertThatThrownBy(this::gateway).hasMessageContaining("another ENCRYPTION_KEY");
    }

    @Test
    void aSetKeyIsReplacedByTheOneThatIsGiven() throws Exception {
        String former = Encryption.generateKey(new SecureRandom());
        String next = Encryption.generateKey(new SecureRandom());
        environment.put("DATABASE_URL", TestDatabase.freshUrl(Vendor.POSTGRESQL));
        environment.put("ENCRYPTION_KEY", former);
        String key = prepared();
        assertThat(run("secrets", "rotate")).isEqualTo(1);
        assertThat(err).contains("NEW_ENCRYPTION_KEY");
        environment.put("NEW_ENCRYPTION_KEY", "no key");
        assertThat(run("secrets", "rotate")).isEqualTo(1);
        everythingWorksWith(key);

        Path file = Files.writeString(folder.resolve("next"), next + "\n");
        assertThat(run("secrets", "rotate", "--new-key-file", file.toString()))
                .as("%s", err)
                .isZero();
        assertThat(out).doesNotContain(next).contains("Set ENCRYPTION_KEY");
        assertThatThrownBy(this::gateway).hasMessageContaining("another ENCRYPTION_KEY");
        environment.put("ENCRYPTION_KEY", next);
        everythingWorksWith(key);
    }

    @Test
    void aCrashBeforeTheDatabaseWasChangedLeavesTheFormerKeyInForce() throws Exception {
        String key = prepared();
        String before = keptKey("encryption.key");
        Files.writeString(
                folder.resolve("data/encryption.key.next"),
                Encryption.generateKey(new SecureRandom()));
        everythingWorksWith(key);
        assertThat(keptKey("encryption.key")).isEqualTo(before);
    }

    @Test
    void aCrashAfterTheDatabaseWasChangedIsCompletedByTheNextStart() throws Exception {
        String key = prepared();
        String next = Encryption.generateKey(new SecureRandom());
        Files.writeString(folder.resolve("data/encryption.key.next"), next);
        try (Database database = database()) {
            new SecretRotation(database, encryption(keptKey("encryption.key")), encryption(next))
                    .rotate();
        }
        everythingWorksWith(key);
        assertThat(keptKey("encryption.key")).isEqualTo(next);
        assertThat(folder.resolve("data/encryption.key.next")).doesNotExist();
    }

    @Test
    void whatDoesNotOpenChangesNothing() throws Exception {
        String key = prepared();
        try (Database database = database()) {
            database.update(handle ->
                    handle.execute("update upstream_keys set secret_encrypted = 'gAAAAAdamaged'"));
        }
        assertThat(run("secrets", "rotate")).isEqualTo(1);
        assertThat(err).contains("upstream 'simulator'", "nothing was changed");
        try (Database database = database()) {
            assertThat(SecretRotation.opens(database, encryption(keptKey("encryption.key"))))
                    .isEqualTo(Optional.of(true));
        }
        try (Gateway gateway = gateway()) {
            assertThat(ask(gateway, "GET", "/v1/models", null, key).statusCode()).isEqualTo(200);
        }
    }

    private Database database() throws Exception {
        return Database.open(
                RunningGateway.settings(folder.resolve("data"), environment)
                        .storage()
                        .databaseUrl(),
                Clock.systemUTC());
    }

    private static Encryption encryption(String key) {
        return new Encryption(key, new SecureRandom());
    }

    private String said(String pattern) {
        Matcher matcher = Pattern.compile(pattern).matcher(out);
        assertThat(matcher.find()).as(out).isTrue();
        return matcher.group(1);
    }
}
