package dev.sluice.proxy.endpoint;

import dev.sluice.http.HttpFailure;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Watches a form go by in pieces of any size: finds the fields that decide anything, and refuses
 * what an upstream could understand differently. Files are passed over and nothing of them is kept.
 */
final class FormScanner {
    private static final int MOST_PARTS = 256;
    private static final int LONGEST_HEAD = 8 * 1024;
    private static final int LONGEST_FIELD = 512;
    private static final int LONGEST_EPILOGUE = 4 * 1024;
    private static final byte[] HEAD_END = {'\r', '\n', '\r', '\n'};

    private final byte[] delimiter;
    private final int[] fallbacks;
    private final ByteArrayOutputStream kept = new ByteArrayOutputStream(256);
    private Place place = Place.BEFORE;
    private long offset;
    private long contentStart;
    private int matched = 2;
    private int parts;
    private @Nullable PartHead head;
    private @Nullable Field model;
    private boolean stream;

    private enum Place {
        /** Before the first part: nothing but the first delimiter. */
        BEFORE,
        /** Behind a delimiter: a line end, or two hyphens at the form's end. */
        BEHIND_DELIMITER,
        HEAD,
        CONTENT,
        /** Behind the last delimiter. */
        OVER
    }

    /**
     * A field's value.
     *
     * @param start where it begins, counted from the form's beginning
     * @param end where the delimiter behind it begins
     */
    record Field(String value, long start, long end) {}

    FormScanner(Boundary boundary) {
        this.delimiter = boundary.delimiter();
        this.fallbacks = fallbacks(delimiter);
    }

    /**
     * Takes the next bytes.
     *
     * @throws HttpFailure 400 naming the place where the form is malformed
     */
    void feed(byte[] piece) {
        for (int i = 0; i < piece.length; i++) {
            if (place == Place.CONTENT && matched == 0 && !keepsContent()) {
                int next = indexOfReturn(piece, i);
                offset += next - i;
                i = next;
                if (i == piece.length) {
                    return;
                }
            }
            take(piece[i]);
            offset++;
        }
    }

    /** The form has ended. */
    void end() {
        if (place != Place.OVER) {
            throw malformed("the form ends before its last boundary, '--boundary--'.");
        }
    }

    /** {@return the field {@code model}, once all of it has gone by} */
    @Nullable Field model() {
        return model;
    }

    /** {@return whether a stream is asked for, as far as the form has gone by} */
    boolean stream() {
        return stream;
    }

    private void take(byte b) {
        switch (place) {
            case BEFORE -> {
                if (b != delimiter[matched]) {
                    throw malformed("the form must begin with its boundary.");
                }
                matched++;
                if (matched == delimiter.length) {
                    behindDelimiter();
                }
            }
            case BEHIND_DELIMITER -> lineEnd(b);
            case HEAD -> head(b);
            case CONTENT -> content(b);
            case OVER -> {
                kept.write(b);
                if (kept.size() > LONGEST_EPILOGUE) {
                    throw malformed("there is more behind its last boundary.");
                }
            }
        }
    }

    private void behindDelimiter() {
        place = Place.BEHIND_DELIMITER;
        kept.reset();
    }

    private void lineEnd(byte b) {
        kept.write(b);
        byte[] seen = kept.toByteArray();
        byte first = seen[0];
        if (first == '-') {
            if (seen.length == 2) {
                if (b != '-') {
                    throw malformed("a boundary is followed by a line end, or by '--' at the end.");
                }
                place = Place.OVER;
                kept.reset();
            }
            return;
        }
        if (b == '\n' && seen.length > 1 && seen[seen.length - 2] == '\r') {
            beginPart();
        } else if ((b != ' ' && b != '\t' && b != '\r') || seen.length > 64) {
            throw malformed("a boundary is followed by a line end, or by '--' at the end.");
        }
    }

    private void beginPart() {
        parts++;
        if (parts > MOST_PARTS) {
            throw malformed("a form may have at most " + MOST_PARTS + " parts.");
        }
        place = Place.HEAD;
        kept.reset();
    }

    private void head(byte b) {
        kept.write(b);
        if (kept.size() > LONGEST_HEAD) {
            throw malformed(
                    "the header lines of a part may have at most " + LONGEST_HEAD + " bytes.");
        }
        if (b != '\n') {
            return;
        }
        byte[] lines = kept.toByteArray();
        if (lines.length < 2 || lines[lines.length - 2] != '\r') {
            throw malformed("header lines end with CR LF.");
        }
        if (endsHead(lines)) {
            beginContent(lines);
        }
    }

    private static boolean endsHead(byte[] lines) {
        int from = lines.length - HEAD_END.length;
        return lines.length == 2
                || (from >= 0 && lines[from] == HEAD_END[0] && lines[from + 1] == HEAD_END[1]);
    }

    private void beginContent(byte[] lines) {
        try {
            head = PartHead.read(lines);
        } catch (IllegalArgumentException unreadable) {
            throw malformed(unreadable.getMessage());
        }
        if (head.name().equalsIgnoreCase("model")) {
            requireSoleModel(head);
        }
        place = Place.CONTENT;
        matched = 0;
        contentStart = offset + 1;
        kept.reset();
    }

    private void requireSoleModel(PartHead part) {
        if (!part.name().equals("model")) {
            throw malformed("a field differs from 'model' only in letter case.");
        }
        if (model != null) {
            throw malformed("'model' is given twice.");
        }
        if (part.isFile() || part.isEncoded()) {
            throw malformed("'model' must be a plain field.");
        }
    }

    private boolean keepsContent() {
        PartHead part = head;
        return part != null
                && !part.isFile()
                && (part.name().equals("model") || part.name().equals("stream"));
    }

    private void content(byte b) {
        while (matched > 0 && delimiter[matched] != b) {
            matched = fallbacks[matched - 1];
        }
        if (delimiter[matched] == b) {
            matched++;
        }
        if (keepsContent()) {
            kept.write(b);
            if (kept.size() > LONGEST_FIELD + delimiter.length) {
                throw malformed("the field may have at most " + LONGEST_FIELD + " bytes.");
            }
        }
        if (matched == delimiter.length) {
            endContent();
        }
    }

    private void endContent() {
        long end = offset + 1 - delimiter.length;
        if (keepsContent() && head != null) {
            int length = Math.toIntExact(end - contentStart);
            String value = new String(kept.toByteArray(), 0, length, StandardCharsets.UTF_8);
            if (head.name().equals("model")) {
                if (value.chars().anyMatch(Character::isISOControl)) {
                    throw malformed("'model' holds control characters.");
                }
                model = new Field(value, contentStart, end);
            } else {
                stream = value.strip().equalsIgnoreCase("true");
            }
        }
        behindDelimiter();
    }

    private HttpFailure malformed(@Nullable String what) {
        return MalformedForm.at(
                Math.max(1, parts), offset, what == null ? "it cannot be read." : what);
    }

    private static int indexOfReturn(byte[] piece, int from) {
        int i = from;
        while (i < piece.length && piece[i] != '\r') {
            i++;
        }
        return i;
    }

    /** How much of the delimiter is still matched when its next byte does not match. */
    private static int[] fallbacks(byte[] pattern) {
        int[] lengths = new int[pattern.length];
        int length = 0;
        for (int i = 1; i < pattern.length; i++) {
            while (length > 0 && pattern[i] != pattern[length]) {
                length = lengths[length - 1];
            }
            if (pattern[i] == pattern[length]) {
                length++;
            }
            lengths[i] = length;
        }
        return lengths;
    }
}
