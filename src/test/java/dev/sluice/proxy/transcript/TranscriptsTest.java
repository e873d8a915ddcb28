package dev.sluice.proxy.transcript;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.proxy.FakeTicker;
import dev.sluice.proxy.Fixtures;
import dev.sluice.proxy.route.memory.SessionKey;
import dev.sluice.proxy.transcript.Transcripts.Bounds;
import dev.sluice.proxy.transcript.Transcripts.Said;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class TranscriptsTest {
    private static final SessionKey SESSION = new SessionKey(Fixtures.id("key"), "s");

    private final FakeTicker ticker = new FakeTicker();
    private final Transcripts transcripts =
            new Transcripts(new Bounds(3, 10, 10_000, Duration.ofHours(2)), ticker);

    private void say(SessionKey session, String request, String... answer) {
        Note note =
                Objects.requireNonNull(
                        transcripts.note(session, request.getBytes(StandardCharsets.UTF_8)));
        for (String piece : answer) {
            note.passed(Buffer.buffer(piece));
        }
        note.over();
    }

    @Test
    void theNewestCallsOfASessionAreKeptEachCutAtItsBound() {
        say(SESSION, "one", "a");
        say(SESSION, "two", "b");
        say(SESSION, "three", "c");
        say(SESSION, "a request that is long", "an ", "answer ", "that is long");
        assertThat(transcripts.of(SESSION))
                .containsExactly(
                        new Said("a request ", "an answer "),
                        new Said("three", "c"),
                        new Said("two", "b"));
    }

    @Test
    void aSessionOfAnotherKeyIsAnotherOne() {
        say(SESSION, "one", "a");
        assertThat(transcripts.of(new SessionKey(Fixtures.id("other"), "s"))).isEmpty();
    }

    @Test
    void whatIsNotUsedIsForgottenAndThereIsABoundForAll() {
        say(SESSION, "one", "a");
        ticker.advance(Duration.ofMinutes(121));
        assertThat(transcripts.of(SESSION)).isEmpty();
        for (int i = 0; i < 1_000; i++) {
            say(new SessionKey(Fixtures.id("key"), "s" + i), "0123456789", "0123456789");
        }
        long kept = 0;
        for (int i = 0; i < 1_000; i++) {
            kept += transcripts.of(new SessionKey(Fixtures.id("key"), "s" + i)).size();
        }
        assertThat(kept).isBetween(10L, 40L);
    }

    @Test
    void whereNothingIsKeptNothingIsNoted() {
        Transcripts none = new Transcripts(Bounds.NOTHING, ticker);
        assertThat(none.note(SESSION, new byte[3])).isNull();
        assertThat(transcripts.note(null, new byte[3])).isNull();
    }
}
