package dev.sluice.dialect.openai.responses;

import dev.sluice.dialect.json.ArrayCuts;
import dev.sluice.dialect.json.Json;
import dev.sluice.dialect.json.Splice;
import dev.sluice.dialect.peek.RequestPeek.Span;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/**
 * A conversation that a client goes on with by the id of its last answer, where no upstream knows
 * that id: who remembers what was said before puts it in front of what is said now (wire-contract
 * §2.3). Total on arbitrary bytes.
 */
public final class Continuation {
    private final byte[] request;
    private final List<ArrayCuts.Element> members = new ArrayList<>();
    private String previous = "";
    private @Nullable Span input;
    private boolean inputIsText;

    private Continuation(byte[] request) {
        this.request = request;
    }

    /**
     * {@return the request with what was said before in place of {@code previous_response_id}; the
     * very same array if it has none that is known, or several}
     *
     * @param histories gives what a {@link #history} was kept under an id, or null; asked only for
     *     ids of the caller's own
     */
    public static byte[] continued(byte[] request, Function<String, byte @Nullable []> histories) {
        Continuation read = read(request);
        boolean isOne = read.members.stream().filter(ArrayCuts.Element::goes).count() == 1;
        byte[] before = isOne && !read.previous.isEmpty() ? histories.apply(read.previous) : null;
        return before == null ? request : read.after(before);
    }

    /**
     * {@return what a later request goes on from: the items of this one and of its answer, with
     * commas between}
     *
     * @param answered the items of the answer
     */
    public static byte[] history(byte[] request, Collection<byte[]> answered) {
        List<byte[]> items = new ArrayList<>();
        byte[] asked = read(request).items();
        if (asked.length > 0) {
            items.add(asked);
        }
        items.addAll(answered);
        return joined(items);
    }

    private static Continuation read(byte[] request) {
        Continuation read = new Continuation(request);
        try (JsonParser parser = Json.parser(request)) {
            if (parser.nextToken() == JsonToken.START_OBJECT) {
                read.members(parser);
            }
        } catch (JacksonException e) {
            return new Continuation(request);
        }
        return read;
    }

    private void members(JsonParser parser) {
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            int start = Json.start(parser);
            String name = parser.currentName();
            JsonToken token = parser.nextToken();
            boolean isPrevious = name.equals("previous_response_id");
            if (isPrevious && token == JsonToken.VALUE_STRING) {
                previous = parser.getString();
            }
            int valueStart = Json.start(parser);
            parser.skipChildren();
            int end = Json.end(parser);
            members.add(new ArrayCuts.Element(new Span(start, end), isPrevious));
            if (name.equals("input")
                    && (token == JsonToken.START_ARRAY || token == JsonToken.VALUE_STRING)) {
                input = new Span(valueStart, end);
                inputIsText = token == JsonToken.VALUE_STRING;
            }
        }
    }

    private byte[] after(byte[] before) {
        byte[] now = items();
        List<byte[]> all = now.length == 0 ? List.of(before) : List.of(before, now);
        String array = "[" + new String(joined(all), StandardCharsets.UTF_8) + "]";
        Splice splice = new Splice(request);
        Span said = input;
        if (said == null) {
            ArrayCuts.Element gone =
                    members.stream().filter(ArrayCuts.Element::goes).findFirst().orElseThrow();
            return splice.replace(gone.span(), "\"input\":" + array).bytes();
        }
        ArrayCuts.of(members).forEach(cut -> splice.replace(cut, ""));
        return splice.replace(said, array).bytes();
    }

    /** {@return the request's items, with commas between} */
    private byte[] items() {
        Span said = input;
        if (said == null) {
            return new byte[0];
        }
        String text =
                new String(
                        request, said.start(), said.end() - said.start(), StandardCharsets.UTF_8);
        String items =
                inputIsText
                        ? "{\"role\":\"user\",\"content\":" + text + "}"
                        : text.substring(1, text.length() - 1).strip();
        return items.getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] joined(List<byte[]> items) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (byte[] item : items) {
            if (out.size() > 0) {
                out.write(',');
            }
            out.writeBytes(item);
        }
        return out.toByteArray();
    }
}
