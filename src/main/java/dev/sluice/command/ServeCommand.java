package dev.sluice.command;

import dev.sluice.configuration.Settings;
import dev.sluice.logging.Logging;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Runs the gateway. */
@Command(
        name = "serve",
        mixinStandardHelpOptions = true,
        description = {
            "Runs the gateway.",
            "Settings come from the file, .env, the environment and these options; the later wins."
        })
public final class ServeCommand implements Callable<Integer> {
    private static final Logger LOG = LoggerFactory.getLogger("dev.sluice.Sluice");

    private final Programs programs;
    private final SettingsSource source;

    @Mixin private final Place place = new Place();

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "Settings in YAML; else sluice.yaml in this folder, if there is one.")
    private @Nullable Path config;

    public ServeCommand(Programs programs, SettingsSource source) {
        this.programs = programs;
        this.source = source;
    }

    @Override
    public Integer call() throws Exception {
        Settings settings = source.read(config, place.settings());
        Settings.Log log = settings.log();
        Logging.configure(log.level(), log.zone(), log.format());
        settings.warnings().forEach(warning -> LOG.warn("{}", warning));
        return Running.untilToldToEnd(programs.gateway().start(settings));
    }
}
