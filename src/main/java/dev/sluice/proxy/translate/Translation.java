package dev.sluice.proxy.translate;

import dev.sluice.chat.ChatAnswer;
import dev.sluice.chat.ChatError;
import dev.sluice.chat.Part;
import dev.sluice.chat.UpstreamError;
import dev.sluice.dialect.ClientView;
import dev.sluice.dialect.Dialect;
import dev.sluice.dialect.EventReader;
import dev.sluice.dialect.EventWriter;
import dev.sluice.dialect.Memory;
import dev.sluice.dialect.gemini.wire.JsonArrayFraming;
import dev.sluice.dialect.peek.AnswerPeek;
import dev.sluice.dialect.sse.SseEvent;
import dev.sluice.dialect.sse.SseReader;
import dev.sluice.dialect.sse.SseSink;
import dev.sluice.dialect.whole.AnswerCollector;
import dev.sluice.dialect.whole.AnswerEvents;
import dev.sluice.proxy.InboundRequest;
import java.io.ByteArrayOutputStream;
import java.time.Instant;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What stands between one upstream's answer and the client, for one attempt.
 *
 * @param swallowsUsage whether a usage chunk was asked for that the client did not ask for
 * @param memory what was done to the request and must be undone in the answer
 */
public record Translation(
        Dialect upstream,
        Dialect client,
        InboundRequest request,
        Memory memory,
        boolean swallowsUsage,
        Instant begun) {
    private static final UpstreamError NO_ANSWER =
            new UpstreamError(
                    0,
                    null,
                    "no_answer",
                    "The upstream's answer holds nothing that is one.",
                    null,
                    null);

    /** An answer as the client gets it, and what the gateway must know of it. */
    public record Rewritten(byte[] body, AnswerPeek peek) {}

    /** {@return whether an answer reaches the client as it is, byte for byte} */
    public boolean isPassing() {
        return upstream.protocol() == client.protocol();
    }

    /** {@return whether whatever is a good answer reaches the client, streamed or not} */
    public boolean isTask() {
        return request.isTask();
    }

    /** {@return what a stream of the upstream goes through} */
    public EventTap tap(Function<UpstreamError, ChatError> errors) {
        return isPassing()
                ? new PassingTap(upstream, swallowsUsage, framing())
                : new TranslatingTap(
                        upstream,
                        upstream.newEventReader(memory),
                        client.newEventWriter(view()),
                        errors);
    }

    private @Nullable JsonArrayFraming framing() {
        return request.serverSentEvents() ? null : new JsonArrayFraming();
    }

    /** {@return whether a stream goes on under the upstream's own media type} */
    public boolean keepsStreamType() {
        return isPassing() && request.serverSentEvents();
    }

    /** {@return a whole answer that the upstream gave} The peek says if it is a failure. */
    public Rewritten whole(byte[] body) {
        return rewritten(upstream.readAnswer(body, memory), request.stream());
    }

    /**
     * {@return the whole answer that is the sum of a stream} Some upstreams stream whether they are
     * asked to or not.
     */
    public Rewritten gathered(byte[] stream) {
        EventReader reader = upstream.newEventReader(memory);
        AnswerCollector collector = new AnswerCollector();
        SseReader events = new SseReader(LargestEvent.BYTES);
        SseSink sink =
                new SseSink() {
                    @Override
                    public void event(SseEvent event) {
                        reader.read(event, collector::take);
                    }

                    @Override
                    public void fragment(byte[] bytes) {
                        collector.take(LargestEvent.exceeded());
                    }
                };
        events.read(stream, sink);
        events.end(sink);
        reader.end(collector::take);
        return rewritten(collector.answer(), false);
    }

    private Rewritten rewritten(ChatAnswer answer, boolean asStream) {
        if (answer.failure() != null || answer.choices().isEmpty()) {
            UpstreamError said = Objects.requireNonNullElse(answer.failure(), NO_ANSWER);
            return new Rewritten(new byte[0], new AnswerPeek(null, null, said, 0));
        }
        byte[] body = asStream ? streamed(answer) : client.writeAnswer(answer, view());
        String model = answer.model().isEmpty() ? null : answer.model();
        return new Rewritten(body, new AnswerPeek(answer.usage(), model, null, size(answer)));
    }

    private byte[] streamed(ChatAnswer answer) {
        EventWriter writer = client.newEventWriter(view());
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        AnswerEvents.tell(answer, event -> writer.write(event, out));
        writer.end(out);
        return out.toByteArray();
    }

    private static int size(ChatAnswer answer) {
        int bytes = 0;
        for (ChatAnswer.Choice choice : answer.choices()) {
            for (Part part : choice.parts()) {
                bytes +=
                        switch (part) {
                            case Part.Text text -> text.text().length();
                            case Part.Reasoning thought -> thought.text().length();
                            case Part.Refusal refusal -> refusal.text().length();
                            case Part.ToolCall call -> call.arguments().length();
                            case Part.Image _,
                                    Part.File _,
                                    Part.Audio _,
                                    Part.Video _,
                                    Part.ToolResult _,
                                    Part.Foreign _ ->
                                    0;
                        };
            }
        }
        return bytes;
    }

    /** {@return the media type of a stream for this client} */
    public String streamType() {
        return request.serverSentEvents() ? "text/event-stream; charset=utf-8" : "application/json";
    }

    /** {@return the media type of this client's whole answer} */
    public String answerType() {
        return request.stream() ? streamType() : "application/json";
    }

    private ClientView view() {
        return new ClientView(
                request.canonical().request(),
                request.id().replace("-", ""),
                memory.traits().model(),
                begun,
                request.body().length / 4,
                request.serverSentEvents());
    }
}
