package dev.sluice.command;

import dev.sluice.configuration.Settings;
import dev.sluice.configuration.SettingsTable;
import dev.sluice.settings.InvalidSettings;
import dev.sluice.settings.SettingsReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where a command takes its settings from.
 *
 * @param environment of the process
 * @param folder in which {@code sluice.yaml} and {@code .env} are looked for
 * @param inContainer whether the process runs in a container
 */
public record SettingsSource(Map<String, String> environment, Path folder, boolean inContainer) {
    private static final Path CONTAINER_MARK = Path.of("/.dockerenv");

    public SettingsSource {
        environment = Map.copyOf(environment);
    }

    /** {@return the settings of this process, started in this folder} */
    public static SettingsSource ofProcess() {
        Map<String, String> environment = System.getenv();
        boolean inContainer =
                environment.containsKey("KUBERNETES_SERVICE_HOST")
                        || environment.containsKey("container")
                        || Files.exists(CONTAINER_MARK);
        return new SettingsSource(environment, Path.of(""), inContainer);
    }

    /**
     * {@return what file, {@code .env}, environment and command line say}
     *
     * @param file null for {@code sluice.yaml}, if there is one
     */
    Settings read(@Nullable Path file, Map<String, String> options) throws InvalidSettings {
        Path standard = folder.resolve("sluice.yaml");
        Path found = file == null && Files.isRegularFile(standard) ? standard : file;
        return reader(environment, options).read(found, folder.resolve(".env"), Settings::from);
    }

    /** {@return what only that much of the environment and those options say, and no file} */
    Settings readOnly(Map<String, String> heeded, Map<String, String> options)
            throws InvalidSettings {
        return reader(heeded, options).read(null, null, Settings::from);
    }

    private SettingsReader reader(Map<String, String> variables, Map<String, String> options) {
        return new SettingsReader(SettingsTable.all(inContainer), variables)
                .with(options, "command line");
    }
}
