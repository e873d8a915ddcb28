package dev.sluice.dialect;

import dev.sluice.chat.ChatEvent;
import dev.sluice.dialect.sse.SseEvent;
import dev.sluice.dialect.sse.SseReader;
import dev.sluice.dialect.sse.SseSink;
import java.util.ArrayList;
import java.util.List;

/** Whole streams of samples and recordings, taken apart. */
public final class Streams {
    private static final int LARGEST_EVENT = 1 << 23;

    private Streams() {}

    /** {@return the events of a stream, none of which may be larger than 8 MiB} */
    public static List<SseEvent> split(byte[] stream) {
        List<SseEvent> events = new ArrayList<>();
        SseReader sse = new SseReader(LARGEST_EVENT);
        SseSink sink =
                new SseSink() {
                    @Override
                    public void event(SseEvent event) {
                        events.add(event);
                    }

                    @Override
                    public void fragment(byte[] bytes) {
                        throw new AssertionError("an event that is too large");
                    }
                };
        sse.read(stream, sink);
        sse.end(sink);
        return events;
    }

    /** {@return what the stream of an upstream says} */
    public static List<ChatEvent> read(Dialect dialect, Memory memory, byte[] stream) {
        List<ChatEvent> events = new ArrayList<>();
        EventReader reader = dialect.newEventReader(memory);
        split(stream).forEach(event -> reader.read(event, events::add));
        reader.end(events::add);
        return events;
    }
}
