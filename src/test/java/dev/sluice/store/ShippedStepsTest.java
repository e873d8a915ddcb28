package dev.sluice.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ShippedStepsTest {
    @TempDir Path folder;

    @Test
    void theyAreThoseThatFlywayFinds() {
        try (Database database = Database.open("sqlite://", Clock.systemUTC())) {
            List<String> found =
                    database.migrations().status().stream().map(Migrations.Step::version).toList();

            assertThat(ShippedSteps.versions(getClass().getClassLoader(), "db/common"))
                    .containsExactlyElementsOf(found);
        }
    }

    @Test
    void theyAreFoundInAJarAsWell() throws IOException {
        Path jar = folder.resolve("some steps.jar");
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar))) {
            for (String entry :
                    List.of("db/", "db/common/", "db/common/V2__b.sql", "db/common/V1__a.sql")) {
                out.putNextEntry(new JarEntry(entry));
            }
            out.putNextEntry(new JarEntry("db/other/V3__c.sql"));
            out.putNextEntry(new JarEntry("db/common/notes.txt"));
        }
        try (URLClassLoader loader = new URLClassLoader(new URL[] {jar.toUri().toURL()}, null)) {
            assertThat(ShippedSteps.versions(loader, "db/common")).containsExactly("1", "2");
            assertThat(ShippedSteps.versions(loader, "db/none")).isEmpty();
        }
    }
}
