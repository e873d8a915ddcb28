package dev.sluice;

import dev.sluice.catalog.Secret;
import dev.sluice.store.Encryption;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The folder of everything that one node keeps, readable by its owner only where the file system
 * knows owners.
 */
final class DataFolder {
    private static final Logger LOG = LoggerFactory.getLogger(DataFolder.class);

    private final Path path;

    private DataFolder(Path path) {
        this.path = path;
    }

    static DataFolder open(Path path) throws IOException {
        Files.createDirectories(path);
        if (knowsOwners()) {
            Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwx------"));
        }
        return new DataFolder(path);
    }

    Path resolve(String name) {
        return path.resolve(name);
    }

    /** Something made once and kept. */
    interface Making {
        String make();
    }

    /** {@return what stands in that file; made and written there if there is none} */
    String kept(String name, Making making) throws IOException {
        Path file = path.resolve(name);
        if (Files.exists(file)) {
            return Files.readString(file).strip();
        }
        String made = making.make();
        create(file);
        Files.writeString(file, made + "\n");
        return made;
    }

    /**
     * {@return the encryption key that is set, else one that is made here for the embedded
     * database}
     */
    String encryptionKey(Settings.Security security) throws IOException {
        Secret set = security.encryptionKey();
        if (set != null) {
            return set.value();
        }
        if (!Files.exists(path.resolve("encryption.key"))) {
            LOG.info(
                    "An encryption key was made in {}: keep a copy, without it the stored upstream"
                            + " keys are lost",
                    path.resolve("encryption.key"));
        }
        return kept("encryption.key", () -> Encryption.generateKey(new SecureRandom()));
    }

    private static void create(Path file) throws IOException {
        if (knowsOwners()) {
            Files.createFile(
                    file,
                    PosixFilePermissions.asFileAttribute(
                            PosixFilePermissions.fromString("rw-------")));
        } else {
            Files.createFile(file);
        }
    }

    private static boolean knowsOwners() {
        return FileSystems.getDefault().supportedFileAttributeViews().contains("posix");
    }
}
