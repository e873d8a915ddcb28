package dev.sluice.configuration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.catalog.Secret;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is read from where. */
class SettingsTest {
    private static final String FERNET_KEY = "cw_0x689RpI-jtRR7oE8h_eQsKImvJapLeSbXpwF4e4=";
    private static final String GOOD_TOKEN = "q7TzV0mX4bKf9sLwPd2R";

    private SettingsSources sources;

    @BeforeEach
    void begin(@TempDir Path folder) {
        sources = new SettingsSources(folder);
    }

    @Test
    void nothingSaidIsAGatewayOnLoopbackWithAnEmbeddedDatabase() throws Exception {
        Settings settings = sources.read("");

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
        Files.writeString(sources.folder().resolve(".env"), "PORT=2\nLOG_RETENTION_DAYS=2\n");
        sources.environment().put("PORT", "3");

        Settings settings =
                sources.read(
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
        sources.environment().put("PORT", "3");

        Settings settings =
                sources.reader()
                        .with(Map.of("server.port", "4"), "command line")
                        .read(null, null, Settings::from);

        assertThat(settings.server().port()).isEqualTo(4);
    }

    @Test
    void anEmptyVariableSaysNothing() throws Exception {
        sources.environment().put("ADMIN_TOKEN", "");
        sources.environment().put("PORT", " ");

        assertThat(sources.read("").server().port()).isEqualTo(8000);
        assertThat(sources.read("").security().adminToken()).isNull();
    }

    @Test
    void variablesAreFilledIntoTheFileFromDotEnvAndEnvironment() throws Exception {
        Files.writeString(sources.folder().resolve(".env"), "MY_TOKEN=" + GOOD_TOKEN + "\n");
        sources.environment().put("MY_PORT", "8100");

        Settings settings =
                sources.read(
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
        sources.inContainer();
        assertThat(sources.problem("").key()).contains("ADMIN_TOKEN");

        sources.environment().put("ADMIN_TOKEN", GOOD_TOKEN);
        assertThat(sources.read("").server().host()).isEqualTo("0.0.0.0");
    }

    @Test
    void anExternalDatabaseIsTakenWithAKeyFromAFile() throws Exception {
        Path file = sources.folder().resolve("key");
        Files.writeString(file, FERNET_KEY + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        sources.environment().put("ENCRYPTION_KEY_FILE", file.toString());
        sources.environment().put("DATABASE_URL", "postgresql+psycopg://me:s3cr3t@db/sluice");

        Settings settings = sources.read("");

        assertThat(settings.security().encryptionKey()).isEqualTo(new Secret(FERNET_KEY));
        assertThat(settings.storage().isEmbedded()).isFalse();
        assertThat(settings.warnings()).isEmpty();
    }

    @Test
    void aKeyFileThatOthersCanReadIsWarnedOf() throws Exception {
        Path file = sources.folder().resolve("key");
        Files.writeString(file, FERNET_KEY);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        sources.environment().put("ENCRYPTION_KEY_FILE", file.toString());

        assertThat(sources.read("").warnings())
                .singleElement()
                .satisfies(warning -> assertThat(warning.cure()).contains("chmod 600"));
    }

    @Test
    void redisIsSaidToBeUnused() throws Exception {
        sources.environment().put("REDIS_URL", "redis://:pa55word@cache:6379/0");

        assertThat(sources.read("").warnings())
                .singleElement()
                .satisfies(warning ->
                        assertThat(warning.toString())
                                .contains("REDIS_URL")
                                .doesNotContain("pa55word"));
    }

    @Test
    void upstreamsToBeginWithComeFromTheEnvironmentOrTheFile() throws Exception {
        sources.environment()
                .put(
                        "UPSTREAMS",
                        """
                        [{"name": "main", "provider": "openai", "base_url": "https://api.example",
                          "api_key": "sk-1", "is_default": true, "timeout": 90},
                         {"name": "other", "provider": "anthropic", "base_url": "http://10.0.0.1:8080",
                          "api_key": "sk-2"}]
                        """);

        List<Settings.InitialUpstream> upstreams = sources.read("").upstreams().initial();

        assertThat(upstreams)
                .extracting(Settings.InitialUpstream::name)
                .containsExactly("main", "other");
        assertThat(upstreams.getFirst().baseUrl()).isEqualTo(URI.create("https://api.example"));
        assertThat(upstreams.getFirst().apiKey().value()).isEqualTo("sk-1");
        assertThat(upstreams.getFirst().isDefault()).isTrue();
        assertThat(upstreams.getFirst().timeout()).isEqualTo(Duration.ofSeconds(90));
        assertThat(upstreams.getLast().isDefault()).isFalse();

        sources.environment().clear();
        assertThat(
                        sources.read(
                                        """
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
        sources.environment().put("SLUICE_COMMIT_AFTER", text);
        assertThat(sources.read("").streams().commitAfter()).isEqualTo(duration);
    }

    @ParameterizedTest
    @CsvSource({"65536,65536", "64KiB,65536", "64 kb,65536", "2MiB,2097152", "1GiB,1073741824"})
    void sizesHaveUnits(String text, long bytes) throws Exception {
        sources.environment().put("SLUICE_MAX_BODY_BYTES", text);
        assertThat(sources.read("").server().maxBodyBytes()).isEqualTo(bytes);
    }

    @Test
    void listsAreJsonOrSeparatedByCommasOrYaml() throws Exception {
        List<String> origins = List.of("https://a.example", "http://localhost:3000");

        sources.environment()
                .put("CORS_ORIGINS", "[\"https://a.example\", \"http://localhost:3000\"]");
        assertThat(sources.read("").server().corsOrigins()).isEqualTo(origins);
        sources.environment().put("CORS_ORIGINS", "https://a.example, http://localhost:3000");
        assertThat(sources.read("").server().corsOrigins()).isEqualTo(origins);
        sources.environment().clear();
        assertThat(
                        sources.read(
                                        """
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
        sources.environment().put("MASK_ORIGIN", "https://chat.example");
        assertThat(sources.read("").upstreams().disguise()).containsOnlyKeys("user-agent");

        sources.environment().put("MASK_AS_BROWSER", "true");
        assertThat(sources.read("").upstreams().disguise())
                .containsEntry("origin", "https://chat.example")
                .containsOnlyKeys("user-agent", "origin")
                .extractingByKey("user-agent")
                .asString()
                .startsWith("Mozilla/5.0");
    }

    @Test
    void logSettingsHaveTheirUsualSpellings() throws Exception {
        sources.environment()
                .putAll(Map.of("LOG_LEVEL", "WARNING", "LOG_TIMEZONE", "Asia/Shanghai"));

        assertThat(sources.read("").log())
                .isEqualTo(new Settings.Log("WARN", ZoneId.of("Asia/Shanghai"), "auto", true));
    }

    @Test
    void namesThatAClusterPutsIntoTheEnvironmentAreNobodysBusiness() throws Exception {
        sources.environment().put("SLUICE_PORT", "tcp://10.0.0.1:8000");
        sources.environment().put("SLUICE_SERVICE_HOST", "10.0.0.1");

        assertThat(sources.read("").server().port()).isEqualTo(8000);
    }

    @Test
    void theTextFormShowsNoSecret() throws Exception {
        sources.environment().put("ADMIN_TOKEN", GOOD_TOKEN);
        sources.environment().put("METRICS_TOKEN", "metrics-canary");
        sources.environment().put("ENCRYPTION_KEY", FERNET_KEY);
        sources.environment().put("DATABASE_URL", "postgresql://me:db-canary@db/sluice");
        sources.environment()
                .put(
                        "UPSTREAMS",
                        "[{\"name\":\"a\",\"provider\":\"openai\",\"base_url\":\"https://a.example\",\"api_key\":\"key-canary\"}]");

        assertThat(sources.read("").toString()).doesNotContain(GOOD_TOKEN, FERNET_KEY, "canary");
    }
}
