package dev.sluice.proxy.translate;

import dev.sluice.chat.ChatError;
import dev.sluice.chat.Protocol;
import dev.sluice.chat.UpstreamError;
import dev.sluice.chat.Usage;
import dev.sluice.dialect.Dialect;
import dev.sluice.dialect.gemini.wire.JsonArrayFraming;
import dev.sluice.dialect.openai.responses.StoredResponse;
import dev.sluice.dialect.peek.EventPeek;
import dev.sluice.dialect.sse.SseEvent;
import dev.sluice.dialect.sse.SseReader;
import dev.sluice.dialect.sse.SseSink;
import dev.sluice.proxy.call.UsageEstimate;
import dev.sluice.proxy.tokens.OutputSample;
import io.vertx.core.buffer.Buffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A stream whose two ends speak one dialect: the bytes pass unchanged but for the one chunk that
 * the gateway itself asked for.
 */
final class PassingTap implements EventTap, SseSink {
    private static final int LARGEST_HELD_EVENT = 1 << 20;

    /** Events of a task may hold a whole image. */
    private static final int LARGEST_HELD_TASK_EVENT = 8 << 20;

    private static final byte[] CHAT_DONE = {'[', 'D', 'O', 'N', 'E', ']'};

    private final Dialect dialect;
    private final boolean swallowsUsage;
    private final @Nullable JsonArrayFraming array;
    private final SseReader reader;
    private Buffer ready = Buffer.buffer();
    private Buffer last = Buffer.buffer();
    private @Nullable Usage usage;
    private @Nullable String model;
    private @Nullable UpstreamError error;
    private @Nullable StoredResponse stored;
    private boolean output;
    private boolean terminal;
    private boolean amidFragment;
    private final OutputSample sample = new OutputSample();
    private long events;

    /** Swallows the usage chunk where the client did not ask for it. */
    PassingTap(Dialect dialect, boolean swallowsUsage) {
        this(dialect, swallowsUsage, null);
    }

    /**
     * @param array puts the events into a JSON array, for a client that does not take them as
     *     events; null for events as they come
     */
    PassingTap(Dialect dialect, boolean swallowsUsage, @Nullable JsonArrayFraming array) {
        this.dialect = dialect;
        this.swallowsUsage = swallowsUsage;
        this.array = array;
        boolean isTask = dialect.taskPath() != null;
        this.reader = new SseReader(isTask ? LARGEST_HELD_TASK_EVENT : LARGEST_HELD_EVENT);
    }

    @Override
    public void feed(Buffer bytes) {
        reader.read(bytes.getBytes(), this);
    }

    @Override
    public void end() {
        reader.end(this);
        if (array != null) {
            last.appendBytes(array.end());
        }
    }

    @Override
    public Buffer takeReady() {
        Buffer taken = ready;
        if (taken.length() > 0) {
            ready = Buffer.buffer();
        }
        return taken;
    }

    @Override
    public Buffer takeLast() {
        Buffer taken = last;
        last = Buffer.buffer();
        return taken;
    }

    @Override
    public Buffer breakOff(ChatError failure, String requestId) {
        return Buffer.buffer(
                array == null
                        ? dialect.errorEvents(failure, requestId)
                        : array.fail(failure, requestId));
    }

    @Override
    public void event(SseEvent event) {
        amidFragment = false;
        EventPeek peek = event.hasData() ? dialect.peekEvent(event) : EventPeek.NOTHING;
        note(peek);
        sample.event(event.data(), peek.outputBytes());
        keep(event, peek);
        if (peek.usageOnly() && swallowsUsage) {
            return;
        }
        if (event.hasData()) {
            events++;
        }
        Buffer to = isLast(event, peek) || last.length() > 0 ? last : ready;
        to.appendBytes(array == null ? event.raw() : array.event(event));
    }

    @Override
    public void fragment(byte[] bytes) {
        output = true;
        // An image too large to be looked into may well have been the last.
        terminal |= dialect.taskPath() != null;
        amidFragment = true;
        sample.passed(bytes.length);
        ready.appendBytes(array == null ? bytes : array.fragment(bytes));
    }

    /** The first event of an answer names it, the last one all that it holds. */
    private void keep(SseEvent event, EventPeek peek) {
        if (dialect.protocol() == Protocol.OPENAI_RESPONSES
                && dialect.taskPath() == null
                && (stored == null || peek.terminal())) {
            StoredResponse.in(event).ifPresent(found -> stored = found);
        }
    }

    private void note(EventPeek peek) {
        output |= peek.output();
        terminal |= peek.terminal();
        if (peek.usage() != null) {
            usage = usage == null ? peek.usage() : dialect.updated(usage, peek.usage());
        }
        if (peek.model() != null && model == null) {
            model = peek.model();
        }
        if (peek.error() != null && error == null) {
            error = peek.error();
        }
    }

    /** In OpenAI Chat usage and {@code [DONE]} follow what is terminal; elsewhere nothing does. */
    private boolean isLast(SseEvent event, EventPeek peek) {
        return dialect.protocol() == Protocol.OPENAI_CHAT
                ? Arrays.equals(event.data(), CHAT_DONE)
                : peek.terminal() && dialect.protocol() != Protocol.GEMINI;
    }

    @Override
    public boolean hasOutput() {
        return output;
    }

    @Override
    public boolean mayEnd() {
        return terminal;
    }

    @Override
    public boolean isOver() {
        return last.length() > 0;
    }

    @Override
    public @Nullable UpstreamError error() {
        return error;
    }

    @Override
    public @Nullable String model() {
        return model;
    }

    @Override
    public @Nullable StoredResponse stored() {
        return stored;
    }

    @Override
    public long events() {
        return events;
    }

    @Override
    public boolean isBetweenEvents() {
        return !amidFragment;
    }

    @Override
    public Usage usage(UsageEstimate estimate) {
        return output || usage != null ? estimate.ofStream(sample, usage, terminal) : Usage.NONE;
    }
}
