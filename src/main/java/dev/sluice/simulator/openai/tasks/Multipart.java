package dev.sluice.simulator.openai.tasks;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sluice.simulator.endpoint.Incoming;
import dev.sluice.simulator.endpoint.Refusal;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A form with files (RFC 7578). */
record Multipart(List<Part> parts) {
    private static final Pattern BOUNDARY =
            Pattern.compile("boundary=\"?([^\";,]{1,70})\"?", Pattern.CASE_INSENSITIVE);
    private static final Pattern NAME = Pattern.compile("[; ]name=\"([^\"]*)\"");

    /** A field, or a file. */
    record Part(String name, byte[] content) {}

    static Multipart read(Incoming incoming) throws Refusal {
        String type = incoming.headers().get("content-type");
        Matcher boundary = BOUNDARY.matcher(type == null ? "" : type);
        if (type == null || !type.startsWith("multipart/form-data") || !boundary.find()) {
            throw Refusal.invalid(
                    "The body has to be multipart/form-data with a boundary.", "content-type");
        }
        // One character a byte, so that positions in the text are positions in the body.
        String body = new String(incoming.body(), ISO_8859_1);
        String delimiter = "--" + boundary.group(1);
        List<Part> parts = new ArrayList<>();
        int at = body.indexOf(delimiter);
        while (at >= 0) {
            int start = at + delimiter.length();
            int next = body.indexOf("\r\n" + delimiter, start);
            if (next < 0) {
                break;
            }
            addPart(parts, body.substring(start, next));
            at = next + 2;
        }
        if (at < 0 || !body.startsWith("--", at + delimiter.length())) {
            throw Refusal.invalid("The multipart body is not whole.", null);
        }
        return new Multipart(parts);
    }

    private static void addPart(List<Part> parts, String part) {
        int blank = part.indexOf("\r\n\r\n");
        Matcher name = NAME.matcher(blank < 0 ? "" : part.substring(0, blank));
        if (name.find()) {
            byte[] content = part.substring(blank + 4).getBytes(ISO_8859_1);
            parts.add(new Part(name.group(1), content));
        }
    }

    @Nullable String text(String name) {
        for (Part part : parts) {
            if (part.name().equals(name)) {
                return new String(part.content(), UTF_8);
            }
        }
        return null;
    }

    /** {@return the files of that name, or of that name with brackets} */
    List<Part> files(String name) {
        return parts.stream()
                .filter(part -> part.name().equals(name) || part.name().equals(name + "[]"))
                .toList();
    }
}
