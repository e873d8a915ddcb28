package dev.sluice.dialect.json;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Watches one JSON object go by in pieces of any size and keeps the values of some of its own
 * members, not of those further inside. Anything that is no JSON object leaves it empty. What it
 * holds does not grow with the object.
 */
public final class MemberScanner {
    private static final int LONGEST_NAME = 64;
    private static final int LARGEST_VALUE = 16 * 1024;

    private final Set<String> wanted;
    private final StringBuilder kept = new StringBuilder("{");
    private final ByteArrayOutputStream name = new ByteArrayOutputStream(LONGEST_NAME);
    private final ByteArrayOutputStream value = new ByteArrayOutputStream(256);
    private @Nullable String keeping;
    private int depth;
    private boolean inString;
    private boolean inName;
    private boolean escaped;
    private boolean nameIsNext;
    private boolean over;

    public MemberScanner(Set<String> wanted) {
        this.wanted = Set.copyOf(wanted);
    }

    public void read(byte[] piece) {
        for (int i = 0; i < piece.length && !over; i++) {
            if (inString) {
                string(piece[i]);
            } else {
                outside(piece[i]);
            }
        }
    }

    /** {@return an object of the members that were found} */
    public byte[] found() {
        return (kept + "}").getBytes(StandardCharsets.UTF_8);
    }

    private void string(byte b) {
        if (escaped) {
            escaped = false;
        } else if (b == '\\') {
            escaped = true;
        } else if (b == '"') {
            inString = false;
            if (inName) {
                inName = false;
                return;
            }
        }
        if (inName) {
            if (name.size() < LONGEST_NAME) {
                name.write(b);
            }
        } else {
            keep(b);
        }
    }

    private void outside(byte b) {
        switch (b) {
            case '"' -> {
                inString = true;
                inName = depth == 1 && nameIsNext;
                if (inName) {
                    name.reset();
                    return;
                }
            }
            case '{', '[' -> {
                depth++;
                if (depth == 1) {
                    nameIsNext = true;
                    over = b == '[';
                    return;
                }
            }
            case '}', ']' -> {
                depth--;
                if (depth == 0) {
                    endValue();
                    over = true;
                }
            }
            case ',' -> {
                if (depth == 1) {
                    endValue();
                    nameIsNext = true;
                    return;
                }
            }
            case ':' -> {
                if (depth == 1 && nameIsNext) {
                    beginValue();
                    return;
                }
            }
            default -> over = depth == 0 && !Character.isWhitespace(b);
        }
        keep(b);
    }

    private void beginValue() {
        nameIsNext = false;
        String called = name.toString(StandardCharsets.UTF_8);
        keeping = wanted.contains(called) ? called : null;
        value.reset();
    }

    private void keep(byte b) {
        if (keeping != null && value.size() <= LARGEST_VALUE) {
            value.write(b);
        }
    }

    private void endValue() {
        if (keeping != null && value.size() <= LARGEST_VALUE) {
            kept.append(kept.length() > 1 ? "," : "")
                    .append(Json.quoted(keeping))
                    .append(':')
                    .append(value.toString(StandardCharsets.UTF_8));
        }
        keeping = null;
    }
}
