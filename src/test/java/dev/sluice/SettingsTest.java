package dev.sluice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.sluice.catalog.Secret;
import dev.sluice.settings.InvalidSettings;
import dev.sluice.settings.Problem;
import dev.sluice.settings.SettingsReader;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is read from where, and what is refused: each refusal names key, place and cure. */
class SettingsTest {
    private static final String FERNET_KEY = "cw_0x689RpI-jtRR7oE8h_eQsKImvJapLeSbXpwF4e4=";
    private static final String GOOD_TOKEN = "q7TzV0mX4bKf9sLwPd2R";

    @TempDir Path folder;

    private final Map<String, String> environment = new HashMap<>();
    private boolean inContainer;

    @Test
    void nothingSaidIsAGatewayOnLoopbackWithAnEmbeddedDatabase() throws Exception {
        Settings settings = read("");

        assertThat(settings.server().host()).isEqualTo("127.0.0.1");
        assertThat(settings.server().port()).isEqualTo(8000);
        assertThat(settings.server().proxyPrefix()).isEqualTo("/proxy");
        assertThat(settings.server().maxBodyBytes()).isEqualTo(32L << 20);
        assertThat(settings.server().shutdownDeadline()).isEqualTo(Duration.ofSeconds(25));
        assertThat(settings.storage().isEmbedded()).isTrue();
        assertThat(settings.storage().databaseUrl()).endsWith("/data/sluice.db");
        assertThat(settings.storage().logRetentionDays()).isEqualTo(90);
        assertThat(settings.upstreams().modelsCacheTtl()).isEqualTo(Duration.ofMinutes(5));
        assertThat(settings.upstreams().disguise().get("user-agent")).startsWith("sluice/");
        assertThat(settings.security().encryptionKey()).isNull();
        assertThat(settings.security().keyPrefix()).isEqualTo("sk-auto-");
        assertThat(settings.warnings()).isEmpty();
    }

    @Test
    void theEnvironmentIsStrongerThanDotEnvAndDotEnvThanTheFile() throws Exception {
        Files.writeString(folder.resolve(".env"), "PORT=2\nLOG_RETENTION_DAYS=2\n");
        environment.put("PORT", "3");

        Settings settings =
                read(
                        """
                        server:
                          port: 1
                          proxy_prefix: /one
                        storage:
                          log_retention_days: 1
                        """);

        assertThat(settings.server().port()).isEqualTo(3);
        assertThat(settings.storage().logRetentionDays()).isEqualTo(2);
        assertThat(settings.server().proxyPrefix()).isEqualTo("/one");
    }

    @Test
    void theCommandLineIsStrongerThanAll() throws Exception {
        environment.put("PORT", "3");

        Settings settings =
                reader().with(Map.of("server.port", "4"), "command line")
                        .read(null, null, Settings::from);

        assertThat(settings.server().port()).isEqualTo(4);
    }

    @Test
    void anEmptyVariableSaysNothing() throws Exception {
        environment.put("ADMIN_TOKEN", "");
        environment.put("PORT", " ");

        assertThat(read("").server().port()).isEqualTo(8000);
        assertThat(read("").security().adminToken()).isNull();
    }

    @Test
    void variablesAreFilledIntoTheFileFromDotEnvAndEnvironment() throws Exception {
        Files.writeString(folder.resolve(".env"), "MY_TOKEN=" + GOOD_TOKEN + "\n");
        environment.put("MY_PORT", "8100");

        Settings settings =
                read(
                        """
                        server:
                          port: ${MY_PORT}
                          host: ${MY_HOST:-127.0.0.2}
                        security:
                          admin_token: ${MY_TOKEN}
                          metrics_token: ${NOT_SET:-}
                        """);

        assertThat(settings.server().port()).isEqualTo(8100);
        assertThat(settings.server().host()).isEqualTo("127.0.0.2");
        assertThat(settings.security().adminToken()).isEqualTo(new Secret(GOOD_TOKEN));
        assertThat(settings.security().metricsToken()).isNull();
    }

