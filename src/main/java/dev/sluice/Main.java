package dev.sluice;

import dev.sluice.command.AdminCommand;
import dev.sluice.command.DatabaseCommand;
import dev.sluice.command.DemoCommand;
import dev.sluice.command.Failures;
import dev.sluice.command.Programs;
import dev.sluice.command.RehearseCommand;
import dev.sluice.command.SecretsCommand;
import dev.sluice.command.ServeCommand;
import dev.sluice.command.SettingsSource;
import dev.sluice.command.SimulateCommand;
import dev.sluice.configuration.Version;
import dev.sluice.logging.Logging;
import java.security.SecureRandom;
import java.time.Clock;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;

/** The command line. */
@Command(
        name = "sluice",
        mixinStandardHelpOptions = true,
        versionProvider = Main.ProductVersion.class,
        description = "An LLM gateway.",
        synopsisSubcommandLabel = "COMMAND",
        commandListHeading = "%nCommands:%n",
        footerHeading = "%nOf the sources beside the script:%n",
        footer = {
            "  test      Runs all tests.",
            "  build     Builds, makes the cache, and runs nothing.",
            "  cache     Makes the cache of classes with which a start takes half as long.",
            "",
            "Exit codes: 0 done; 1 could not start, or failed; 2 wrong command line;",
            "143 ended by SIGTERM in good order.",
            "Settings: docs/configuration.md. SLUICE_JAVA_OPTS adds options of the JVM."
        })
public final class Main {
    private Main() {}

    public static void main(String[] args) {
        Clock clock = Clock.systemUTC();
        Programs programs =
                new Programs(
                        settings -> Gateway.start(settings, clock),
                        at -> SimulatedProvider.start(at.host(), at.port()));
        int code = commandLine(programs, SettingsSource.ofProcess(), clock).execute(args);
        Logging.flush();
        // Threads of an engine that could not start would keep the process.
        System.exit(code);
    }

    static CommandLine commandLine(Programs programs, SettingsSource source, Clock clock) {
        return new CommandLine(new Main())
                .addSubcommand(new ServeCommand(programs, source))
                .addSubcommand(new DemoCommand(programs, source))
                .addSubcommand(new SimulateCommand(programs))
                .addSubcommand(new RehearseCommand(programs, source))
                .addSubcommand(new DatabaseCommand(source, clock))
                .addSubcommand(new AdminCommand(source, clock))
                .addSubcommand(new SecretsCommand(new SecureRandom(), source, clock))
                .setExecutionExceptionHandler(new Failures());
    }

    static final class ProductVersion implements IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {"Sluice " + Version.current()};
        }
    }
}
