package dev.sluice.journal;

import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * One pre-allocated, mapped file of entries. Its blocks are really written before it is used, so
 * that a full disk shows when it is made and never amid an append. Appending is guarded by the
 * journal; reading goes on beside it.
 */
final class Segment implements AutoCloseable {
    private static final long MAGIC = 0x534C_5549_4345_4A31L;
    private static final int FORMAT = 1;
    static final int FIRST_FRAME = 64;
    private static final int BLOCK = 1 << 20;
    private static final String SUFFIX = ".seg";
    private static final VarHandle LENGTH =
            MethodHandles.byteBufferViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

    private final Path file;
    private final long number;
    private final MappedByteBuffer bytes;
    private int end = FIRST_FRAME;
    private volatile boolean dirty;

    private Segment(Path file, long number, MappedByteBuffer bytes) {
        this.file = file;
        this.number = number;
        this.bytes = bytes;
        bytes.order(ByteOrder.LITTLE_ENDIAN);
    }

    /**
     * Makes a new file of zeroes under a temporary name and gives it its own when all of it is
     * there.
     */
    static Segment create(Path folder, long number, int size, long after) throws IOException {
        Path file = folder.resolve(String.format("%020d" + SUFFIX, number));
        Path unfinished = folder.resolve("unfinished");
        try (FileChannel channel =
                FileChannel.open(
                        unfinished,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.TRUNCATE_EXISTING,
                        StandardOpenOption.WRITE)) {
            ByteBuffer zeroes = ByteBuffer.allocate(Math.min(size, BLOCK));
            for (long written = 0; written < size; ) {
                zeroes.clear().limit((int) Math.min(zeroes.capacity(), size - written));
                written += channel.write(zeroes);
            }
            ByteBuffer header = ByteBuffer.allocate(32).order(ByteOrder.LITTLE_ENDIAN);
            header.putLong(MAGIC).putInt(FORMAT).putInt(0).putLong(number).putLong(after).flip();
            channel.write(header, 0);
            channel.force(true);
        } catch (IOException full) {
            Files.deleteIfExists(unfinished);
            throw full;
        }
        Files.move(unfinished, file);
        return open(file);
    }

    /** Maps an existing file. Fails if it is not a segment. */
    static Segment open(Path file) throws IOException {
        try (FileChannel channel =
                FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            long size = channel.size();
            if (size < FIRST_FRAME || size > Integer.MAX_VALUE) {
                throw new IOException("no journal segment: a file of " + size + " bytes");
            }
            MappedByteBuffer mapped = channel.map(FileChannel.MapMode.READ_WRITE, 0, size);
            mapped.order(ByteOrder.LITTLE_ENDIAN);
            if (mapped.getLong(0) != MAGIC || mapped.getInt(8) != FORMAT) {
                throw new IOException("no journal segment of format " + FORMAT);
            }
            return new Segment(file, mapped.getLong(16), mapped);
        }
    }

    static boolean isSegment(Path file) {
        return file.getFileName().toString().endsWith(SUFFIX);
    }

    long number() {
        return number;
    }

    /**
     * {@return a sequence number that no entry in here stays below; 0 if none was known when it was
     * made}
     */
    long after() {
        return bytes.getLong(24);
    }

    Path file() {
        return file;
    }

    int capacity() {
        return bytes.capacity();
    }

    int left() {
        return bytes.capacity() - end;
    }

    /** {@return the bytes used, as far as appends and scans have come} */
    int end() {
        return end;
    }

    boolean fits(int payloadLength) {
        return Frame.sizeOf(payloadLength) <= left();
    }

    /** Appends an entry that {@link #fits}. */
    void append(Frame frame) {
        int length = Frame.write(bytes, end, frame);
        LENGTH.setRelease((ByteBuffer) bytes, end, length);
        end += Frame.sizeOf(length);
        dirty = true;
    }

    /** {@return the length of the entry at that offset, 0 if there is none yet} */
    int lengthAt(int offset) {
        return offset + Frame.HEADER > bytes.capacity()
                ? 0
                : (int) LENGTH.getAcquire((ByteBuffer) bytes, offset);
    }

    @Nullable Frame frameAt(int offset, int length) {
        return Frame.read(bytes, offset, length);
    }

    /** {@return a copy of bytes that hold no sound entry} */
    byte[] copy(int from, int to) {
        byte[] copy = new byte[to - from];
        bytes.get(from, copy);
        return copy;
    }

    /** Writes what has changed through to the disk. */
    void force() {
        if (dirty) {
            dirty = false;
            bytes.force();
        }
    }

    /** The mapping itself lives until nobody refers to it. */
    @Override
    public void close() {
        force();
    }
}
