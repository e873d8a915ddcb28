package dev.sluice;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The script {@code ./sluice}, beside sources, a Maven and a JDK that only say how they were
 * called.
 */
class LauncherTest {
    private static final Path SCRIPT = Path.of("sluice").toAbsolutePath();

    @TempDir Path root;

    private Path home;
    private Path jdk;

    @BeforeEach
    void layOut() throws IOException {
        home = Files.createDirectories(root.resolve("a house"));
        Files.copy(SCRIPT, home.resolve("sluice"));
        executable(home.resolve("sluice"), Files.readString(SCRIPT));
        Files.createDirectories(home.resolve("src/main"));
        Files.createDirectories(home.resolve("target"));
        Files.writeString(home.resolve("pom.xml"), "");
        executable(
                home.resolve("mvnw"),
                "#!/bin/sh\necho \"maven $* in $(pwd -P) with $JAVA_HOME\"\ntouch target/sluice.jar\n");
        jdk = jdk("jdk-25", "25.0.3");
    }

    @Test
    void withoutAJdkItSaysInOneLineWhatToInstall() throws Exception {
        String nowhereUsual =
                Files.readString(SCRIPT)
                        .lines()
                        .filter(line -> !line.matches(" +(/usr|/opt|/Library).*"))
                        .collect(Collectors.joining("\n"));
        executable(home.resolve("sluice"), nowhereUsual);
        Path old = jdk("jdk-17", "17.0.15");

        Run run = run(home, Map.of("JAVA_HOME", old.toString()), "serve");

        assertThat(run.code).isEqualTo(1);
        assertThat(run.err.lines()).hasSize(1);
        assertThat(run.err).contains("JDK 25", "JAVA_HOME");
        assertThat(run.out).isEmpty();
    }

    @Test
    void aJdkThatIsTooOldIsPassedOverForTheOneOnThePath() throws Exception {
        Map<String, String> environment =
                Map.of(
                        "JAVA_HOME",
                        jdk("jdk-17", "17.0.15").toString(),
                        "PATH",
                        jdk.resolve("bin") + ":/usr/bin:/bin");

        assertThat(run(home, environment, "serve").out).contains(" of jdk-25 ");
    }

    @Test
    void itBuildsOnceAndThenBecomesJava() throws Exception {
        Run first = run(home, java(), "serve", "--port", "1");

        assertThat(first.code).isZero();
        assertThat(first.err)
                .contains("building for the first time")
                .contains("maven -q -B package -DskipTests in " + home.toRealPath());
        assertThat(first.out)
                .contains("-XX:+ExitOnOutOfMemoryError")
                .endsWith("-jar " + home.toRealPath() + "/target/sluice.jar serve --port 1\n");

        Run second = run(home, java(), "serve");
        assertThat(second.err).isEmpty();
        assertThat(second.out).startsWith("java ");
    }

    @Test
    void itBuildsAgainWhenASourceIsNewerThanTheJar() throws Exception {
        run(home, java(), "serve");
        Path source = Files.writeString(home.resolve("src/main/New.java"), "");
        Files.setLastModifiedTime(source, FileTime.from(Instant.now().plusSeconds(60)));

        assertThat(run(home, java(), "serve").err).contains("maven -q -B package");
    }

    @Test
    void aBuildThatFailsStartsNothing() throws Exception {
        executable(home.resolve("mvnw"), "#!/bin/sh\necho broken\nexit 3\n");

        Run run = run(home, java(), "serve");

        assertThat(run.code).isEqualTo(1);
        assertThat(run.err).contains("broken", "the build failed");
        assertThat(run.out).isEmpty();
    }

    @Test
    void aDistributionHasNoSourcesAndIsNotBuilt() throws Exception {
        Files.delete(home.resolve("pom.xml"));
        Files.writeString(home.resolve("target/sluice.jar"), "");

        assertThat(run(home, java(), "serve").err).isEmpty();
    }

    @Test
    void itIsCalledFromElsewhereByALinkAndKeepsTheCallersFolder() throws Exception {
        Files.writeString(home.resolve("target/sluice.jar"), "");
        Files.setLastModifiedTime(
                home.resolve("target/sluice.jar"), FileTime.from(Instant.now().plusSeconds(60)));
        Path elsewhere = Files.createDirectories(root.resolve("elsewhere"));
        Files.createSymbolicLink(elsewhere.resolve("one"), Path.of("two"));
        Files.createSymbolicLink(elsewhere.resolve("two"), Path.of("../a house/sluice"));

        Run run = run(elsewhere, java(), elsewhere.resolve("one"), "demo");

        assertThat(run.out)
                .startsWith("java in " + elsewhere.toRealPath())
                .endsWith(home.toRealPath() + "/target/sluice.jar demo\n");
    }

