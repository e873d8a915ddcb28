package dev.sluice.proxy.relay;

import dev.sluice.chat.Usage;
import dev.sluice.dialect.Dialect;
import dev.sluice.dialect.json.MemberScanner;
import dev.sluice.dialect.peek.AnswerPeek;
import dev.sluice.proxy.call.UsageEstimate;
import dev.sluice.proxy.translate.EventTap;
import io.vertx.core.buffer.Buffer;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Watches bytes go by for what they say of usage. */
public interface ByteTap {

    /** Bytes that say nothing of usage. */
    ByteTap BLIND = new Blind();

    void feed(Buffer bytes);

    /** No more bytes will come, whether these were all or not. */
    default void end() {}

    Usage usage();

    @Nullable String model();

    /** {@return a tap that reads usage from a stream of events} */
    static ByteTap ofEvents(Dialect dialect, UsageEstimate estimate) {
        return new Events(EventTap.watching(dialect), estimate);
    }

    /** {@return a tap that reads usage from an answer in JSON, of any size} */
    static ByteTap ofAnswer(Dialect dialect, UsageEstimate estimate) {
        return new Members(dialect, estimate);
    }

    /** Sees nothing. */
    final class Blind implements ByteTap {
        private Blind() {}

        @Override
        public void feed(Buffer piece) {
            // Nothing is looked into.
        }

        @Override
        public Usage usage() {
            return Usage.NONE;
        }

        @Override
        public @Nullable String model() {
            return null;
        }
    }

    /** Reads events. */
    record Events(EventTap tap, UsageEstimate estimate) implements ByteTap {
        @Override
        public void feed(Buffer bytes) {
            tap.feed(bytes);
            tap.takeReady();
            tap.takeLast();
        }

        @Override
        public Usage usage() {
            return tap.usage(estimate);
        }

        @Override
        public @Nullable String model() {
            return tap.model();
        }
    }

    /** Keeps of an answer in JSON what it says of usage and model, whatever its size. */
    final class Members implements ByteTap {
        private static final Set<String> TELLING =
                Set.of("usage", "model", "usageMetadata", "modelVersion", "meta", "duration");

        private final Dialect dialect;
        private final UsageEstimate estimate;
        private final MemberScanner scanner = new MemberScanner(TELLING);
        private long bytes;
        private @Nullable AnswerPeek peek;

        private Members(Dialect dialect, UsageEstimate estimate) {
            this.dialect = dialect;
            this.estimate = estimate;
        }

        @Override
        public void feed(Buffer piece) {
            bytes += piece.length();
            scanner.read(piece.getBytes());
        }

        @Override
        public Usage usage() {
            long output = dialect.taskPath() == null ? bytes : 0;
            return estimate.ofPassing(peek(), output);
        }

        @Override
        public @Nullable String model() {
            return peek().model();
        }

        private AnswerPeek peek() {
            AnswerPeek seen = peek;
            if (seen == null) {
                seen = dialect.peekAnswer(scanner.found());
                peek = seen;
            }
            return seen;
        }
    }
}
