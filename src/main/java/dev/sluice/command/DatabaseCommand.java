package dev.sluice.command;

import dev.sluice.configuration.Settings;
import dev.sluice.logging.Logging;
import dev.sluice.settings.InvalidSettings;
import dev.sluice.store.Database;
import dev.sluice.store.Migrations;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Looks after the database's tables. */
@Command(
        name = "db",
        mixinStandardHelpOptions = true,
        description = "Looks after the database that the settings name.")
public final class DatabaseCommand {
    private final SettingsSource source;
    private final Clock clock;

    @Spec private CommandSpec spec = CommandSpec.create();

    public DatabaseCommand(SettingsSource source, Clock clock) {
        this.source = source;
        this.clock = clock;
    }

    /** The options of commands that work on what is kept. */
    static final class Which {
        @Option(
                names = "--data",
                paramLabel = "DIR",
                description = "Folder for everything that is kept.")
        private @Nullable Path data;

        @Option(
                names = "--config",
                paramLabel = "FILE",
                description = "Settings in YAML; else sluice.yaml in this folder.")
        private @Nullable Path config;

        /** It listens nowhere, so nothing that guards a port is asked for. */
        Map<String, String> settings() {
            Map<String, String> settings = new TreeMap<>(Map.of("server.host", "127.0.0.1"));
            if (data != null) {
                settings.put("storage.data", data.toString());
            }
            return settings;
        }

        /** {@return the settings of the database and folder that are meant} */
        Settings read(SettingsSource source) throws InvalidSettings {
            return source.read(config, settings());
        }
    }

    @Command(
            name = "migrate",
            mixinStandardHelpOptions = true,
            description =
                    "Brings the tables up to date; copies an embedded database first. The gateway does the same when it starts.")
    int migrate(@Mixin Which which) throws InvalidSettings {
        PrintWriter out = spec.commandLine().getOut();
        try (Database database = open(which)) {
            Migrations.Outcome outcome = database.migrations().migrate();
            out.println(
                    outcome.applied() == 0
                            ? "The database is up to date."
                            : "Steps applied: " + outcome.applied());
            if (outcome.copy() != null) {
                out.println("The database as it was: " + outcome.copy());
            }
        }
        out.flush();
        return 0;
    }

    @Command(
            name = "status",
            mixinStandardHelpOptions = true,
            description = "Lists the steps; exit code 1 if one has not been applied.")
    int status(@Mixin Which which) throws InvalidSettings {
        PrintWriter out = spec.commandLine().getOut();
        try (Database database = open(which)) {
            List<Migrations.Step> steps = database.migrations().status();
            for (Migrations.Step step : steps) {
                out.printf(
                        "%s  %s  %s%n",
                        step.applied() ? "applied" : "pending", step.version(), step.description());
            }
            out.flush();
            return steps.stream().allMatch(Migrations.Step::applied) ? 0 : 1;
        }
    }

    private Database open(Which which) throws InvalidSettings {
        Settings settings = which.read(source);
        Logging.configure("WARN", settings.log().zone(), settings.log().format());
        return Database.open(settings.storage().databaseUrl(), clock);
    }
}
