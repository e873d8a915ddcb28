package dev.sluice.dialect.json;

import dev.sluice.dialect.peek.RequestPeek.Span;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** A JSON text with some values changed and members put in, every other byte as it was. */
public final class Splice {
    private record Edit(int start, int end, byte[] bytes) {}

    private final byte[] text;
    private final List<Edit> edits = new ArrayList<>(4);

    public Splice(byte[] text) {
        this.text = text;
    }

    public Splice replace(Span span, String json) {
        edits.add(new Edit(span.start(), span.end(), json.getBytes(StandardCharsets.UTF_8)));
        return this;
    }

    /**
     * Puts members first into an object.
     *
     * @param from the object's opening brace, or white space before it
     * @param members such as {@code "stream":true}; none changes nothing
     */
    public Splice putFirst(int from, List<String> members) {
        if (members.isEmpty()) {
            return this;
        }
        int inside = from;
        while (text[inside] != '{') {
            inside++;
        }
        inside++;
        String json = String.join(",", members) + (isEmptyAt(inside) ? "" : ",");
        edits.add(new Edit(inside, inside, json.getBytes(StandardCharsets.UTF_8)));
        return this;
    }

    /** {@return the changed text; the very same array if nothing was changed} */
    public byte[] bytes() {
        if (edits.isEmpty()) {
            return text;
        }
        edits.sort(Comparator.comparingInt(Edit::start));
        int length = text.length;
        for (Edit edit : edits) {
            length += edit.bytes.length - (edit.end - edit.start);
        }
        byte[] changed = new byte[length];
        int from = 0;
        int to = 0;
        for (Edit edit : edits) {
            System.arraycopy(text, from, changed, to, edit.start - from);
            to += edit.start - from;
            System.arraycopy(edit.bytes, 0, changed, to, edit.bytes.length);
            to += edit.bytes.length;
            from = edit.end;
        }
        System.arraycopy(text, from, changed, to, text.length - from);
        return changed;
    }

    private boolean isEmptyAt(int inside) {
        int i = inside;
        while (text[i] == ' ' || text[i] == '\t' || text[i] == '\n' || text[i] == '\r') {
            i++;
        }
        return text[i] == '}';
    }
}
