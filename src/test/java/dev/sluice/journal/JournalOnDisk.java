package dev.sluice.journal;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A journal's folder with small segments, and what tests do to it. */
record JournalOnDisk(Path folder) {
    static final int SEGMENT = 64 * 1024;

    /** Longer than anything here takes on a busy machine. */
    static final Duration PATIENCE = Duration.ofSeconds(60);

    JournalSettings settings(int segments) {
        return new JournalSettings(
                folder, SEGMENT, SEGMENT * (long) segments, Duration.ofMillis(20));
    }

    Journal open() throws IOException {
        return open(512);
    }

    Journal open(int segments) throws IOException {
        return Journal.open(settings(segments), Clock.systemUTC());
    }

    static Importer importer(Journal journal, RecordImport table) {
        Importer importer = new Importer(journal, table, Clock.systemUTC());
        importer.start();
        return importer;
    }

    /** Appends a record and waits until it is written. */
    static void append(Journal journal, UUID id) throws Exception {
        await(journal.closed(Records.completed(id)));
    }

    static void await(Future<Void> written) throws Exception {
        written.toCompletionStage()
                .toCompletableFuture()
                .get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }

    /** Opens the journal, imports what is in it and closes it. */
    List<UUID> importInto(TransactionalTable table) throws Exception {
        try (Journal journal = open();
                Importer importer = importer(journal, table)) {
            assertThat(importer.drain(PATIENCE)).as("drained").isTrue();
        }
        return table.ids();
    }

    List<UUID> imported() throws Exception {
        return importInto(new TransactionalTable());
    }

    /** Opens a journal, appends those and closes it. */
    void hold(UUID... ids) throws Exception {
        try (Journal journal = open()) {
            for (UUID id : ids) {
                append(journal, id);
            }
        }
    }

    List<Path> segments() throws IOException {
        return list(folder).stream().filter(Segment::isSegment).sorted().toList();
    }

    /** {@return the names of what was set aside} */
    List<String> setAside() throws IOException {
        Path corrupt = folder.resolve("corrupt");
        return Files.isDirectory(corrupt)
                ? list(corrupt).stream().map(file -> file.getFileName().toString()).toList()
                : List.of();
    }

    private static List<Path> list(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.toList();
        }
    }

    static void overwrite(Path file, long at, byte[] bytes) throws IOException {
        try (RandomAccessFile open = new RandomAccessFile(file.toFile(), "rw")) {
            open.seek(at);
            open.write(bytes);
        }
    }

    static void flip(Path file, long at) throws IOException {
        try (RandomAccessFile open = new RandomAccessFile(file.toFile(), "rw")) {
            open.seek(at);
            int before = open.read();
            open.seek(at);
            open.write(before ^ 0x10);
        }
    }
}
