package dev.sluice.command;

import dev.sluice.store.Encryption;
import java.security.SecureRandom;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Makes secrets. */
@Command(name = "secrets", mixinStandardHelpOptions = true, description = "Makes secrets.")
public final class SecretsCommand {
    private final SecureRandom random;

    @Spec private CommandSpec spec = CommandSpec.create();

    public SecretsCommand(SecureRandom random) {
        this.random = random;
    }

    @Command(
            name = "generate",
            mixinStandardHelpOptions = true,
            description =
                    "Prints a new random key: for ENCRYPTION_KEY, and as good for ADMIN_TOKEN.")
    int generate() {
        spec.commandLine().getOut().println(Encryption.generateKey(random));
        spec.commandLine().getOut().flush();
        return 0;
    }
}
