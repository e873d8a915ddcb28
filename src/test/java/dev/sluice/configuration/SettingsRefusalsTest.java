package dev.sluice.configuration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.catalog.Secret;
import dev.sluice.settings.Problem;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is refused: each refusal names key, place and cure. */
class SettingsRefusalsTest {
    private static final String FERNET_KEY = "cw_0x689RpI-jtRR7oE8h_eQsKImvJapLeSbXpwF4e4=";
    private static final String GOOD_TOKEN = "q7TzV0mX4bKf9sLwPd2R";

    private SettingsSources sources;

    @BeforeEach
    void begin(@TempDir Path folder) {
        sources = new SettingsSources(folder);
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
        Problem problem = sources.problem(yaml);

        assertThat(problem.key()).contains(key);
        assertThat(problem.message()).containsIgnoringCase(reason);
        assertThat(problem.cure()).isNotBlank();
    }

    @Test
    void aBadValueIsToldWhereItWasSaidWhereverThatIs() throws Exception {
        assertThat(sources.problem("server:\n\n  port: abc\n").place()).endsWith("sluice.yaml:3");

        Files.writeString(sources.folder().resolve(".env"), "# x\nPORT=def\n");
        assertThat(sources.problem("").place()).endsWith(".env:2");

        sources.environment().put("PORT", "ghi");
        assertThat(sources.problem("").place()).isEqualTo("environment");
        assertThat(sources.problem("").message()).startsWith("'ghi': ");
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
        assertThat(sources.problem(yaml).key()).startsWith(key);
        assertThat(sources.problem(yaml).place()).endsWith("sluice.yaml:1");
        assertThat(sources.problem(yaml).cure()).isEqualTo(cure);
    }

    @Test
    void anUnsetVariableIsNamedWithItsLine() {
        Problem problem = sources.problem("log:\n  level: ${MY_LEVEL}\n");

        assertThat(problem.place()).endsWith("sluice.yaml:2");
        assertThat(problem.message()).contains("${MY_LEVEL}");
        assertThat(problem.cure()).contains("${MY_LEVEL:-otherwise}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"server:\n  port: [1\n", "server:\n\tport: 1\n", "a: b: c\n"})
    void whatIsNotYamlIsToldWithItsLine(String yaml) {
        assertThat(sources.problem(yaml).place()).matches(".*sluice.yaml:\\d+");
        assertThat(sources.problem(yaml).message()).startsWith("It is not YAML");
    }

    @Test
    void whatIsSaidTwiceIsRefused() {
        assertThat(sources.problem("log:\n  level: info\n  level: debug\n").place())
                .endsWith("sluice.yaml:3");
    }

    @Test
    void allProblemsAreReportedTogether() {
        sources.environment().put("PORT", "abc");
        sources.environment().put("LOG_LEVEL", "loud");

        assertThat(sources.problems("server: {prot: 1}\nstorage: {log_retention_days: many}\n"))
                .hasSize(4);
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
        sources.environment().put("ADMIN_TOKEN", token);
        assertThat(sources.read("").security().adminToken()).isNotNull();

        sources.environment().put("HOST", "192.168.1.5");
        assertThat(sources.problem("").message()).contains("can be guessed").doesNotContain(token);
    }

    @ParameterizedTest
    @ValueSource(strings = {GOOD_TOKEN, FERNET_KEY, "5f2b9c7e1a4d8063f7b2", "admin-8Fq2zLw9vX3cT7"})
    void aTokenThatCannotBeGuessedIsTaken(String token) throws Exception {
        sources.environment().put("ADMIN_TOKEN", token);
        sources.environment().put("HOST", "0.0.0.0");

        assertThat(sources.read("").security().adminToken()).isEqualTo(new Secret(token));
    }

    @Test
    void noProblemRepeatsASecret() {
        sources.environment().put("ENCRYPTION_KEY", "key-canary");
        sources.environment().put("DATABASE_URL", "postgresql://me:db-canary%@db/sluice");
        sources.environment().put("UPSTREAMS", "[{\"api_key\": \"upstream-canary\"");

        assertThat(sources.problems("")).hasSize(3);
        assertThat(sources.problems("").toString()).doesNotContain("canary");
    }
}
