package dev.sluice.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The folder {@code corrupt}: what could not be used, kept for an operator to look at. Each finding
 * is reported and counted once.
 */
final class Quarantine {
    private static final Logger LOG = LoggerFactory.getLogger(Quarantine.class);

    private final Path folder;
    private final Set<String> names = ConcurrentHashMap.newKeySet();

    Quarantine(Path folder) {
        this.folder = folder;
    }

    /** {@return findings of this process} */
    long count() {
        return names.size();
    }

    /** Moves a whole file here, for its header says nothing that can be trusted. */
    void file(Path file, String reason) throws IOException {
        Files.createDirectories(folder);
        String name = file.getFileName().toString();
        for (int copy = 2; Files.exists(folder.resolve(name)); copy++) {
            name = file.getFileName() + "." + copy;
        }
        Files.move(file, folder.resolve(name));
        names.add(name);
        LOG.warn(
                "The journal's file {} cannot be used ({}) and was moved to {}",
                file.getFileName(),
                reason,
                folder.resolve(name));
    }

    /** Keeps a copy of a stretch of a segment in which no sound entry stands. */
    void stretch(Segment segment, int from, int to) {
        String name = segment.file().getFileName() + "-" + from + "-" + to;
        try {
            keep(name, segment.copy(from, to), "no sound entry stands there");
        } catch (IOException unkept) {
            LOG.error(
                    "Bytes {} to {} of the journal's file {} are damaged and could not be kept: {}",
                    from,
                    to,
                    segment.file().getFileName(),
                    unkept.getMessage());
        }
    }

    /**
     * Keeps an entry that is sound and yet cannot be used.
     *
     * @throws IOException if it could not be kept and must not be given up
     */
    void entry(Frame frame, String reason) throws IOException {
        String name = "entry-" + frame.sequence() + "-" + frame.call() + ".json";
        keep(name, frame.payload(), reason);
    }

    private void keep(String name, byte[] bytes, String reason) throws IOException {
        if (names.contains(name)) {
            return;
        }
        Files.createDirectories(folder);
        Path unfinished = folder.resolve(name + ".unfinished");
        try (FileChannel channel =
                FileChannel.open(
                        unfinished,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.TRUNCATE_EXISTING,
                        StandardOpenOption.WRITE)) {
            writeWhole(channel, ByteBuffer.wrap(bytes));
            channel.force(true);
        }
        Files.move(unfinished, folder.resolve(name), StandardCopyOption.REPLACE_EXISTING);
        names.add(name);
        LOG.warn(
                "{} bytes of the journal were set aside as {}: {}",
                bytes.length,
                folder.resolve(name),
                reason);
    }

    private static void writeWhole(FileChannel channel, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }
}
