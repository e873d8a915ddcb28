package dev.sluice;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.configuration.Settings;
import dev.sluice.configuration.SettingsTable;
import dev.sluice.demo.Demo;
import dev.sluice.settings.InvalidSettings;
import dev.sluice.settings.SettingsReader;
import dev.sluice.store.DataFolder;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A demo and a first start, with a whole gateway and the simulator over real sockets. */
class DemoTest {
    private static final Pattern CALL =
            Pattern.compile(
                    "(?m)^curl (?:-N )?(\\S+) -H '(.+?): (.+?)' -H '(.+?): (.+?)' -d '(.+)'$");

    @TempDir Path folder;

    private final HttpClient client = HttpClient.newHttpClient();

    @Test
    void whatItPrintsWorksAndTheNextTimeItIsTheSame() throws Exception {
        DataFolder data = DataFolder.at(folder.resolve("demo"));
        Demo demo = new Demo(data, new SecureRandom());

        String first;
        try (Service simulator = SimulatedProvider.start("127.0.0.1", demo.simulatorPort());
                Service gateway = Gateway.start(settings(demo), Clock.systemUTC())) {
            first = demo.prepare(gateway.url(), simulator.url());
            List<HttpResponse<String>> answers = pasted(first);

            assertThat(answers).hasSize(2).allMatch(answer -> answer.statusCode() == 200);
            assertThat(answers.getFirst().body()).contains("\"chat.completion\"");
            assertThat(answers.getLast().body()).endsWith("data: [DONE]\n\n");
        }
        String second;
        try (Service simulator = SimulatedProvider.start("127.0.0.1", 0);
                Service gateway = Gateway.start(settings(demo), Clock.systemUTC())) {
            second = demo.prepare(gateway.url(), simulator.url());

            assertThat(pasted(second)).allMatch(answer -> answer.statusCode() == 200);
        }
        assertThat(withoutPort(second)).isEqualTo(withoutPort(first));
    }

    @Test
    void aKeyThatTheGatewayDoesNotKnowIsMadeAnew() throws Exception {
        DataFolder data = DataFolder.at(folder.resolve("demo"));
        data.put("api.key", "sk-auto-of-another-database");
        Demo demo = new Demo(data, new SecureRandom());

        try (Service simulator = SimulatedProvider.start("127.0.0.1", 0);
                Service gateway = Gateway.start(settings(demo), Clock.systemUTC())) {
            assertThat(pasted(demo.prepare(gateway.url(), simulator.url())))
                    .allMatch(answer -> answer.statusCode() == 200);
        }
    }

    @Test
    void whatIsKeptIsItsOwnersAlone() throws Exception {
        DataFolder data = DataFolder.at(folder.resolve("deep/demo"));
        new Demo(data, new SecureRandom()).settings();

        assertThat(permissions(data.path())).isEqualTo("rwx------");
        try (Stream<Path> files = Files.list(data.path())) {
            assertThat(files.toList())
                    .hasSize(2)
                    .allSatisfy(file -> assertThat(permissions(file)).isEqualTo("rw-------"));
        }
    }

    @Test
    void aDemoHeedsNothingThatBelongsToARealGateway() {
        assertThat(
                        Demo.heeded(
                                Map.of(
                                        "DATABASE_URL", "postgresql://production/db",
                                        "ADMIN_TOKEN", "real",
                                        "UPSTREAMS", "[]",
                                        "PORT", "8100")))
                .containsEntry("PORT", "8100")
                .doesNotContainKeys("DATABASE_URL", "ADMIN_TOKEN", "UPSTREAMS");
    }

    @Test
    void theUpstreamsOfTheSettingsAreMadeOnceAndServe() throws Exception {
        try (Service simulator = SimulatedProvider.start("127.0.0.1", 0)) {
            Map<String, String> environment = new HashMap<>();
            environment.put("PORT", "0");
            environment.put("SLUICE_DATA_DIR", folder.resolve("data").toString());
            environment.put("ADMIN_TOKEN", "q7TzV0mX4bKf9sLwPd2R");
            environment.put(
                    "UPSTREAMS",
                    "[{\"name\":\"main\",\"provider\":\"simulator\",\"base_url\":\"%s\",\"api_key\":\"sk-1\"}]"
                            .formatted(simulator.url()));
            for (int start = 0; start < 2; start++) {
                Settings settings =
                        new SettingsReader(SettingsTable.all(false), environment)
                                .read(null, null, Settings::from);
                try (Service gateway = Gateway.start(settings, Clock.systemUTC())) {
                    assertThat(admin(gateway, "/admin/upstreams"))
                            .contains("\"name\":\"main\"", "\"total\":1")
                            .doesNotContain("\"sk-1\"");
                }
            }
        }
    }

    private Settings settings(Demo demo) throws IOException, InvalidSettings {
        Map<String, String> options = new HashMap<>(demo.settings());
        options.put("server.port", "0");
        return new SettingsReader(SettingsTable.all(false), Demo.heeded(Map.of()))
                .with(options, "command line")
                .read(null, null, Settings::from);
    }

    /** {@return what the printed curl lines are answered with} */
    private List<HttpResponse<String>> pasted(String told) {
        return CALL.matcher(told).results().map(call -> call.group()).map(this::call).toList();
    }

    private HttpResponse<String> call(String line) {
        Matcher call = CALL.matcher(line);
        assertThat(call.matches()).isTrue();
        HttpRequest request =
                HttpRequest.newBuilder(URI.create(call.group(1)))
                        .header(call.group(2), call.group(3))
                        .header(call.group(4), call.group(5))
                        .POST(HttpRequest.BodyPublishers.ofString(call.group(6)))
                        .build();
        return send(request);
    }

    private String admin(Service gateway, String path) {
        return send(HttpRequest.newBuilder(URI.create(gateway.url() + path))
                        .header("authorization", "Bearer q7TzV0mX4bKf9sLwPd2R")
                        .build())
                .body();
    }

    private HttpResponse<String> send(HttpRequest request) {
        try {
            return client.send(request, HttpResponse.BodyHandlers.ofString());
        } catch (IOException | InterruptedException failure) {
            throw new AssertionError(failure);
        }
    }

    private static String withoutPort(String told) {
        return told.replaceAll("127\\.0\\.0\\.1:\\d+", "127.0.0.1:PORT");
    }

    private static String permissions(Path file) {
        try {
            return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
        } catch (IOException failure) {
            throw new AssertionError(failure);
        }
    }
}
