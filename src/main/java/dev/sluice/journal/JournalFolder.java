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
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The folder of one node's journal: its lock, its identity, its segments, its quarantine. */
final class JournalFolder implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(JournalFolder.class);

    private final Path path;
    private final FileChannel lockFile;
    private final NodeIdentity identity;
    private final Quarantine quarantine;

    private JournalFolder(Path path, FileChannel lockFile) throws IOException {
        this.path = path;
        this.lockFile = lockFile;
        this.identity = NodeIdentity.in(path);
        this.quarantine = new Quarantine(path.resolve("corrupt"));
    }

    /**
     * Takes the folder for this process alone.
     *
     * @throws IOException if it cannot be used, or another process uses it
     */
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
            return new JournalFolder(path, lockFile);
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

    Path path() {
        return path;
    }

    NodeIdentity identity() {
        return identity;
    }

    Quarantine quarantine() {
        return quarantine;
    }

    /** {@return the highest number that a file here bears, sound or not, 0 if there is none} */
    long highestNumber() throws IOException {
        List<Path> files = files();
        return files.isEmpty() ? 0 : Segment.numberOf(files.getLast());
    }

    /** {@return this node's segments, oldest first; files that are none are set aside} */
    List<Segment> segments() throws IOException {
        Segment.deleteUnfinished(path);
        List<Segment> segments = new ArrayList<>();
        for (Path file : files()) {
            try {
                Segment segment = Segment.open(file);
                if (identity.isOwn(segment.header().node())) {
                    segments.add(segment);
                } else {
                    segment.close();
                    quarantine.file(
                            file,
                            "it is node "
                                    + segment.header().node()
                                    + "'s: start a gateway on that node's own data folder");
                }
            } catch (IOException unreadable) {
                quarantine.file(file, String.valueOf(unreadable.getMessage()));
            }
        }
        return segments;
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> listed = Files.list(path)) {
            return listed.filter(Segment::isSegment).sorted().toList();
        }
    }

    /** Makes new and vanished names survive a power cut, where the system can do that. */
    static void force(Path folder) {
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        } catch (IOException cannot) {
            LOG.debug("The folder cannot be written through: {}", cannot.getMessage());
        }
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
