package dev.sluice;

import dev.sluice.settings.InvalidSettings;
import dev.sluice.settings.SettingsReader;
import dev.sluice.store.Database;
import dev.sluice.store.Encryption;
import dev.sluice.store.Migrations;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The command line. Exit codes: 0 done, 1 it failed, 2 wrong usage or settings. */
@Command(
        name = "sluice",
        mixinStandardHelpOptions = true,
        versionProvider = Main.VersionProvider.class,
        description = "An LLM gateway.",
        subcommands = {
            Main.Serve.class,
            Main.DemoCommand.class,
            Main.Simulate.class,
            Main.DatabaseCommand.class,
            Main.Secrets.class
        },
        footer = {"", "'./sluice test' runs all tests, './sluice build' only builds."})
public final class Main implements Callable<Integer> {
    private static final int WRONG = 2;

    @Spec @Nullable CommandSpec spec;

    private Main() {}

    public static void main(String[] args) {
        int code =
                new CommandLine(new Main())
                        .setExecutionExceptionHandler(Main::failed)
                        .execute(args);
        if (code != 0) {
            System.exit(code);
        }
    }

    /** Without a command it says which there are. */
    @Override
    public Integer call() {
        new CommandLine(this).usage(System.out);
        return 0;
    }

    private static int failed(Exception failure, CommandLine line, CommandLine.ParseResult parsed) {
        if (failure instanceof InvalidSettings invalid) {
            line.getErr().println("Sluice does not start, because of its settings:");
            invalid.problems().forEach(problem -> line.getErr().println("  " + problem));
            return WRONG;
        }
        String message = failure.getMessage();
        line.getErr().println("sluice: " + (message == null ? failure : message));
        return 1;
    }

    /** Where to listen and where to keep things; said here it is stronger than everywhere else. */
    static final class Where {
        @Option(names = "--port", paramLabel = "N", description = "Port to listen on (PORT, 8000).")
        @Nullable Integer port;

        @Option(names = "--host", description = "Address to listen on (HOST, 127.0.0.1).")
        @Nullable String host;

        @Option(
                names = "--data",
                paramLabel = "DIR",
                description = "Folder for everything that is kept (DATA_DIR, ./data).")
        @Nullable Path data;

        Map<String, String> over(Map<String, String> environment) {
            Map<String, String> merged = new HashMap<>(environment);
            put(merged, "PORT", port);
            put(merged, "HOST", host);
            put(merged, "DATA_DIR", data);
            return merged;
        }

        private static void put(Map<String, String> map, String name, @Nullable Object value) {
            if (value != null) {
                map.put(name, value.toString());
            }
        }
    }

    @Command(name = "serve", description = "Runs the gateway.", mixinStandardHelpOptions = true)
    static final class Serve implements Callable<Integer> {
        @Mixin Where where = new Where();

        @Option(
                names = "--config",
                paramLabel = "FILE",
                description = "Settings in YAML; sluice.yaml here, if there is one.")
        @Nullable Path config;

        @Override
        public Integer call() throws Exception {
            Settings settings = settings(config, where.over(System.getenv()));
            Logging.configure(settings.log());
            return running(Gateway.start(settings, Clock.systemUTC()));
        }
    }

    @Command(
            name = "demo",
            description = "Runs the gateway with a simulated provider, ready to be tried.",
            mixinStandardHelpOptions = true)
    static final class DemoCommand implements Callable<Integer> {
        @Mixin Where where = new Where();

        @Override
        public Integer call() throws Exception {
            Demo demo = Demo.in(where.data == null ? Path.of("data", "demo") : where.data);
            Settings settings = settings(null, demo.environment(where.over(System.getenv())));
            Logging.configure(settings.log());
            Gateway gateway = Gateway.start(settings, Clock.systemUTC());
            System.out.println(demo.prepare(gateway));
            return running(gateway);
        }
    }

    @Command(
            name = "simulate",
            description = "Runs the simulated provider on its own.",
            mixinStandardHelpOptions = true)
    static final class Simulate implements Callable<Integer> {
        @Option(
                names = "--port",
                paramLabel = "N",
                defaultValue = "8001",
                description = "Port (8001).")
        int port;

        @Option(names = "--host", defaultValue = "127.0.0.1", description = "Address (127.0.0.1).")
        String host = "127.0.0.1";

