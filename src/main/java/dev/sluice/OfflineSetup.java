package dev.sluice;

import dev.sluice.admin.Acting;
import dev.sluice.admin.Actor;
import dev.sluice.admin.apikey.ApiKeys;
import dev.sluice.admin.apikey.HashWriter;
import dev.sluice.admin.apikey.KeyGenerator;
import dev.sluice.admin.bootstrap.SecretRotation;
import dev.sluice.admin.system.FirstOwner;
import dev.sluice.admin.user.Passwords;
import dev.sluice.catalog.Role;
import dev.sluice.configuration.Settings;
import dev.sluice.store.DataFolder;
import dev.sluice.store.Database;
import dev.sluice.store.Encryption;
import java.io.IOException;
import java.nio.file.Files;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What is done to the kept state while no gateway uses it: making the first owner, and encrypting
 * all secrets under another key.
 */
public final class OfflineSetup {
    private static final int BCRYPT_COST = 12;
    private static final Actor COMMAND =
            new Actor(Actor.Kind.OPERATOR, null, "command line", Role.OWNER, null, "local");

    private final Settings settings;
    private final Clock clock;

    public OfflineSetup(Settings settings, Clock clock) {
        this.settings = settings;
        this.clock = clock;
    }

    /**
     * {@return the first owner of the database that the settings name}
     *
     * @throws IllegalStateException while a gateway uses the data folder
     * @throws dev.sluice.admin.AdminException when there is a user already
     */
    public FirstOwner.Made firstOwner(String username, String email) throws IOException {
        Supplier<UUID> ids = new TimeOrderedIds(clock);
        try (Closing closing = new Closing()) {
            Storage storage = new Storage(settings, closing, clock, ids);
            HashWriter hashes = closing.with(new HashWriter(storage.database(), BCRYPT_COST));
            ApiKeys keys =
                    new ApiKeys(
                            storage.database(),
                            storage.changes(),
                            storage.digestKey(),
                            new KeyGenerator(new SecureRandom(), settings.security().keyPrefix()),
                            hashes,
                            clock,
                            ids);
            FirstOwner owner =
                    new FirstOwner(
                            storage.changes(),
                            keys,
                            closing.with(new Passwords(BCRYPT_COST)),
                            new SecureRandom(),
                            clock,
                            ids);
            return Acting.as(COMMAND, () -> owner.make(username, email, "System Administrator"));
        }
    }

    /**
     * {@return what is under the new key from now on}
     *
     * @param newKey null makes one, where the key is kept in the data folder
     * @throws IllegalStateException while a gateway uses the data folder, or when there is nothing
     *     to rotate
     * @throws IllegalArgumentException for a new key that is none, or none at all where one is set
     */
    public SecretRotation.Rotated rotateSecrets(@Nullable String newKey) throws IOException {
        DataFolder folder = DataFolder.at(settings.storage().data());
        KeptKey key = new KeptKey(folder, settings.security().encryptionKey());
        if (newKey == null && !key.isKept()) {
            throw new IllegalArgumentException(
                    "the encryption key is set by ENCRYPTION_KEY: give the new one as"
                            + " NEW_ENCRYPTION_KEY or --new-key-file ('./sluice secrets generate'"
                            + " prints one), and keep it safe");
        }
        try (Closing closing = new Closing()) {
            closing.with(folder.hold());
            Database database =
                    closing.with(Database.open(settings.storage().databaseUrl(), clock));
            database.migrations().migrate();
            String now =
                    key.find(database)
                            .orElseThrow(() ->
                                    new IllegalStateException(
                                            "nothing has been encrypted yet: there is no key in "
                                                    + folder.path()));
            String next = newKey == null ? Encryption.generateKey(new SecureRandom()) : newKey;
            SecretRotation rotation =
                    new SecretRotation(database, encryption(now), encryption(next));
            if (key.isKept()) {
                key.prepare(next);
            }
            SecretRotation.Rotated rotated = rotation.rotate();
            if (key.isKept()) {
                key.promote(next);
            }
            // It is under the former key; the next start writes another.
            Files.deleteIfExists(folder.resolve(Storage.SNAPSHOT));
            return rotated;
        }
    }

    private static Encryption encryption(String key) {
        return new Encryption(key, new SecureRandom());
    }
}
