package dev.sluice.http;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Header fields in their order, looked up without regard to case. Immutable. */
public final class Headers implements Iterable<Headers.Header> {
    public static final Headers EMPTY = new Headers(new Header[0]);

    private final Header[] headers;

    /** One header field as it stood on the wire. */
    public record Header(String name, String value) {}

    private Headers(Header[] headers) {
        this.headers = headers;
    }

    public static Headers of(List<Header> headers) {
        return headers.isEmpty() ? EMPTY : new Headers(headers.toArray(Header[]::new));
    }

    /** {@return headers from alternating names and values} */
    public static Headers of(String... namesAndValues) {
        List<Header> headers = new ArrayList<>(namesAndValues.length / 2);
        for (int i = 0; i < namesAndValues.length; i += 2) {
            headers.add(new Header(namesAndValues[i], namesAndValues[i + 1]));
        }
        return of(headers);
    }

    /** {@return the first value of that name, or null} */
    public @Nullable String get(String name) {
        for (Header header : headers) {
            if (header.name().equalsIgnoreCase(name)) {
                return header.value();
            }
        }
        return null;
    }

    public List<String> all(String name) {
        List<String> values = List.of();
        for (Header header : headers) {
            if (header.name().equalsIgnoreCase(name)) {
                if (values.isEmpty()) {
                    values = new ArrayList<>(1);
                }
                values.add(header.value());
            }
        }
        return values;
    }

    public boolean contains(String name) {
        return get(name) != null;
    }

    /** {@return these headers with that one set, in place of any of the same name} */
    public Headers with(String name, String value) {
        List<Header> changed = new ArrayList<>(headers.length + 1);
        for (Header header : headers) {
            if (!header.name().equalsIgnoreCase(name)) {
                changed.add(header);
            }
        }
        changed.add(new Header(name, value));
        return of(changed);
    }

    /** {@return these headers without any of that name} */
    public Headers without(String name) {
        if (!contains(name)) {
            return this;
        }
        List<Header> kept = new ArrayList<>(headers.length);
        for (Header header : headers) {
            if (!header.name().equalsIgnoreCase(name)) {
                kept.add(header);
            }
        }
        return of(kept);
    }

    /** {@return these headers and then those, none replaced} */
    public Headers and(Headers others) {
        List<Header> joined = new ArrayList<>(List.of(headers));
        others.forEach(joined::add);
        return of(joined);
    }

    public int size() {
        return headers.length;
    }

    @Override
    public Iterator<Header> iterator() {
        return Arrays.asList(headers).iterator();
    }
}
