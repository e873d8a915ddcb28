package dev.sluice.proxy.relay;

import dev.sluice.chat.Usage;
import dev.sluice.dialect.Dialect;
import dev.sluice.dialect.openai.responses.StoredResponse;
import dev.sluice.proxy.call.UsageEstimate;
import dev.sluice.proxy.translate.EventTap;
import io.vertx.core.buffer.Buffer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Hears from an answer in OpenAI's Responses what the upstream keeps of it, so that it is known
 * whose that is. Of an answer in one piece only the first mebibyte counts: its id stands in front.
 */
public final class KeepingTap implements ByteTap {
    private static final int LARGEST_HELD = 1 << 20;

    private final ByteTap usage;
    private final @Nullable EventTap events;
    private final Consumer<StoredResponse> keeper;
    private final Buffer held = Buffer.buffer();
    private @Nullable StoredResponse told;

    private KeepingTap(ByteTap usage, @Nullable EventTap events, Consumer<StoredResponse> keeper) {
        this.usage = usage;
        this.events = events;
        this.keeper = keeper;
    }

    /** {@return a tap for a stream of events; the keeper is told with the first of them} */
    public static ByteTap ofEvents(
            Dialect dialect, UsageEstimate estimate, Consumer<StoredResponse> keeper) {
        EventTap events = EventTap.watching(dialect);
        return new KeepingTap(new Events(events, estimate), events, keeper);
    }

    /** {@return a tap for an answer in JSON; the keeper is told at its end} */
    public static ByteTap ofAnswer(
            Dialect dialect, UsageEstimate estimate, Consumer<StoredResponse> keeper) {
        return new KeepingTap(ByteTap.ofAnswer(dialect, estimate), null, keeper);
    }

    @Override
    public void feed(Buffer bytes) {
        usage.feed(bytes);
        if (events != null) {
            tell(events.stored());
            return;
        }
        int room = Math.min(bytes.length(), LARGEST_HELD - held.length());
        held.appendBuffer(bytes, 0, room);
    }

    @Override
    public void end() {
        if (events == null) {
            tell(StoredResponse.in(held.getBytes()).orElse(null));
        }
    }

    private void tell(@Nullable StoredResponse made) {
        if (made != null && !made.equals(told)) {
            told = made;
            keeper.accept(made);
        }
    }

    @Override
    public Usage usage() {
        return usage.usage();
    }

    @Override
    public @Nullable String model() {
        return usage.model();
    }
}
