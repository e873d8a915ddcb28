package dev.sluice.command;

import dev.sluice.OfflineSetup;
import dev.sluice.admin.AdminException;
import dev.sluice.admin.system.FirstOwner;
import dev.sluice.configuration.Settings;
import dev.sluice.logging.Logging;
import dev.sluice.settings.InvalidSettings;
import dev.sluice.store.DataFolder;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Clock;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Looks after the people who use the control plane. */
@Command(
        name = "admin",
        mixinStandardHelpOptions = true,
        description = "Looks after the people who use the control plane.")
public final class AdminCommand {
    private static final int FAILED = 1;
    private static final String USERNAME = "[A-Za-z0-9_.-]{3,50}";
    private static final String EMAIL = "[^@\\s]+@[^@\\s]+";

    private final SettingsSource source;
    private final Clock clock;

    @Spec private CommandSpec spec = CommandSpec.create();

    public AdminCommand(SettingsSource source, Clock clock) {
        this.source = source;
        this.clock = clock;
    }

    @Command(
            name = "init",
            mixinStandardHelpOptions = true,
            description =
                    "Makes the first owner, and prints the password and an API key, once. For a gateway that does not run; while there is no user.")
    int init(
            @Mixin DatabaseCommand.Which which,
            @Option(names = "--username", defaultValue = "admin", description = "${DEFAULT-VALUE}")
                    String username,
            @Option(
                            names = "--email",
                            defaultValue = "admin@localhost",
                            description = "${DEFAULT-VALUE}")
                    String email)
            throws InvalidSettings, IOException {
        require(username.matches(USERNAME), "--username takes 3 to 50 of A-Z a-z 0-9 _ . -");
        require(email.matches(EMAIL), "--email takes an e-mail address");
        Settings settings = which.read(source);
        Logging.configure("WARN", settings.log().zone(), settings.log().format());
        try {
            print(new OfflineSetup(settings, clock).firstOwner(username, email));
            return 0;
        } catch (DataFolder.InUse _) {
            askTheGateway(settings, username, email);
            return FAILED;
        } catch (AdminException refused) {
            throw new IllegalStateException(refused.getMessage(), refused);
        }
    }

    private void print(FirstOwner.Made made) {
        PrintWriter out = spec.commandLine().getOut();
        out.println("The first owner has been made. Keep this: it is shown once.");
        out.println("  username  " + made.username());
        out.println("  e-mail    " + made.email());
        out.println("  password  " + made.password());
        out.println("  API key   " + made.apiKey());
        out.flush();
    }

    private void askTheGateway(Settings settings, String username, String email) {
        PrintWriter err = spec.commandLine().getErr();
        err.println(
                "sluice: a gateway is using this data folder: ask it instead, on this machine:");
        err.printf(
                "  curl -X POST http://127.0.0.1:%d/system/admin/init -H 'Content-Type: application/json' -d '{\"username\":\"%s\",\"email\":\"%s\"}'%n",
                settings.server().port(), username, email);
        err.flush();
    }

    private void require(boolean isGood, String message) {
        if (!isGood) {
            throw new ParameterException(spec.commandLine(), message);
        }
    }
}
