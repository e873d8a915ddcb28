package dev.sluice.dialect.sse;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Cuts a byte stream into events, wherever the network split it. Lines end in CR, LF or CRLF,
 * nothing else; a byte order mark at the very start is skipped in the data but kept in the raw
 * bytes. State is bounded by the limit and does not grow with the stream. For one thread.
 */
public final class SseReader {
    private static final byte[] BYTE_ORDER_MARK = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};

    private final int maxEventBytes;
    private byte[] held = new byte[512];
    private int length;
    private int scanned;
    private int lineStart;
    private boolean oversize;
    private boolean first = true;

    /** An event longer than the limit is handed on in fragments. */
    public SseReader(int maxEventBytes) {
        this.maxEventBytes = maxEventBytes;
    }

    public void read(byte[] bytes, SseSink sink) {
        append(bytes);
        int eventStart = 0;
        while (scanned < length) {
            int lineEnd = endOfLine();
            if (lineEnd < 0) {
                break;
            }
            boolean blank = lineEnd == lineStart;
            scanned = afterLineBreak(lineEnd);
            lineStart = scanned;
            if (blank) {
                deliver(eventStart, scanned, sink);
                eventStart = scanned;
            }
        }
        keepFrom(eventStart);
        if (length > maxEventBytes || (oversize && length > 0)) {
            spill(sink);
        }
    }

    /** {@return the bytes of an event that has begun and not ended} */
    public byte[] rest() {
        return Arrays.copyOf(held, length);
    }

    /**
     * {@return where the current line ends, or -1 while that is not known} A CR at the very end may
     * yet be half of a CRLF.
     */
    private int endOfLine() {
        for (int i = scanned; i < length; i++) {
            byte b = held[i];
            if (b == '\n') {
                return i;
            }
            if (b == '\r') {
                if (i + 1 < length || lineStart == i) {
                    return i;
                }
                scanned = i;
                return -1;
            }
        }
        scanned = length;
        return -1;
    }

    private int afterLineBreak(int lineEnd) {
        boolean crLf = held[lineEnd] == '\r' && lineEnd + 1 < length && held[lineEnd + 1] == '\n';
        return lineEnd + (crLf ? 2 : 1);
    }

    private void deliver(int start, int end, SseSink sink) {
        byte[] raw = Arrays.copyOfRange(held, start, end);
        if (oversize) {
            sink.fragment(raw);
            oversize = false;
        } else {
            sink.event(parse(raw));
        }
        first = false;
    }

    private void spill(SseSink sink) {
        int keep = length - lineStart <= 1 ? length - lineStart : 0;
        if (length > keep) {
            sink.fragment(Arrays.copyOf(held, length - keep));
        }
        oversize = true;
        boolean amidLine = keep == 0;
        System.arraycopy(held, length - keep, held, 0, keep);
        length = keep;
        scanned = 0;
        lineStart = amidLine ? -1 : 0;
    }

    private void append(byte[] bytes) {
        if (length + bytes.length > held.length) {
            held = Arrays.copyOf(held, Math.max(held.length * 2, length + bytes.length));
        }
        System.arraycopy(bytes, 0, held, length, bytes.length);
        length += bytes.length;
    }

    private void keepFrom(int start) {
        if (start == 0) {
            return;
        }
        System.arraycopy(held, start, held, 0, length - start);
        length -= start;
        scanned -= start;
        lineStart -= start;
        if (length < 4096 && held.length > 65536) {
            held = Arrays.copyOf(held, 4096);
        }
    }

    private SseEvent parse(byte[] raw) {
        int position = first && startsWith(raw, BYTE_ORDER_MARK) ? BYTE_ORDER_MARK.length : 0;
        String type = "";
        byte[] data = null;
        ByteArrayOutputStream joined = null;
        while (position < raw.length) {
            int end = position;
            while (end < raw.length && raw[end] != '\n' && raw[end] != '\r') {
                end++;
            }
            if (fieldIs(raw, position, end, "data")) {
                byte[] value = value(raw, position + 4, end);
                if (data == null) {
                    data = value;
                } else {
                    if (joined == null) {
                        joined = new ByteArrayOutputStream(raw.length);
                        joined.writeBytes(data);
                    }
                    joined.write('\n');
                    joined.writeBytes(value);
                }
            } else if (fieldIs(raw, position, end, "event")) {
                type = new String(value(raw, position + 5, end), StandardCharsets.UTF_8);
            }
            position = end + 1;
        }
        byte[] all = joined != null ? joined.toByteArray() : data == null ? new byte[0] : data;
        return new SseEvent(raw, type, all, data != null);
    }

    private static boolean fieldIs(byte[] raw, int start, int end, String name) {
        int length = name.length();
        if (end - start < length || (end - start > length && raw[start + length] != ':')) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            if (raw[start + i] != name.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    /** {@return the value after the colon, without the one space that may follow it} */
    private static byte[] value(byte[] raw, int colon, int end) {
        int start = Math.min(end, colon + 1);
        if (start < end && raw[start] == ' ') {
            start++;
        }
        return Arrays.copyOfRange(raw, start, end);
    }

    private static boolean startsWith(byte[] raw, byte[] prefix) {
        return raw.length >= prefix.length
                && Arrays.equals(raw, 0, prefix.length, prefix, 0, prefix.length);
    }
}
