package dev.sluice.proxy.relay;

import dev.sluice.chat.Usage;
import dev.sluice.dialect.AnswerPeek;
import dev.sluice.dialect.Dialect;
import dev.sluice.proxy.translate.EventTap;
import io.vertx.core.buffer.Buffer;
import org.jspecify.annotations.Nullable;

/** Watches bytes go by for what they say of usage. */
public interface ByteTap {

    /** Bytes that say nothing of usage. */
    ByteTap BLIND = new Counting(-1);

    void feed(Buffer bytes);

    Usage usage();

    @Nullable String model();

    /** {@return a tap that estimates from sizes, four bytes to a token} */
    static ByteTap estimating(long requestBytes) {
        return new Counting(requestBytes);
    }

    /** {@return a tap that reads usage from a stream of events} */
    static ByteTap ofEvents(Dialect dialect, long requestBytes) {
        return new Events(EventTap.watching(dialect), requestBytes);
    }

    /**
     * {@return a tap that reads usage from a whole answer in JSON, as long as that is at most so
     * large}
     */
    static ByteTap ofAnswer(Dialect dialect, long requestBytes, int largest) {
        return new WholeAnswer(dialect, requestBytes, largest);
    }

    /** Counts bytes; less than no request bytes means that there is nothing to estimate. */
    final class Counting implements ByteTap {
        private final long requestBytes;
        private long bytes;

        private Counting(long requestBytes) {
            this.requestBytes = requestBytes;
        }

        @Override
        public void feed(Buffer piece) {
            if (requestBytes >= 0) {
                bytes += piece.length();
            }
        }

        @Override
        public Usage usage() {
            return requestBytes < 0 ? Usage.NONE : Usage.estimated(requestBytes / 4, bytes / 4);
        }

        @Override
        public @Nullable String model() {
            return null;
        }
    }

    /** Reads events. */
    record Events(EventTap tap, long requestBytes) implements ByteTap {
        @Override
        public void feed(Buffer bytes) {
            tap.feed(bytes);
            tap.takeReady();
            tap.takeLast();
        }

        @Override
        public Usage usage() {
            return tap.usage(requestBytes);
        }

        @Override
        public @Nullable String model() {
            return tap.model();
        }
    }

    /** Keeps a copy of an answer up to a size, and reads it at the end. */
    final class WholeAnswer implements ByteTap {
        private final Dialect dialect;
        private final long requestBytes;
        private final int largest;
        private final Buffer kept = Buffer.buffer();
        private long bytes;
        private @Nullable AnswerPeek peek;

        private WholeAnswer(Dialect dialect, long requestBytes, int largest) {
            this.dialect = dialect;
            this.requestBytes = requestBytes;
            this.largest = largest;
        }

        @Override
        public void feed(Buffer piece) {
            bytes += piece.length();
            if (bytes <= largest) {
                kept.appendBuffer(piece);
            }
        }

        @Override
        public Usage usage() {
            Usage reported = peek().usage();
            return reported == null ? Usage.estimated(requestBytes / 4, bytes / 4) : reported;
        }

        @Override
        public @Nullable String model() {
            return peek().model();
        }

        private AnswerPeek peek() {
            AnswerPeek seen = peek;
            if (seen == null) {
                seen =
                        bytes <= largest
                                ? dialect.peekAnswer(kept.getBytes())
                                : new AnswerPeek(null, null, null, 0);
                peek = seen;
            }
            return seen;
        }
    }
}
