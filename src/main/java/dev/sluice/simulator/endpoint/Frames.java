package dev.sluice.simulator.endpoint;

import java.util.List;
import java.util.stream.Stream;

/** Streams of events. */
public final class Frames {
    private Frames() {}

    /** {@return one after the other, each made only when its turn comes} */
    public static <T> Stream<T> concat(List<Stream<T>> parts) {
        return parts.stream().reduce(Stream.empty(), Stream::concat);
    }
}
