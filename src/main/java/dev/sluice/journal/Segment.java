package dev.sluice.journal;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One pre-allocated, mapped file of entries. Its blocks are really written before it is used, so
 * that a full disk shows when it is made and never amid an append. Appending is guarded by the
 * journal; reading goes on beside it. Unmapped when it is closed: a deleted file takes its room on
 * the disk until then.
 */
final class Segment implements AutoCloseable {
    static final int FIRST_FRAME = SegmentHeader.SIZE;
    private static final String SUFFIX = ".seg";
    private static final Pattern NAME = Pattern.compile("\\d{18}\\.seg");
    private static final String UNFINISHED = "unfinished";
    private static final int BLOCK = 1 << 20;
    private static final int ZEROES = 1 << 13;
    private static final VarHandle LENGTH =
            MethodHandles.byteBufferViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

    private final Path file;
    private final SegmentHeader header;
    private final Arena arena;
    private final MemorySegment mapped;
    private final ByteBuffer bytes;
    private volatile int end;
    private volatile boolean sealed;
    private volatile boolean dirty;

    /** Makes segments. */
    @FunctionalInterface
    interface Allocation {
        Segment create(Path folder, SegmentHeader header, int size) throws IOException;
    }

    private Segment(Path file, Arena arena) throws IOException {
        this.file = file;
        this.arena = arena;
        try (FileChannel channel =
                FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            this.mapped = channel.map(FileChannel.MapMode.READ_WRITE, 0, channel.size(), arena);
        }
        this.bytes = mapped.asByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
        this.header = SegmentHeader.read(bytes);
        this.end = bytes.capacity();
    }

    /**
     * Makes a new file of zeroes under a temporary name and gives it its own when all of it is
     * there.
     */
    static Segment create(Path folder, SegmentHeader header, int size) throws IOException {
        Path unfinished = folder.resolve(UNFINISHED);
        try {
            fill(unfinished, header, size);
        } catch (IOException full) {
            Files.deleteIfExists(unfinished);
            throw full;
        }
        Path file = folder.resolve(fileName(header.number()));
        Files.move(unfinished, file, StandardCopyOption.REPLACE_EXISTING);
        JournalFolder.force(folder);
        Segment made = open(file);
        made.endAt(FIRST_FRAME);
        return made;
    }

    private static void fill(Path file, SegmentHeader header, int size) throws IOException {
        try (FileChannel channel =
                FileChannel.open(
                        file,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.TRUNCATE_EXISTING,
                        StandardOpenOption.WRITE)) {
            ByteBuffer zeroes = ByteBuffer.allocate(Math.min(size, BLOCK));
            for (long written = 0; written < size; ) {
                zeroes.clear().limit((int) Math.min(zeroes.capacity(), size - written));
                written += channel.write(zeroes);
            }
            channel.write(header.bytes(), 0);
            channel.force(true);
        }
    }

    /**
     * Maps an existing file; where its entries end is found out by reading.
     *
     * @throws IOException if it is no segment, or not the one that its name says
     */
    static Segment open(Path file) throws IOException {
        long size = Files.size(file);
        if (size < FIRST_FRAME || size > Integer.MAX_VALUE) {
            throw new IOException("a file of " + size + " bytes is no journal segment");
        }
        Arena arena = Arena.ofShared();
        try {
            Segment segment = new Segment(file, arena);
            if (!file.endsWith(fileName(segment.number()))) {
                throw new IOException("it is segment " + segment.number() + " by its header");
            }
            return segment;
        } catch (IOException | RuntimeException unusable) {
            arena.close();
            throw unusable;
        }
    }

    static boolean isSegment(Path file) {
        return NAME.matcher(file.getFileName().toString()).matches();
    }

    static long numberOf(Path segment) {
        String name = segment.getFileName().toString();
        return Long.parseLong(name.substring(0, name.length() - SUFFIX.length()));
    }

    static String fileName(long number) {
        return String.format("%018d%s", number, SUFFIX);
    }

    /** Deletes what a process left that died while it made a segment. */
    static void deleteUnfinished(Path folder) throws IOException {
        Files.deleteIfExists(folder.resolve(UNFINISHED));
    }

    Path file() {
        return file;
    }

    SegmentHeader header() {
        return header;
    }

    long number() {
        return header.number();
    }

    int capacity() {
        return bytes.capacity();
    }

    /** {@return the offset behind the last entry} */
    int end() {
        return end;
    }

    int left() {
        return sealed ? 0 : bytes.capacity() - end;
    }

    /** Takes no more entries from now on. */
    void seal() {
        sealed = true;
    }

    boolean isEmpty() {
        return end == FIRST_FRAME;
    }

    /** Appends an entry for which there must be room. */
    void append(Frame frame) {
        int offset = end;
        frame.write(bytes, offset);
        LENGTH.setRelease(bytes, offset, frame.payload().length);
        end = offset + Frame.sizeOf(frame.payload().length);
        dirty = true;
    }

    /** {@return the sound entry at that offset, or null if none begins there} */
    @Nullable Frame frameAt(int offset) {
        if (offset > bytes.capacity() - Frame.HEADER) {
            return null;
        }
        int length = (int) LENGTH.getAcquire(bytes, offset);
        return Frame.read(bytes, offset, length);
    }

    /** Notes where the entries of an existing file end. */
    void endAt(int offset) {
        end = offset;
    }

    /** {@return whether nothing stands behind the last entry, so that appending may go on there} */
    boolean hasCleanEnd() {
        return usedBytes() <= end;
    }

    /**
     * {@return whether an entry behind the last sound one had become visible} A kill amid an append
     * leaves none: the length is written last.
     */
    boolean hasVisibleEntryAtEnd() {
        return bytes.capacity() - end >= Frame.HEADER && bytes.getInt(end) != 0;
    }

    /** {@return the offset behind the last word that is not zero} */
    int usedBytes() {
        int at = bytes.capacity() & -Long.BYTES;
        ByteBuffer zeroes = ByteBuffer.allocate(ZEROES);
        // By blocks first, which are compared many bytes at a time: most of a segment is empty.
        while (at - FIRST_FRAME >= ZEROES
                && bytes.slice(at - ZEROES, ZEROES).mismatch(zeroes) < 0) {
            at -= ZEROES;
        }
        while (at > FIRST_FRAME && bytes.getLong(at - Long.BYTES) == 0) {
            at -= Long.BYTES;
        }
        return at;
    }

    byte[] copy(int from, int to) {
        byte[] copy = new byte[to - from];
        bytes.get(from, copy);
        return copy;
    }

    /** Writes what has changed through to the disk. */
    synchronized void force() {
        if (!dirty || !arena.scope().isAlive()) {
            return;
        }
        dirty = false;
        try {
            mapped.force();
        } catch (RuntimeException failed) {
            dirty = true;
            throw failed;
        }
    }

    /** Unmaps it. Whoever still reads or appends fails. */
    @Override
    public synchronized void close() {
        if (arena.scope().isAlive()) {
            arena.close();
        }
    }
}
