import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/**
 * Reads one streamed answer from a connection, chunked or with a length (an answer that was there at once has one), without taking its
 * events apart: they are counted by their blank lines. For one thread; the same reader can read one answer after the other.
 */
final class StreamReader {
    private static final byte[] DONE = "data: [DONE]".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] LAST_CHUNK = "\r\n0\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] LENGTH = "\r\ncontent-length: ".getBytes(StandardCharsets.US_ASCII);

    private final InputStream in;
    private final byte[] buffer;
    private final Runnable onEvent;
    private int matchedDone;
    private int matchedLast;
    private int matchedLength;
    private int previous;
    private long length;
    private boolean readsLength;
    private boolean done;

    StreamReader(InputStream in, int bufferBytes, Runnable onEvent) {
        this.in = in;
        this.buffer = new byte[bufferBytes];
        this.onEvent = onEvent;
    }

    /** {@return whether the answer came whole, with its {@code [DONE]}} False too where the connection was closed before. */
    boolean read() throws IOException {
        matchedDone = 0;
        matchedLast = 0;
        matchedLength = 0;
        length = -1;
        readsLength = false;
        done = false;
        boolean inHead = true;
        long body = 0;
        int blank = 0;
        for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
            for (int i = 0; i < read; i++) {
                byte b = buffer[i];
                if (inHead) {
                    head(b);
                    blank = b == '\n' ? blank + 1 : b == '\r' ? blank : 0;
                    inHead = blank < 2;
                } else {
                    body++;
                    if (body(b) || body == length) {
                        return done;
                    }
                }
            }
        }
        return false;
    }

    private void head(byte b) {
        if (readsLength) {
            if (b >= '0' && b <= '9') {
                length = Math.max(0, length) * 10 + b - '0';
            } else {
                readsLength = false;
            }
            return;
        }
        int lower = b >= 'A' && b <= 'Z' ? b + 32 : b;
        matchedLength = lower == LENGTH[matchedLength] ? matchedLength + 1 : lower == LENGTH[0] ? 1 : 0;
        if (matchedLength == LENGTH.length) {
            readsLength = true;
            matchedLength = 0;
        }
    }

    /** {@return whether that was the last byte of a chunked answer} */
    private boolean body(byte b) {
        matchedDone = b == DONE[matchedDone] ? matchedDone + 1 : b == DONE[0] ? 1 : 0;
        if (matchedDone == DONE.length) {
            done = true;
            matchedDone = 0;
        }
        if (b == '\n' && previous == '\n') {
            onEvent.run();
        }
        previous = b;
        if (length >= 0) {
            return false;
        }
        matchedLast = b == LAST_CHUNK[matchedLast] ? matchedLast + 1 : b == LAST_CHUNK[0] ? 1 : 0;
        return matchedLast == LAST_CHUNK.length;
    }
}
