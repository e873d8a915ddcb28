package dev.sluice.proxy.transcript;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.sluice.proxy.route.memory.SessionKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The last calls of each session. The ones unused for longest are forgotten when there is too much,
 * and all of them some time after their last call. Safe for many threads.
 */
public final class Transcripts {
    private final Bounds bounds;
    private final Cache<SessionKey, Transcript> sessions;

    /**
     * @param mostCalls of a session
     * @param longestSnippet of a request or an answer, in bytes
     * @param mostBytes of all sessions together
     * @param lifetime after a session's last call
     */
    public record Bounds(int mostCalls, int longestSnippet, long mostBytes, Duration lifetime) {
        public static final Bounds STANDARD = new Bounds(50, 4_096, 64L << 20, Duration.ofHours(2));

        /** Nothing is kept. */
        public static final Bounds NOTHING = new Bounds(0, 0, 0, Duration.ZERO);
    }

    /** A call's request and answer, each cut at its bound. */
    public record Said(String request, String answer) {
        int bytes() {
            return request.length() + answer.length();
        }
    }

    private record Transcript(List<Said> calls, int bytes) {
        static final Transcript EMPTY = new Transcript(List.of(), 0);

        Transcript with(Said call, int most) {
            List<Said> changed = new ArrayList<>(most);
            changed.add(call);
            changed.addAll(calls.size() < most ? calls : calls.subList(0, most - 1));
            int size = changed.stream().mapToInt(Said::bytes).sum();
            return new Transcript(List.copyOf(changed), size);
        }
    }

    /** The ticker counts nanoseconds, monotonic. */
    public Transcripts(Bounds bounds, LongSupplier ticker) {
        this.bounds = bounds;
        this.sessions =
                Caffeine.newBuilder()
                        .maximumWeight(bounds.mostBytes())
                        .weigher((SessionKey _, Transcript transcript) -> transcript.bytes() + 256)
                        .expireAfterAccess(bounds.lifetime())
                        .ticker(ticker::getAsLong)
                        .executor(Runnable::run)
                        .build();
    }

    /** {@return a note of that call, or null where nothing is kept} */
    public @Nullable Note note(@Nullable SessionKey session, byte[] request) {
        return session == null || bounds.mostCalls() == 0
                ? null
                : new Note(request, bounds.longestSnippet(), said -> add(session, said));
    }

    private void add(SessionKey session, Said said) {
        sessions.asMap()
                .compute(
                        session,
                        (_, before) ->
                                (before == null ? Transcript.EMPTY : before)
                                        .with(said, bounds.mostCalls()));
    }

    /** {@return what was said in that session, newest first} */
    public List<Said> of(SessionKey session) {
        Transcript transcript = sessions.getIfPresent(session);
        return transcript == null ? List.of() : transcript.calls();
    }
}
