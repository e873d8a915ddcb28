package dev.sluice.proxy.translate;

import dev.sluice.chat.ChatError;
import dev.sluice.chat.ChatEvent;
import dev.sluice.chat.UpstreamError;
import dev.sluice.chat.Usage;
import dev.sluice.dialect.Dialect;
import dev.sluice.dialect.EventReader;
import dev.sluice.dialect.EventWriter;
import dev.sluice.dialect.openai.responses.StoredResponse;
import dev.sluice.dialect.sse.SseEvent;
import dev.sluice.dialect.sse.SseReader;
import dev.sluice.dialect.sse.SseSink;
import dev.sluice.proxy.call.UsageEstimate;
import dev.sluice.proxy.tokens.OutputSample;
import io.vertx.core.buffer.Buffer;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A stream whose two ends speak different dialects: read event by event, and written anew. */
final class TranslatingTap implements EventTap, SseSink {
    private static final byte[] CHAT_DONE = {'[', 'D', 'O', 'N', 'E', ']'};

    private final Dialect upstream;
    private final EventReader reader;
    private final EventWriter writer;
    private final Function<UpstreamError, ChatError> errors;
    private final SseReader events = new SseReader(LargestEvent.BYTES);
    private final ByteArrayOutputStream written = new ByteArrayOutputStream();
    private Buffer last = Buffer.buffer();
    private @Nullable Usage usage;
    private @Nullable UpstreamError error;
    private @Nullable String model;
    private boolean output;
    private boolean ended;
    private boolean over;
    private final OutputSample sample = new OutputSample();
    private long seen;

    /** The function says what a client is told of an upstream's failure. */
    TranslatingTap(
            Dialect upstream,
            EventReader reader,
            EventWriter writer,
            Function<UpstreamError, ChatError> errors) {
        this.upstream = upstream;
        this.reader = reader;
        this.writer = writer;
        this.errors = errors;
    }

    @Override
    public void feed(Buffer bytes) {
        events.read(bytes.getBytes(), this);
    }

    @Override
    public void end() {
        events.end(this);
        finish();
    }

    @Override
    public void event(SseEvent event) {
        if (ended) {
            return;
        }
        if (event.hasData()) {
            seen++;
        }
        reader.read(event, this::take);
        if (isLast(event)) {
            finish();
        }
    }

    @Override
    public void fragment(byte[] bytes) {
        take(LargestEvent.exceeded());
    }

    private void finish() {
        if (ended) {
            return;
        }
        reader.end(this::take);
        if (!ended) {
            ended = true;
            over = true;
            last = drained(writer::end);
        }
    }

    private void take(ChatEvent event) {
        if (ended) {
            return;
        }
        if (event instanceof ChatEvent.Failed failed) {
            error = failed.error();
            ended = true;
            over = true;
            last = drained(out -> writer.fail(errors.apply(failed.error()), out));
            return;
        }
        note(event);
        writer.write(event, written);
    }

    private void note(ChatEvent event) {
        switch (event) {
            case ChatEvent.Start start -> model = start.model().isEmpty() ? null : start.model();
            case ChatEvent.Text text -> said(text.text());
            case ChatEvent.Reasoning thought -> said(thought.text());
            case ChatEvent.Refusal refusal -> said(refusal.text());
            case ChatEvent.CallStart call -> said(call.name());
            case ChatEvent.CallArguments arguments -> said(arguments.piece());
            case ChatEvent.Sealed _, ChatEvent.Whole _, ChatEvent.Finish _ -> output = true;
            case ChatEvent.UsageReported report ->
                    usage = usage == null ? report.usage() : usage.updatedBy(report.usage());
            case ChatEvent.Annotated _,
                    ChatEvent.BlockEnd _,
                    ChatEvent.Logprobs _,
                    ChatEvent.Failed _,
                    ChatEvent.Ping _ -> {
                // proves nothing
            }
        }
    }

    private void said(String text) {
        output = true;
        sample.text(text);
    }

    /**
     * {@return whether nothing can follow the event} So that a client need not wait for an upstream
     * that keeps its connection open. Gemini's streams have no last event; one that leaves the name
     * of its last event away is over when it closes.
     */
    private boolean isLast(SseEvent event) {
        return switch (upstream.protocol()) {
            case OPENAI_CHAT -> Arrays.equals(event.data(), CHAT_DONE);
            case ANTHROPIC -> event.type().equals("message_stop");
            case OPENAI_RESPONSES ->
                    event.type().equals("response.completed")
                            || event.type().equals("response.incomplete");
            case GEMINI -> false;
        };
    }

    private static Buffer drained(Consumer<ByteArrayOutputStream> writing) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        writing.accept(out);
        return Buffer.buffer(out.toByteArray());
    }

    @Override
    public Buffer takeReady() {
        if (written.size() == 0) {
            return Buffer.buffer();
        }
        Buffer ready = Buffer.buffer(written.toByteArray());
        written.reset();
        return ready;
    }

    @Override
    public Buffer takeLast() {
        Buffer taken = last;
        last = Buffer.buffer();
        return taken;
    }

    @Override
    public Buffer breakOff(ChatError failure, String requestId) {
        return drained(out -> writer.fail(failure, out));
    }

    @Override
    public boolean hasOutput() {
        return output;
    }

    @Override
    public boolean mayEnd() {
        return ended && error == null;
    }

    @Override
    public boolean isOver() {
        return over;
    }

    @Override
    public @Nullable UpstreamError error() {
        return error;
    }

    @Override
    public @Nullable String model() {
        return model;
    }

    /** A translated request never asks an upstream to keep anything. */
    @Override
    public @Nullable StoredResponse stored() {
        return null;
    }

    @Override
    public long events() {
        return seen;
    }

    @Override
    public boolean isBetweenEvents() {
        return true;
    }

    @Override
    public Usage usage(UsageEstimate estimate) {
        return output || usage != null ? estimate.ofStream(sample, usage, mayEnd()) : Usage.NONE;
    }
}