        @Override
        public Integer call() throws Exception {
            SimulatedProvider provider = SimulatedProvider.start(host, port);
            System.out.println("A simulated provider answers at " + provider.url());
            return running(provider);
        }
    }

    @Command(
            name = "db",
            description = "Looks after the database.",
            mixinStandardHelpOptions = true,
            subcommands = {DatabaseCommand.Migrate.class, DatabaseCommand.Status.class})
    static final class DatabaseCommand implements Callable<Integer> {
        @Spec @Nullable CommandSpec spec;

        @Override
        public Integer call() {
            new CommandLine(this).usage(System.out);
            return WRONG;
        }

        @Command(
                name = "migrate",
                description = "Brings the tables up to date.",
                mixinStandardHelpOptions = true)
        static final class Migrate implements Callable<Integer> {
            @Mixin Where where = new Where();

            @Option(names = "--config", paramLabel = "FILE", description = "Settings in YAML.")
            @Nullable Path config;

            @Override
            public Integer call() throws Exception {
                try (Database database = database(config, where)) {
                    Migrations.Outcome outcome = database.migrations().migrate();
                    System.out.println(outcome.applied() + " migrations applied");
                    if (outcome.copy() != null) {
                        System.out.println("A copy from before is in " + outcome.copy());
                    }
                }
                return 0;
            }
        }

        @Command(
                name = "status",
                description = "Says which migrations stand.",
                mixinStandardHelpOptions = true)
        static final class Status implements Callable<Integer> {
            @Mixin Where where = new Where();

            @Option(names = "--config", paramLabel = "FILE", description = "Settings in YAML.")
            @Nullable Path config;

            @Override
            public Integer call() throws Exception {
                try (Database database = database(config, where)) {
                    for (Migrations.Step step : database.migrations().status()) {
                        String state = step.applied() ? "applied" : "pending";
                        System.out.println(
                                state + "  " + step.version() + "  " + step.description());
                    }
                }
                return 0;
            }
        }

        private static Database database(@Nullable Path config, Where where)
                throws InvalidSettings {
            Settings settings = settings(config, where.over(System.getenv()));
            Logging.configure(settings.log());
            return Database.open(settings.storage().databaseUrl(), Clock.systemUTC());
        }
    }

    @Command(
            name = "secrets",
            description = "Looks after secrets.",
            mixinStandardHelpOptions = true,
            subcommands = Secrets.Generate.class)
    static final class Secrets implements Callable<Integer> {
        @Override
        public Integer call() {
            new CommandLine(this).usage(System.out);
            return WRONG;
        }

        @Command(
                name = "generate",
                description = "Prints a new encryption key.",
                mixinStandardHelpOptions = true)
        static final class Generate implements Callable<Integer> {
            @Override
            public Integer call() {
                System.out.println(Encryption.generateKey(new SecureRandom()));
                return 0;
            }
        }
    }

    static final class VersionProvider implements CommandLine.IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {"Sluice " + Version.current()};
        }
    }

    private static Settings settings(@Nullable Path config, Map<String, String> environment)
            throws InvalidSettings {
        Path file = config;
        if (file == null && Files.isRegularFile(Path.of("sluice.yaml"))) {
            file = Path.of("sluice.yaml");
        }
        return new SettingsReader(SettingsTable.all(isContainer(environment)), environment)
                .read(file, Path.of(".env"), Settings::from);
    }

    /** Inside a container only an address that the outside reaches makes sense. */
    private static boolean isContainer(Map<String, String> environment) {
        return environment.containsKey("KUBERNETES_SERVICE_HOST")
                || environment.containsKey("container")
                || Files.exists(Path.of("/.dockerenv"));
    }

    /** Runs until the process is told to end, and then stops in good order. */
    private static int running(AutoCloseable service) throws InterruptedException {
        CountDownLatch stopped = new CountDownLatch(1);
        Runtime.getRuntime()
                .addShutdownHook(
                        new Thread(
                                () -> {
                                    try {
                                        service.close();
                                    } catch (Exception failure) {
                                        System.err.println("sluice: " + failure.getMessage());
                                    }
                                    stopped.countDown();
                                },
                                "shutdown"));
        stopped.await();
        return 0;
    }
}