    @Test
    void inAContainerItListensEverywhereAndThenWantsAToken() throws Exception {
        inContainer = true;
        assertThat(problem("").key()).contains("ADMIN_TOKEN");

        environment.put("ADMIN_TOKEN", GOOD_TOKEN);
        assertThat(read("").server().host()).isEqualTo("0.0.0.0");
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    server: {port: abc}             | server.port / PORT       | whole number
                    server: {port: 70000}           | server.port / PORT       | 65535
                    server: {proxy_prefix: proxy}   | PROXY_PREFIX             | path
                    server: {cors_origins: a.b}     | CORS_ORIGINS             | scheme
                    server: {cors_origins: '[1'}    | CORS_ORIGINS             | JSON list
                    server: {trusted_proxies: lb}   | SLUICE_TRUSTED_PROXIES   | address
                    server: {tls_key: key.pem}      | SLUICE_TLS_CERTIFICATE   | only one
                    server: {host: 0.0.0.0}         | ADMIN_TOKEN              | beyond this machine
                    limits: {max_body_bytes: huge}  | SLUICE_MAX_BODY_BYTES    | 32MiB
                    limits: {body_timeout: 0s}      | SLUICE_BODY_TIMEOUT      | 15s
                    limits: {max_connections: 0}    | SLUICE_MAX_CONNECTIONS   | 1 to
                    security: {encryption_key: abc} | ENCRYPTION_KEY           | Fernet
                    security: {encryption_key_file: /nowhere/key} | ENCRYPTION_KEY_FILE | cannot be read
                    security: {key_prefix: 'a b'}   | SLUICE_API_KEY_PREFIX    | letters
                    storage: {database_url: 'mysql://h/d'}      | DATABASE_URL | begin with
                    storage: {database_url: 'postgresql://h/d'} | ENCRYPTION_KEY | every node
                    storage: {log_retention_days: -1} | LOG_RETENTION_DAYS     | whole number
                    upstreams: {mask_as_browser: perhaps} | MASK_AS_BROWSER    | true or false
                    upstreams: {initial: nonsense}  | UPSTREAMS                | not JSON
                    upstreams: {initial: [{name: a}]} | UPSTREAMS              | base_url
                    routing: {models: fast}         | SLUICE_MODELS            | not JSON
                    routing: {models: [{targets: []}]} | SLUICE_MODELS         | [0].id
                    routing: {models: [{id: a}, {id: b, strategy: best}]} | SLUICE_MODELS | [1].strategy
                    routing: {models: [{id: a, targets: [{upstream: u, model: m, weight: 0.0}]}]} | SLUICE_MODELS | [0].targets[0].weight must be greater than 0
                    routing: {models: [{id: a}, {id: a}]} | SLUICE_MODELS      | [1].id is 'a' twice
                    routing: {models: [{id: a, fallbacks: [a]}]} | SLUICE_MODELS | [0].fallbacks
                    spending: {currency: euro}      | SLUICE_CURRENCY          | capital
                    spending: {exchange_rates: [EUR=x]} | SLUICE_EXCHANGE_RATES | one unit
                    spending: {exchange_rates: [EUR=-1]} | SLUICE_EXCHANGE_RATES | one unit
                    spending: {prices: [{model: m, input: '1'}]} | SLUICE_PRICES | 'output'
                    spending: {prices: [{model: m, input: '-1', output: '1'}]} | SLUICE_PRICES | 'input'
                    spending: {prices: [{modell: m, input: '1', output: '1'}]} | SLUICE_PRICES | 'modell'
                    spending: {prices: cheap}       | SLUICE_PRICES            | not JSON
                    spending: {default_output_tokens: 0} | SLUICE_DEFAULT_OUTPUT_TOKENS | 1 to
                    journal: {max_bytes: 20MiB}     | SLUICE_JOURNAL_MAX_BYTES | two files
                    log: {level: loud}              | LOG_LEVEL                | one of
                    log: {timezone: Mars/Olympus}   | LOG_TIMEZONE             | time zone
                    log: {format: xml}              | LOG_FORMAT               | one of
                    """)
    void aBadValueIsRefusedByNameWithAReasonAndACure(String yaml, String key, String reason) {
        Problem problem = problem(yaml);

        assertThat(problem.key()).contains(key);
        assertThat(problem.message()).containsIgnoringCase(reason);
        assertThat(problem.cure()).isNotBlank();
    }

    @Test
    void aBadValueIsToldWhereItWasSaidWhereverThatIs() throws Exception {
        assertThat(problem("server:\n\n  port: abc\n").place()).endsWith("sluice.yaml:3");

        Files.writeString(folder.resolve(".env"), "# x\nPORT=def\n");
        assertThat(problem("").place()).endsWith(".env:2");

        environment.put("PORT", "ghi");
        assertThat(problem("").place()).isEqualTo("environment");
        assertThat(problem("").message()).startsWith("'ghi': ");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    server: {prot: 1}     | server.prot  | Did you mean server.port?
                    srever: {port: 1}     | srever.port  | Did you mean server.port?
                    logging: {volume: 11} | logging.volume | docs/configuration.md lists them all.
                    server: 8000          | server       | Write its settings below it, indented.
                    server: {port: {a: {b: 1}}} | server.port | See sluice.example.yaml.
                    """)
    void anUnknownKeyIsRefusedWithTheNearestKnownOne(String yaml, String key, String cure) {
        assertThat(problem(yaml).key()).startsWith(key);
        assertThat(problem(yaml).place()).endsWith("sluice.yaml:1");
        assertThat(problem(yaml).cure()).isEqualTo(cure);
    }

