package dev.sluice.journal;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The ids of a node, in the file {@code node}, a line each: the one it has now, then those it had.
 * Import positions in the database belong to an id.
 */
final class NodeIdentity {
    private static final Logger LOG = LoggerFactory.getLogger(NodeIdentity.class);

    private final Path folder;
    private volatile List<UUID> ids;

    private NodeIdentity(Path folder, List<UUID> ids) {
        this.folder = folder;
        this.ids = ids;
    }

    static NodeIdentity in(Path folder) throws IOException {
        List<UUID> known = read(folder.resolve("node"));
        if (!known.isEmpty()) {
            return new NodeIdentity(folder, known);
        }
        NodeIdentity identity = new NodeIdentity(folder, idsOfSegments(folder));
        identity.write(identity.ids);
        return identity;
    }

    private static List<UUID> read(Path file) throws IOException {
        if (!Files.exists(file)) {
            return List.of();
        }
        try {
            return Files.readAllLines(file).stream().map(UUID::fromString).toList();
        } catch (IllegalArgumentException | MalformedInputException damaged) {
            LOG.warn("{} holds no node id and is made anew", file);
            return List.of();
        }
    }

    /** Where the file has been lost, the segments still know, and the newest knows best. */
    private static List<UUID> idsOfSegments(Path folder) throws IOException {
        List<UUID> ids = new ArrayList<>();
        try (Stream<Path> listed = Files.list(folder)) {
            for (Path file : listed.filter(Segment::isSegment).sorted().toList().reversed()) {
                try (Segment segment = Segment.open(file)) {
                    UUID id = segment.header().node();
                    if (!ids.contains(id)) {
                        ids.add(id);
                    }
                } catch (IOException unreadable) {
                    LOG.debug("{} says nothing: {}", file, unreadable.getMessage());
                }
            }
        }
        return ids.isEmpty() ? List.of(UUID.randomUUID()) : List.copyOf(ids);
    }

    UUID current() {
        return ids.getFirst();
    }

    boolean isOwn(UUID id) {
        return ids.contains(id);
    }

    /**
     * Takes a new id. All that is held is then imported from its beginning, which changes nothing
     * where it is there already.
     */
    void renew() throws IOException {
        List<UUID> renewed = new ArrayList<>(ids);
        renewed.addFirst(UUID.randomUUID());
        write(renewed);
        ids = List.copyOf(renewed);
    }

    private void write(List<UUID> written) throws IOException {
        Path unfinished = folder.resolve("node.unfinished");
        Files.write(unfinished, written.stream().map(UUID::toString).toList());
        try (FileChannel channel = FileChannel.open(unfinished, StandardOpenOption.WRITE)) {
            channel.force(true);
        }
        Files.move(unfinished, folder.resolve("node"), StandardCopyOption.REPLACE_EXISTING);
        JournalFolder.force(folder);
    }
}