    @Test
    void argumentsAndOptionsOfTheJvmArePassedOn() throws Exception {
        Map<String, String> environment =
                Map.of("JAVA_HOME", jdk.toString(), "SLUICE_JAVA_OPTS", "-Xmx512m -Da=b");

        assertThat(run(home, environment, "serve", "--data", "a b").out)
                .contains(" -Xmx512m -Da=b -jar ")
                .endsWith("serve --data a b\n");
    }

    @Test
    void aCacheThatWasMadeIsUsedAsLongAsNothingItDependsOnChanges() throws Exception {
        run(home, java(), "serve");
        assertThat(run(home, java(), "serve").out).doesNotContain("AOTCache");

        Run made = run(home, java(), "cache");
        assertThat(made.code).isZero();
        assertThat(made.err).contains("made the cache");
        assertThat(run(home, java(), "serve").out).contains(" -XX:AOTCache=").endsWith("serve\n");

        Map<String, String> others =
                Map.of("JAVA_HOME", jdk.toString(), "SLUICE_JAVA_OPTS", "-Xmx1g");
        assertThat(run(home, others, "serve").out).doesNotContain("AOTCache");
        Files.writeString(home.resolve("target/sluice.jar"), "other classes");
        assertThat(run(home, java(), "serve").out).doesNotContain("AOTCache");
    }

    @Test
    void withoutACacheEverythingRuns() throws Exception {
        run(home, java(), "serve");
        executable(jdk.resolve("bin/java"), "#!/bin/sh\ncase $* in *AOTCache*) exit 3 ;; esac\n");

        Run made = run(home, java(), "cache");
        assertThat(made.code).isEqualTo(1);
        assertThat(made.err).contains("runs without it");
        assertThat(run(home, java(), "serve").code).isZero();
    }

    @Test
    void testRunsTheTestsOfTheSourcesBesideIt() throws Exception {
        Run run = run(root, java(), home.resolve("sluice"), "test", "-Dtest=OneTest");

        assertThat(run.out)
                .isEqualTo(
                        "maven -B test -Dtest=OneTest in %s with %s\n"
                                .formatted(home.toRealPath(), jdk));
    }

    private record Run(int code, String out, String err) {}

    private Map<String, String> java() {
        return Map.of("JAVA_HOME", jdk.toString());
    }

    private Run run(Path folder, Map<String, String> environment, String... arguments)
            throws Exception {
        return run(folder, environment, home.resolve("sluice"), arguments);
    }

    private Run run(Path folder, Map<String, String> environment, Path script, String... arguments)
            throws Exception {
        List<String> command = new ArrayList<>(List.of(script.toString()));
        command.addAll(List.of(arguments));
        Path out = root.resolve("out");
        Path err = root.resolve("err");
        ProcessBuilder builder =
                new ProcessBuilder(command)
                        .directory(folder.toFile())
                        .redirectOutput(out.toFile())
                        .redirectError(err.toFile());
        builder.environment().clear();
        builder.environment().put("PATH", "/usr/bin:/bin");
        builder.environment().putAll(environment);
        Process process = builder.start();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return new Run(process.exitValue(), Files.readString(out), Files.readString(err));
    }

    private Path jdk(String name, String version) throws IOException {
        Path folder = Files.createDirectories(root.resolve(name));
        Files.createDirectories(folder.resolve("bin"));
        Files.writeString(folder.resolve("release"), "JAVA_VERSION=\"" + version + "\"\n");
        executable(
                folder.resolve("bin/java"),
                """
                #!/bin/sh
                echo "java in $(pwd -P) of %s $*"
                for option; do
                    case $option in -XX:AOTCacheOutput=*) echo classes >"${option#*=}" ;; esac
                done
                """
                        .formatted(name));
        executable(folder.resolve("bin/javac"), "#!/bin/sh\n");
        return folder;
    }

    private static void executable(Path file, String text) throws IOException {
        Files.write(file, text.getBytes(StandardCharsets.UTF_8));
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
}
