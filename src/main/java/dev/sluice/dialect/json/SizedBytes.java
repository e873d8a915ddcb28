package dev.sluice.dialect.json;

import java.io.OutputStream;
import java.util.Arrays;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectWriter;

/**
 * Bytes that are written into an array of their own size: what is larger than usual is written
 * twice, first to count it, so that a body with images is not held in two copies at any moment.
 */
final class SizedBytes extends OutputStream {
    private static final int USUAL = 64 << 10;

    private byte[] bytes;
    private int written;

    private SizedBytes(int capacity) {
        this.bytes = new byte[capacity];
    }

    /** {@return the tree as UTF-8} */
    static byte[] of(JsonNode tree, ObjectWriter writer) {
        SizedBytes first = new SizedBytes(512);
        writer.writeValue(first, tree);
        if (first.written <= first.bytes.length) {
            return Arrays.copyOf(first.bytes, first.written);
        }
        SizedBytes exact = new SizedBytes(first.written);
        writer.writeValue(exact, tree);
        return exact.bytes;
    }

    @Override
    public void write(int b) {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] from, int offset, int length) {
        int end = Math.addExact(written, length);
        if (end > bytes.length && written <= bytes.length && end <= USUAL) {
            bytes = Arrays.copyOf(bytes, Math.min(USUAL, Math.max(end, bytes.length * 4)));
        }
        if (end <= bytes.length) {
            System.arraycopy(from, offset, bytes, written, length);
        } else if (bytes.length > 0 && written <= bytes.length) {
            bytes = new byte[0];
        }
        written = end;
    }
}
