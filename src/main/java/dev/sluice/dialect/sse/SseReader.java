package dev.sluice.dialect.sse;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Cuts a byte stream into events, wherever the network split it. Lines end in CR, LF or CRLF,
 * nothing else; a byte order mark at the very start is skipped in the data but kept in the raw
 * bytes. An event that ends in a bare CR is known to have ended only at the next byte, or at {@link
 * #end}. What is held never exceeds the limit between two reads and does not grow with the stream.
 * For one thread.
 */
public final class SseReader {
    private static final byte[] BYTE_ORDER_MARK = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};
    private static final int SMALL = 512;
    private static final int LARGE = 65536;

    private final int maxEventBytes;
    private byte[] held = new byte[SMALL];
    private int length;
    private boolean lineHasBytes;
    private boolean afterReturn;
    private boolean returnEndsEvent;
    private boolean oversize;
    private boolean first = true;

    /** An event longer than the limit is handed on in fragments. */
    public SseReader(int maxEventBytes) {
        this.maxEventBytes = maxEventBytes;
    }

    public void read(byte[] bytes, SseSink sink) {
        int start = 0;
        for (int i = 0; i < bytes.length; i++) {
            byte b = bytes[i];
            if (afterReturn) {
                afterReturn = false;
                int end = b == '\n' ? i + 1 : i;
                if (returnEndsEvent) {
                    deliver(bytes, start, end, sink);
                    start = end;
                }
                if (b == '\n') {
                    continue;
                }
            }
            if (b == '\n') {
                if (!lineHasBytes) {
                    deliver(bytes, start, i + 1, sink);
                    start = i + 1;
                }
                lineHasBytes = false;
            } else if (b == '\r') {
                afterReturn = true;
                returnEndsEvent = !lineHasBytes;
                lineHasBytes = false;
            } else {
                lineHasBytes = true;
            }
        }
        hold(bytes, start, sink);
    }

    /** Hands on what is left when the stream has ended, as an event even without its blank line. */
    public void end(SseSink sink) {
        if (length > 0) {
            deliver(new byte[0], 0, 0, sink);
        }
    }

    /** {@return the bytes of an event that has begun and not ended} */
    public byte[] rest() {
        return Arrays.copyOf(held, length);
    }

    private void deliver(byte[] bytes, int start, int end, SseSink sink) {
        byte[] raw = new byte[length + end - start];
        System.arraycopy(held, 0, raw, 0, length);
        System.arraycopy(bytes, start, raw, length, end - start);
        length = 0;
        if (held.length > LARGE) {
            held = new byte[SMALL];
        }
        if (!oversize && raw.length <= maxEventBytes) {
            sink.event(parse(raw));
        } else if (raw.length > 0) {
            sink.fragment(raw);
        }
        oversize = false;
        first = false;
    }

    private void hold(byte[] bytes, int start, SseSink sink) {
        int added = bytes.length - start;
        if (oversize || length + added > maxEventBytes) {
            spill(bytes, start, sink);
            return;
        }
        if (length + added > held.length) {
            held = Arrays.copyOf(held, Math.max(held.length * 2, length + added));
        }
        System.arraycopy(bytes, start, held, length, added);
        length += added;
    }

    private void spill(byte[] bytes, int start, SseSink sink) {
        byte[] fragment = new byte[length + bytes.length - start];
        System.arraycopy(held, 0, fragment, 0, length);
        System.arraycopy(bytes, start, fragment, length, bytes.length - start);
        length = 0;
        oversize = true;
        if (fragment.length > 0) {
            sink.fragment(fragment);
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
