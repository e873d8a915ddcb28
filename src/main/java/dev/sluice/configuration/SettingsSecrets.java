package dev.sluice.configuration;

import dev.sluice.catalog.Secret;
import dev.sluice.settings.Values;
import dev.sluice.store.Encryption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.security.SecureRandom;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads the section of keys and tokens, and refuses those that protect nothing. */
final class SettingsSecrets {
    private static final int SHORTEST_TOKEN = 16;
    private static final int FEWEST_CHARACTERS = 8;

    /** What people write where a secret should stand; it counts for nothing. */
    private static final Pattern COMMON_WORDS =
            Pattern.compile(
                    "admin|secret|token|password|passwort|pass|change|please|default|example|test"
                            + "|demo|dev|prod|local|root|user|sluice|gateway|master|bearer|key"
                            + "|qwerty|letmein|welcome|your|this|here|1234567890|123456789|12345678"
                            + "|1234567|123456|12345|1234|abcdefgh|abcd|abc");

    private final Values values;

    SettingsSecrets(Values values) {
        this.values = values;
    }

    Settings.Security security(Settings.Server server, Settings.Storage storage) {
        Secret key = encryptionKey();
        if (key == null && !storage.isEmbedded() && !isKeySaid()) {
            values.wrong(
                    "security.encryption_key",
                    "An external database needs an encryption key that every node knows.",
                    "Make one with './sluice secrets generate', set ENCRYPTION_KEY to it and keep it safe: without it the stored credentials are lost.");
        }
        Secret token = secret("security.admin_token");
        checkToken(token, server);
        return new Settings.Security(
                key,
                token,
                secret("security.metrics_token"),
                values.requiredText("security.key_prefix"),
                values.flag("security.allow_any_address"));
    }

    private boolean isKeySaid() {
        return values.isSaid("security.encryption_key")
                || values.isSaid("security.encryption_key_file");
    }

    private @Nullable Secret encryptionKey() {
        String key = values.text("security.encryption_key");
        if (key != null) {
            return fernetKey("security.encryption_key", key);
        }
        String file = values.text("security.encryption_key_file");
        return file == null ? null : keyIn(file);
    }

    private @Nullable Secret keyIn(String file) {
        String setting = "security.encryption_key_file";
        try {
            Path path = Path.of(file);
            String key = Files.readString(path).strip();
            if (isReadableByOthers(path)) {
                values.warn(
                        setting,
                        "Other users of this machine can read the file.",
                        "Run chmod 600 on it.");
            }
            return fernetKey(setting, key);
        } catch (IOException | InvalidPathException unreadable) {
            values.wrong(
                    setting,
                    "The file cannot be read.",
                    "Check the path, and that the gateway's user may read it.");
            return null;
        }
    }

    private @Nullable Secret fernetKey(String setting, String key) {
        try {
            new Encryption(key, new SecureRandom());
            return new Secret(key);
        } catch (IllegalArgumentException noKey) {
            values.wrong(
                    setting,
                    "It is no Fernet key: 32 random bytes in url-safe base64, 44 characters.",
                    "Make one with './sluice secrets generate'.");
            return null;
        }
    }

    private static boolean isReadableByOthers(Path file) throws IOException {
        return file.getFileSystem().supportedFileAttributeViews().contains("posix")
                && Files.getPosixFilePermissions(file).contains(PosixFilePermission.OTHERS_READ);
    }

    private void checkToken(@Nullable Secret token, Settings.Server server) {
        if (server.isLoopback()) {
            return;
        }
        String reached = "It listens on " + server.host() + ", beyond this machine, ";
        String cure =
                "Set ADMIN_TOKEN to at least 16 random characters ('./sluice secrets generate' prints some), or HOST to 127.0.0.1.";
        if (token == null) {
            values.wrong(
                    "security.admin_token", reached + "without an administration token.", cure);
        } else if (isWeak(token.value())) {
            values.wrong(
                    "security.admin_token",
                    reached + "with an administration token that can be guessed.",
                    cure);
        }
    }

    static boolean isWeak(String token) {
        String own = COMMON_WORDS.matcher(token.toLowerCase(Locale.ROOT)).replaceAll("");
        return token.length() < SHORTEST_TOKEN
                || token.chars().distinct().count() < FEWEST_CHARACTERS
                || own.chars().filter(Character::isLetterOrDigit).distinct().count()
                        < FEWEST_CHARACTERS - 2;
    }

    private @Nullable Secret secret(String key) {
        String text = values.text(key);
        return text == null ? null : new Secret(text);
    }
}