    @Test
    void anUnsetVariableIsNamedWithItsLine() {
        Problem problem = problem("log:\n  level: ${MY_LEVEL}\n");

        assertThat(problem.place()).endsWith("sluice.yaml:2");
        assertThat(problem.message()).contains("${MY_LEVEL}");
        assertThat(problem.cure()).contains("${MY_LEVEL:-otherwise}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"server:\n  port: [1\n", "server:\n\tport: 1\n", "a: b: c\n"})
    void whatIsNotYamlIsToldWithItsLine(String yaml) {
        assertThat(problem(yaml).place()).matches(".*sluice.yaml:\\d+");
        assertThat(problem(yaml).message()).startsWith("It is not YAML");
    }

    @Test
    void whatIsSaidTwiceIsRefused() {
        assertThat(problem("log:\n  level: info\n  level: debug\n").place())
                .endsWith("sluice.yaml:3");
    }

    @Test
    void allProblemsAreReportedTogether() {
        environment.put("PORT", "abc");
        environment.put("LOG_LEVEL", "loud");

        assertThat(problems("server: {prot: 1}\nstorage: {log_retention_days: many}\n")).hasSize(4);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "short",
                "aaaaaaaaaaaaaaaaaaaaaaaa",
                "abababababababababab",
                "admin_secret_token_dev",
                "change-me-please-change-me",
                "ChangeMe1234567890",
                "password1234password",
                "your-admin-token-here"
            })
    void aTokenThatCanBeGuessedIsRefusedBeyondLoopback(String token) throws Exception {
        environment.put("ADMIN_TOKEN", token);
        assertThat(read("").security().adminToken()).isNotNull();

        environment.put("HOST", "192.168.1.5");
        assertThat(problem("").message()).contains("can be guessed").doesNotContain(token);
    }

    @ParameterizedTest
    @ValueSource(strings = {GOOD_TOKEN, FERNET_KEY, "5f2b9c7e1a4d8063f7b2", "admin-8Fq2zLw9vX3cT7"})
    void aTokenThatCannotBeGuessedIsTaken(String token) throws Exception {
        environment.put("ADMIN_TOKEN", token);
        environment.put("HOST", "0.0.0.0");

        assertThat(read("").security().adminToken()).isEqualTo(new Secret(token));
    }

    @Test
    void anExternalDatabaseIsTakenWithAKeyFromAFile() throws Exception {
        Path file = folder.resolve("key");
        Files.writeString(file, FERNET_KEY + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        environment.put("ENCRYPTION_KEY_FILE", file.toString());
        environment.put("DATABASE_URL", "postgresql+psycopg://me:s3cr3t@db/sluice");

        Settings settings = read("");

        assertThat(settings.security().encryptionKey()).isEqualTo(new Secret(FERNET_KEY));
        assertThat(settings.storage().isEmbedded()).isFalse();
        assertThat(settings.warnings()).isEmpty();
    }

    @Test
    void aKeyFileThatOthersCanReadIsWarnedOf() throws Exception {
        Path file = folder.resolve("key");
        Files.writeString(file, FERNET_KEY);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        environment.put("ENCRYPTION_KEY_FILE", file.toString());

        assertThat(read("").warnings())
                .singleElement()
                .satisfies(warning -> assertThat(warning.cure()).contains("chmod 600"));
    }

    @Test
    void redisIsSaidToBeUnused() throws Exception {
        environment.put("REDIS_URL", "redis://:pa55word@cache:6379/0");

        assertThat(read("").warnings())
                .singleElement()
                .satisfies(warning ->
                        assertThat(warning.toString())
                                .contains("REDIS_URL")
                                .doesNotContain("pa55word"));
    }

    @Test
    void upstreamsToBeginWithComeFromTheEnvironmentOrTheFile() throws Exception {
        environment.put(
                "UPSTREAMS",
                """
                [{"name": "main", "provider": "openai", "base_url": "https://api.example",
                  "api_key": "sk-1", "is_default": true, "timeout": 90},
                 {"name": "other", "provider": "anthropic", "base_url": "http://10.0.0.1:8080",
                  "api_key": "sk-2"}]
                """);

        List<Settings.InitialUpstream> upstreams = read("").upstreams().initial();

        assertThat(upstreams)
                .extracting(Settings.InitialUpstream::name)
                .containsExactly("main", "other");
        assertThat(upstreams.getFirst().baseUrl()).isEqualTo(URI.create("https://api.example"));
        assertThat(upstreams.getFirst().apiKey().value()).isEqualTo("sk-1");
        assertThat(upstreams.getFirst().isDefault()).isTrue();
        assertThat(upstreams.getFirst().timeout()).isEqualTo(Duration.ofSeconds(90));
        assertThat(upstreams.getLast().isDefault()).isFalse();

        environment.clear();
        assertThat(
                        read("""
                        upstreams:
                          initial:
                            - name: main
                              provider: openai
                              base_url: https://api.example
                              api_key: ${KEY:-sk-3}
                              timeout: 5
                        """)
                                .upstreams()
                                .initial())
                .singleElement()
                .satisfies(upstream -> {
                    assertThat(upstream.apiKey().value()).isEqualTo("sk-3");
                    assertThat(upstream.timeout()).isEqualTo(Duration.ofSeconds(5));
                });
    }

    @ParameterizedTest
    @CsvSource({"250ms,PT0.25S", "15,PT15S", "15s,PT15S", "5m,PT5M", "2h,PT2H", "7d,PT168H"})
    void durationsHaveUnits(String text, Duration duration) throws Exception {
        environment.put("SLUICE_COMMIT_AFTER", text);
        assertThat(read("").streams().commitAfter()).isEqualTo(duration);
    }

    @ParameterizedTest
    @CsvSource({"65536,65536", "64KiB,65536", "64 kb,65536", "2MiB,2097152", "1GiB,1073741824"})
    void sizesHaveUnits(String text, long bytes) throws Exception {
        environment.put("SLUICE_MAX_BODY_BYTES", text);
        assertThat(read("").server().maxBodyBytes()).isEqualTo(bytes);
    }

    @Test
    void listsAreJsonOrSeparatedByCommasOrYaml() throws Exception {
        List<String> origins = List.of("https://a.example", "http://localhost:3000");

        environment.put("CORS_ORIGINS", "[\"https://a.example\", \"http://localhost:3000\"]");
        assertThat(read("").server().corsOrigins()).isEqualTo(origins);
        environment.put("CORS_ORIGINS", "https://a.example, http://localhost:3000");
        assertThat(read("").server().corsOrigins()).isEqualTo(origins);
        environment.clear();
        assertThat(
                        read("""
                        server:
                          cors_origins:
                            - https://a.example
                            - http://localhost:3000
                        """)
                                .server()
                                .corsOrigins())
                .isEqualTo(origins);
    }

    @Test
    void theBrowserMaskIsOffUntilItIsAskedFor() throws Exception {
        environment.put("MASK_ORIGIN", "https://chat.example");
        assertThat(read("").upstreams().disguise()).containsOnlyKeys("user-agent");

        environment.put("MASK_AS_BROWSER", "true");
        assertThat(read("").upstreams().disguise())
                .containsEntry("origin", "https://chat.example")
                .containsOnlyKeys("user-agent", "origin")
                .extractingByKey("user-agent")
                .asString()
                .startsWith("Mozilla/5.0");
    }

    @Test
    void logSettingsHaveTheirUsualSpellings() throws Exception {
        environment.putAll(Map.of("LOG_LEVEL", "WARNING", "LOG_TIMEZONE", "Asia/Shanghai"));

        assertThat(read("").log())
                .isEqualTo(new Settings.Log("WARN", ZoneId.of("Asia/Shanghai"), "auto", true));
    }

    @Test
    void namesThatAClusterPutsIntoTheEnvironmentAreNobodysBusiness() throws Exception {
        environment.put("SLUICE_PORT", "tcp://10.0.0.1:8000");
        environment.put("SLUICE_SERVICE_HOST", "10.0.0.1");

        assertThat(read("").server().port()).isEqualTo(8000);
    }

    @Test
    void theTextFormShowsNoSecret() throws Exception {
        environment.put("ADMIN_TOKEN", GOOD_TOKEN);
        environment.put("METRICS_TOKEN", "metrics-canary");
        environment.put("ENCRYPTION_KEY", FERNET_KEY);
        environment.put("DATABASE_URL", "postgresql://me:db-canary@db/sluice");
        environment.put(
                "UPSTREAMS",
                "[{\"name\":\"a\",\"provider\":\"openai\",\"base_url\":\"https://a.example\",\"api_key\":\"key-canary\"}]");

        assertThat(read("").toString()).doesNotContain(GOOD_TOKEN, FERNET_KEY, "canary");
    }

    @Test
    void noProblemRepeatsASecret() {
        environment.put("ENCRYPTION_KEY", "key-canary");
        environment.put("DATABASE_URL", "postgresql://me:db-canary%@db/sluice");
        environment.put("UPSTREAMS", "[{\"api_key\": \"upstream-canary\"");

        assertThat(problems("")).hasSize(3);
        assertThat(problems("").toString()).doesNotContain("canary");
    }

    private Settings read(String yaml) throws IOException, InvalidSettings {
        Path file = Files.writeString(folder.resolve("sluice.yaml"), yaml);
        return reader().read(file, folder.resolve(".env"), Settings::from);
    }

    private SettingsReader reader() {
        return new SettingsReader(SettingsTable.all(inContainer), environment);
    }

    private List<Problem> problems(String yaml) {
        return catchThrowableOfType(InvalidSettings.class, () -> read(yaml)).problems();
    }

    private Problem problem(String yaml) {
        List<Problem> problems = problems(yaml);
        assertThat(problems).hasSize(1);
        return problems.getFirst();
    }
}
