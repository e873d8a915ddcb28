package dev.sluice;

import dev.sluice.admin.bootstrap.SecretRotation;
import dev.sluice.catalog.Secret;
import dev.sluice.store.DataFolder;
import dev.sluice.store.Database;
import dev.sluice.store.DatabaseUnavailable;
import dev.sluice.store.Encryption;
import java.io.IOException;
import java.nio.file.Files;
import java.security.SecureRandom;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The encryption key: the one that is set, else one that is kept in the data folder. A kept key
 * that is rotated stands beside the next one until the database is under that; which of the two
 * counts after a crash between, the database itself tells.
 */
final class KeptKey {
    private static final Logger LOG = LoggerFactory.getLogger(KeptKey.class);
    private static final String FILE = "encryption.key";
    private static final String NEXT = "encryption.key.next";
    private static final String FORMER = "encryption.key.former";

    private final DataFolder folder;
    private final @Nullable Secret set;

    KeptKey(DataFolder folder, @Nullable Secret set) {
        this.folder = folder;
        this.set = set;
    }

    /** {@return whether it is kept in the data folder, and nobody has set another} */
    boolean isKept() {
        return set == null;
    }

    /** {@return the key; a missing one is made} */
    String value(Database database) throws IOException {
        if (set != null) {
            return set.value();
        }
        Optional<String> next = folder.find(NEXT);
        if (next.isPresent() && isUnder(database, next.get())) {
            LOG.warn("a rotation of the encryption key had been interrupted and is completed");
            promote(next.get());
        }
        DataFolder.Kept key = folder.keep(FILE, () -> Encryption.generateKey(new SecureRandom()));
        if (key.isNew()) {
            LOG.warn(
                    "An encryption key was made in {}: keep a copy, without it the stored upstream"
                            + " keys are lost",
                    key.file());
        }
        return key.value();
    }

    /** {@return the key of now, if there is one} */
    Optional<String> find(Database database) throws IOException {
        return set == null && folder.find(FILE).isEmpty()
                ? Optional.empty()
                : Optional.of(value(database));
    }

    /** Writes the next key down, before anything is encrypted under it. */
    void prepare(String next) throws IOException {
        folder.put(NEXT, next);
    }

    /** Puts the next key in the place of the one of now, which stays as a file for old copies. */
    void promote(String next) throws IOException {
        Optional<String> former = folder.find(FILE);
        if (former.isPresent() && !former.get().equals(next)) {
            folder.put(FORMER, former.get());
        }
        folder.put(FILE, next);
        Files.deleteIfExists(folder.resolve(NEXT));
    }

    private static boolean isUnder(Database database, String key) {
        try {
            return SecretRotation.opens(database, new Encryption(key, new SecureRandom()))
                    .orElse(false);
        } catch (DatabaseUnavailable away) {
            return false;
        }
    }
}
