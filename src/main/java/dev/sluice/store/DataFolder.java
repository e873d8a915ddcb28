package dev.sluice.store;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * The folder for what is kept. What it generates is readable by its owner only, where the file
 * system knows owners.
 */
public final class DataFolder {
    private final Path path;
    private final boolean knowsOwners;

    private DataFolder(Path path) {
        this.path = path;
        this.knowsOwners = path.getFileSystem().supportedFileAttributeViews().contains("posix");
    }

    /** Something that was generated once. */
    public record Kept(String value, Path file, boolean isNew) {}

    /** {@return the folder, made if need be; one that exists keeps its permissions} */
    public static DataFolder at(Path path) throws IOException {
        DataFolder folder = new DataFolder(path.toAbsolutePath().normalize());
        if (!Files.isDirectory(folder.path)) {
            Files.createDirectories(folder.path, folder.owner("rwx------"));
        }
        return folder;
    }

    public Path path() {
        return path;
    }

    public Path resolve(String name) {
        return path.resolve(name);
    }

    /** That another process, or another gateway of this one, uses the folder. */
    public static final class InUse extends IOException {
        private static final long serialVersionUID = 1L;

        InUse(Path folder) {
            super(
                    "a gateway is using "
                            + folder
                            + ": end it first, or give each a folder of its own (--data)");
        }
    }

    /** The folder in one pair of hands, until it is closed or the process ends. */
    public static final class Hold implements AutoCloseable {
        private final FileChannel channel;

        private Hold(FileChannel channel) {
            this.channel = channel;
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }

    /**
     * {@return a hold of the folder, which nobody else has}
     *
     * @throws InUse while somebody else has it
     */
    public Hold hold() throws IOException {
        Path file = path.resolve("lock");
        FileChannel channel =
                FileChannel.open(
                        file,
                        Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE),
                        owner("rw-------"));
        if (!isLocked(channel)) {
            channel.close();
            throw new InUse(path);
        }
        return new Hold(channel);
    }

    private static boolean isLocked(FileChannel channel) {
        try {
            return channel.tryLock() != null;
        } catch (OverlappingFileLockException inThisProcess) {
            return false;
        } catch (IOException unsupported) {
            // Some network file systems have no locks; that alone must not keep a gateway from
            // starting.
            return true;
        }
    }

    /** {@return what the file holds; a missing or empty one is filled first} */
    public Kept keep(String name, Supplier<String> making) throws IOException {
        Optional<String> kept = find(name);
        return new Kept(
                kept.isPresent() ? kept.get() : put(name, making.get()),
                path.resolve(name),
                kept.isEmpty());
    }

    /** {@return what the file holds, if it is there and not empty} */
    public Optional<String> find(String name) throws IOException {
        Path file = path.resolve(name);
        return Files.exists(file)
                ? Optional.of(Files.readString(file).strip()).filter(text -> !text.isEmpty())
                : Optional.empty();
    }

    /** Writes the file whole or not at all; {@return the text}. */
    public String put(String name, String text) throws IOException {
        Path draft = path.resolve(name + ".new");
        Files.deleteIfExists(draft);
        try {
            Files.createFile(draft, owner("rw-------"));
        } catch (FileAlreadyExistsException another) {
            throw new IOException("another process is using " + path, another);
        }
        Files.writeString(draft, text + "\n", StandardCharsets.UTF_8);
        Files.move(draft, path.resolve(name), StandardCopyOption.REPLACE_EXISTING);
        return text;
    }

    private FileAttribute<?>[] owner(String permissions) {
        if (!knowsOwners) {
            return new FileAttribute<?>[0];
        }
        Set<PosixFilePermission> set = PosixFilePermissions.fromString(permissions);
        return new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(set)};
    }
}
