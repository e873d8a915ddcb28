package dev.sluice.journal;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The folder of one node's journal: its lock, its node id, its segments, and what was set aside as
 * unreadable.
 */
final class JournalFolder implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(JournalFolder.class);

    private final Path path;
    private final FileChannel lockFile;
    private final String node;
    private final AtomicLong setAside = new AtomicLong();

    private JournalFolder(Path path, FileChannel lockFile, String node) {
        this.path = path;
        this.lockFile = lockFile;
        this.node = node;
    }

    /** Takes the folder for this process alone. */
    static JournalFolder open(Path path) throws IOException {
        Files.createDirectories(path);
        FileChannel lockFile =
                FileChannel.open(
                        path.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            FileLock lock = lockFile.tryLock();
            if (lock == null) {
                throw inUse(path);
            }
            return new JournalFolder(path, lockFile, nodeIn(path));
        } catch (OverlappingFileLockException sameProcess) {
            lockFile.close();
            throw inUse(path);
        } catch (IOException unusable) {
            lockFile.close();
            throw unusable;
        }
    }

    private static IOException inUse(Path path) {
        return new IOException(
                "another process uses the journal in "
                        + path
                        + ": give each node a data folder of its own");
    }

    private static String nodeIn(Path path) throws IOException {
        Path file = path.resolve("node");
        if (Files.exists(file)) {
            return Files.readString(file).strip();
        }
        String node = UUID.randomUUID().toString();
        Files.writeString(file, node + "\n");
        return node;
    }

    Path path() {
        return path;
    }

    String node() {
        return node;
    }

    /** {@return the segments on disk, oldest first; files that are none are set aside} */
    List<Segment> segments() throws IOException {
        Files.deleteIfExists(path.resolve("unfinished"));
        List<Path> files;
        try (Stream<Path> listed = Files.list(path)) {
            files = listed.filter(Segment::isSegment).sorted().toList();
        }
        List<Segment> segments = new ArrayList<>();
        for (Path file : files) {
            try {
                segments.add(Segment.open(file));
            } catch (IOException unreadable) {
                setAside(file, unreadable);
            }
        }
        return segments;
    }

    /** Keeps a stretch of a segment in which no sound entry stands. */
    void setAside(Segment segment, int from, int to) {
        keep(
                segment.file().getFileName() + "-" + from + "-" + to,
                segment.copy(from, to),
                "no sound entry stands there");
    }

    /** Keeps an entry that is sound and yet cannot be used. */
    void setAside(Frame frame, String reason) {
        keep("entry-" + frame.sequence(), frame.payload(), reason);
    }

    long setAside() {
        return setAside.get();
    }

    private void setAside(Path file, IOException unreadable) throws IOException {
        setAside.incrementAndGet();
        Path kept = corrupt().resolve(file.getFileName());
        Files.move(file, kept);
        LOG.warn("{} was set aside as {}: {}", file, kept, unreadable.getMessage());
    }

    private void keep(String name, byte[] bytes, String reason) {
        setAside.incrementAndGet();
        try {
            Path kept = corrupt().resolve(name);
            Files.write(kept, bytes);
            LOG.warn(
                    "{} bytes of the journal were set aside as {}: {}", bytes.length, kept, reason);
        } catch (IOException unkept) {
            LOG.error(
                    "{} bytes of the journal are unreadable ({}) and could not be kept: {}",
                    bytes.length,
                    reason,
                    unkept.getMessage());
        }
    }

    private Path corrupt() throws IOException {
        return Files.createDirectories(path.resolve("corrupt"));
    }

    @Override
    public void close() {
        try {
            lockFile.close();
        } catch (IOException harmless) {
            LOG.debug("The journal's lock goes with the process: {}", harmless.getMessage());
        }
    }
}
