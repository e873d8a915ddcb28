package dev.sluice.configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.sluice.settings.InvalidSettings;
import dev.sluice.settings.Problem;
import dev.sluice.settings.SettingsReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A folder with a sluice.yaml and perhaps a .env, and an environment beside it. */
final class SettingsSources {
    private final Path folder;
    private final Map<String, String> environment = new HashMap<>();
    private boolean inContainer;

    SettingsSources(Path folder) {
        this.folder = folder;
    }

    Path folder() {
        return folder;
    }

    Map<String, String> environment() {
        return environment;
    }

    void inContainer() {
        inContainer = true;
    }

    Settings read(String yaml) throws IOException, InvalidSettings {
        Path file = Files.writeString(folder.resolve("sluice.yaml"), yaml);
        return reader().read(file, folder.resolve(".env"), Settings::from);
    }

    SettingsReader reader() {
        return new SettingsReader(SettingsTable.all(inContainer), environment);
    }

    List<Problem> problems(String yaml) {
        return catchThrowableOfType(InvalidSettings.class, () -> read(yaml)).problems();
    }

    /** {@return the one problem that there is} */
    Problem problem(String yaml) {
        List<Problem> problems = problems(yaml);
        assertThat(problems).hasSize(1);
        return problems.getFirst();
    }
}
