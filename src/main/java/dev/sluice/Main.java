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
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
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
        int code = run(commandLine(programs, SettingsSource.ofProcess(), clock, args), args);
        Logging.flush();
        // Threads of an engine that could not start would keep the process.
        System.exit(code);
    }

    /** {@return the exit code, also where not even memory was left} */
    static int run(CommandLine line, String... words) {
        try {
            return line.execute(words);
        } catch (Error fatal) {
            fatal.printStackTrace(line.getErr());
            line.getErr().flush();
            return Failures.FAILED;
        }
    }

    /**
     * {@return the command line, ready for those words} Where they begin with a command it is the
     * only one there: picocli finds out by reflection what a command takes, and a start waits.
     */
    static CommandLine commandLine(
            Programs programs, SettingsSource source, Clock clock, String... words) {
        Map<String, Supplier<Object>> commands = new LinkedHashMap<>();
        commands.put("serve", () -> new ServeCommand(programs, source));
        commands.put("demo", () -> new DemoCommand(programs, source));
        commands.put("simulate", () -> new SimulateCommand(programs));
        commands.put("rehearse", () -> new RehearseCommand(programs, source));
        commands.put("db", () -> new DatabaseCommand(source, clock));
        commands.put("admin", () -> new AdminCommand(source, clock));
        commands.put("secrets", () -> new SecretsCommand(new SecureRandom(), source, clock));
        if (words.length > 0 && commands.containsKey(words[0])) {
            commands.keySet().retainAll(Set.of(words[0]));
        }
        CommandLine line = new CommandLine(new Main());
        commands.forEach((name, command) -> line.addSubcommand(name, command.get()));
        return line.setExecutionExceptionHandler(new Failures());
    }

    static final class ProductVersion implements IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {"Sluice " + Version.current()};
        }
    }
}
