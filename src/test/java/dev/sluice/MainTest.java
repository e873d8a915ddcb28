package dev.sluice;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.command.Programs;
import dev.sluice.command.SettingsSource;
import dev.sluice.store.Encryption;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.BindException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** The command line from outside: what it says, and its exit codes. */
class MainTest {
    @TempDir Path folder;

    private final Map<String, String> environment = new HashMap<>();
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @Test
    void helpNamesEveryCommandAndTheExitCodes() {
        assertThat(run("--help")).isZero();
        assertThat(out.toString())
                .contains("serve", "demo", "simulate", "db", "secrets", "test", "build")
                .contains("Exit codes: 0", "docs/configuration.md");
    }

    @ParameterizedTest
    @ValueSource(strings = {"serve", "demo", "simulate", "db", "secrets", "admin"})
    void everyCommandHelps(String command) {
        assertThat(run(command, "--help")).isZero();
        assertThat(out.toString()).contains("Usage: sluice " + command);
    }

    @ParameterizedTest
    @ValueSource(strings = {"serve", "demo", "simulate", "db", "secrets", "admin", "rehearse"})
    void aCommandThatIsAskedForIsTheOnlyOneThatIsMade(String command) {
        Programs none =
                new Programs(
                        _ -> {
                            throw new IOException();
                        },
                        _ -> {
                            throw new IOException();
                        });
        SettingsSource source = new SettingsSource(Map.of(), folder, false);

        CommandLine line = Main.commandLine(none, source, Clock.systemUTC(), command, "--help");

        assertThat(line.getSubcommands()).containsOnlyKeys(command);
    }

    @Test
    void anErrorEndsTheProcessAsAnyFailureDoes() {
        Programs programs =
                new Programs(
                        _ -> {
                            throw new OutOfMemoryError("as if");
                        },
                        at -> SimulatedProvider.start(at.host(), at.port()));
        SettingsSource source = new SettingsSource(Map.of(), folder, false);
        CommandLine line = Main.commandLine(programs, source, Clock.systemUTC(), "serve");
        line.setErr(new PrintWriter(err, true));

        int code = Main.run(line, "serve", "--host", "127.0.0.1", "--data", folder.toString());

        assertThat(code).isEqualTo(1);
        assertThat(err.toString()).contains("OutOfMemoryError: as if");
    }

    @Test
    void aRehearsalMakesItsCallsLeavesNothingAndEnds() throws IOException {
        Programs programs =
                new Programs(
                        settings -> Gateway.start(settings, Clock.systemUTC()),
                        at -> SimulatedProvider.start(at.host(), at.port()));
        SettingsSource source = new SettingsSource(Map.of(), folder, false);
        int code = Main.commandLine(programs, source, Clock.systemUTC()).execute("rehearse");

        assertThat(code).isZero();
        try (Stream<Path> left = Files.list(folder)) {
            assertThat(left).isEmpty();
        }
    }

    @Test
    void theVersionIsTold() {
        assertThat(run("--version")).isZero();
        assertThat(out.toString()).startsWith("Sluice ");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "serve --prot 1",
                "serve --port abc",
                "sreve",
                "simulate",
                "db",
                "secrets",
                ""
            })
    void aWrongCommandLineIsCode2WithAHint(String line) {
        assertThat(run(line.isEmpty() ? new String[0] : line.split(" "))).isEqualTo(2);
        assertThat(err.toString()).containsAnyOf("Usage: ", "Did you mean");
    }

    @Test
    void aGeneratedKeyIsOneThatIsTaken() {
        assertThat(run("secrets", "generate")).isZero();
        new Encryption(out.toString().strip(), new SecureRandom());
        assertThat(out.toString().lines()).hasSize(1);
    }

    @Test
    void wrongSettingsAreAllToldAndNothingStarts() throws IOException {
        Files.writeString(folder.resolve("sluice.yaml"), "server:\n  prot: 1\n");
        Files.writeString(folder.resolve(".env"), "LOG_LEVEL=loud\n");
        environment.put("LOG_RETENTION_DAYS", "many");

        assertThat(run("serve", "--port", "70000")).isEqualTo(1);
        assertThat(err.toString().lines())
                .hasSize(5)
                .anySatisfy(line -> assertThat(line).contains("sluice.yaml:2", "server.port?"))
                .anySatisfy(line -> assertThat(line).contains(".env:1", "LOG_LEVEL"))
                .anySatisfy(line -> assertThat(line).contains("environment", "LOG_RETENTION_DAYS"))
                .anySatisfy(line -> assertThat(line).contains("command line", "PORT"));
    }

    @Test
    void aFileThatIsNotThereIsTold() {
        assertThat(run("serve", "--config", folder.resolve("nowhere.yaml").toString()))
                .isEqualTo(1);
        assertThat(err.toString()).contains("nowhere.yaml", "cannot be read");
    }

    @Test
    void aTakenPortIsToldWithItsCure() {
        environment.put("SLUICE_DATA_DIR", folder.resolve("data").toString());

        assertThat(run("serve")).isEqualTo(1);
        assertThat(err.toString()).contains("cannot listen", "--port").doesNotContain("\tat ");
    }

    @Test
    void theDatabaseIsMigratedOnceAndSaysSo() {
        String data = folder.resolve("data").toString();

        assertThat(run("db", "status", "--data", data)).isEqualTo(1);
        assertThat(out.toString()).contains("pending");
        assertThat(run("db", "migrate", "--data", data)).isZero();
        assertThat(out.toString()).contains("Steps applied: ");
        assertThat(run("db", "status", "--data", data)).isZero();
        assertThat(run("db", "migrate", "--data", data)).isZero();
        assertThat(out.toString()).contains("up to date");
    }

    private int run(String... args) {
        Programs programs =
                new Programs(
                        _ -> {
                            throw new IllegalStateException(
                                    new BindException("Address already in use"));
                        },
                        _ -> {
                            throw new IllegalStateException("there is no simulator here");
                        });
        CommandLine line =
                Main.commandLine(
                        programs,
                        new SettingsSource(environment, folder, false),
                        Clock.systemUTC());
        line.setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
        return line.execute(args);
    }
}
