package dev.sluice.command;

import dev.sluice.OfflineSetup;
import dev.sluice.admin.bootstrap.SecretRotation;
import dev.sluice.configuration.Settings;
import dev.sluice.logging.Logging;
import dev.sluice.settings.InvalidSettings;
import dev.sluice.store.Encryption;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Makes secrets, and changes the key under which they are stored. */
@Command(
        name = "secrets",
        mixinStandardHelpOptions = true,
        description = "Makes secrets, and changes the key under which they are stored.")
public final class SecretsCommand {
    private static final String NEW_KEY = "NEW_ENCRYPTION_KEY";

    private final SecureRandom random;
    private final SettingsSource source;
    private final Clock clock;

    @Spec private CommandSpec spec = CommandSpec.create();

    public SecretsCommand(SecureRandom random, SettingsSource source, Clock clock) {
        this.random = random;
        this.source = source;
        this.clock = clock;
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

    @Command(
            name = "rotate",
            mixinStandardHelpOptions = true,
            description = {
                "Encrypts everything that is stored under another key, all or nothing. Stop every gateway on this database first.",
                "The key of now is that of the settings; the new one is NEW_ENCRYPTION_KEY, or in --new-key-file, or made where the key is kept in the data folder."
            })
    int rotate(
            @Mixin DatabaseCommand.Which which,
            @Option(
                            names = "--new-key-file",
                            paramLabel = "FILE",
                            description = "Holds the new key.")
                    @Nullable Path file)
            throws InvalidSettings, IOException {
        Settings settings = which.read(source);
        Logging.configure("WARN", settings.log().zone(), settings.log().format());
        SecretRotation.Rotated rotated =
                new OfflineSetup(settings, clock).rotateSecrets(newKey(file));
        PrintWriter out = spec.commandLine().getOut();
        out.printf(
                "Under the new key: %d credentials and the headers of %d upstreams, and %d secrets of the gateway's own.%n",
                rotated.upstreamKeys(), rotated.upstreamHeaders(), rotated.ownSecrets());
        out.println(
                settings.security().encryptionKey() == null
                        ? "The data folder holds it. The former key stays there as encryption.key.former, for older copies of the database; delete it when you keep none."
                        : "Set ENCRYPTION_KEY to the new key before a gateway starts. Keep the former one for as long as you keep older copies of the database.");
        out.println("API keys stay good. Everybody has to sign in again.");
        out.flush();
        return 0;
    }

    private @Nullable String newKey(@Nullable Path file) throws IOException {
        return file == null ? source.environment().get(NEW_KEY) : Files.readString(file).strip();
    }
}
