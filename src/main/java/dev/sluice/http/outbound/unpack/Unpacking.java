package dev.sluice.http.outbound.unpack;

import java.util.Locale;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.jspecify.annotations.Nullable;

/**
 * Unpacks {@code gzip} (RFC 1952, also several members in a row) or {@code deflate} (RFC 1950) as
 * the bytes come, a piece at a time. Checksums are not checked: the connection has its own. For one
 * thread.
 */
public final class Unpacking implements AutoCloseable {
    private static final byte[] NOTHING = {};

    private final Inflater inflater;
    private final @Nullable GzipFrame frame;
    private byte[] input = NOTHING;
    private int at;
    private boolean closed;

    private Unpacking(Inflater inflater, @Nullable GzipFrame frame) {
        this.inflater = inflater;
        this.frame = frame;
    }

    /** {@return what unpacks that content coding, or null where nothing here can} */
    public static @Nullable Unpacking of(String encoding) {
        return switch (encoding.strip().toLowerCase(Locale.ROOT)) {
            case "gzip", "x-gzip" -> new Unpacking(new Inflater(true), new GzipFrame());
            case "deflate" -> new Unpacking(new Inflater(false), null);
            default -> null;
        };
    }

    /** Takes further packed bytes. */
    void feed(byte[] bytes) {
        byte[] left = left();
        byte[] all = new byte[left.length + bytes.length];
        System.arraycopy(left, 0, all, 0, left.length);
        System.arraycopy(bytes, 0, all, left.length, bytes.length);
        input = all;
        at = 0;
    }

    private byte[] left() {
        byte[] left = new byte[input.length - at];
        System.arraycopy(input, at, left, 0, left.length);
        return left;
    }

    /**
     * {@return how many bytes were unpacked into the piece; 0 where more packed ones are needed}
     *
     * @throws DataFormatException if the bytes are none of that coding
     */
    int next(byte[] piece) throws DataFormatException {
        while (!closed && at < input.length) {
            if (frame != null && !frame.isAmidData()) {
                at += frame.skip(input, at);
                continue;
            }
            if (frame == null && inflater.finished()) {
                at = input.length;
                return 0;
            }
            inflater.setInput(input, at, input.length - at);
            int length = inflater.inflate(piece);
            at = input.length - inflater.getRemaining();
            if (inflater.finished() && frame != null) {
                inflater.reset();
                frame.dataEnded();
            } else if (length == 0 && inflater.needsDictionary()) {
                throw new DataFormatException("a dictionary is needed");
            }
            if (length > 0) {
                return length;
            }
        }
        return 0;
    }

    /** {@return whether the bytes could rightly end here} */
    boolean isWhole() {
        return frame == null ? inflater.finished() : frame.isComplete();
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            inflater.close();
            input = NOTHING;
            at = 0;
        }
    }
}
