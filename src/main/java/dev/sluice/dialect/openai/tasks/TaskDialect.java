package dev.sluice.dialect.openai.tasks;

import dev.sluice.chat.ChatAnswer;
import dev.sluice.chat.ChatError;
import dev.sluice.chat.ChatRequest;
import dev.sluice.chat.Protocol;
import dev.sluice.chat.UpstreamError;
import dev.sluice.dialect.ClientView;
import dev.sluice.dialect.Dialect;
import dev.sluice.dialect.Envelope;
import dev.sluice.dialect.EventReader;
import dev.sluice.dialect.EventWriter;
import dev.sluice.dialect.MalformedRequest;
import dev.sluice.dialect.Memory;
import dev.sluice.dialect.Written;
import dev.sluice.dialect.json.Splice;
import dev.sluice.dialect.openai.chat.OpenAiChatDialect;
import dev.sluice.dialect.peek.AnswerPeek;
import dev.sluice.dialect.peek.EventPeek;
import dev.sluice.dialect.peek.RequestPeek;
import dev.sluice.dialect.peek.Rewrite;
import dev.sluice.dialect.peek.UnitBound;
import dev.sluice.dialect.sse.SseEvent;
import dev.sluice.dialect.trait.UpstreamTraits;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One task as its clients ask for it in JSON: the envelope of OpenAI Chat ({@code model}, {@code
 * stream}, {@code n}, errors) around a content that is never read. Nothing of it can be translated.
 */
public final class TaskDialect implements Dialect {
    private final Dialect chat = new OpenAiChatDialect();
    private final Task task;

    public TaskDialect(Task task) {
        this.task = task;
    }

    public Task task() {
        return task;
    }

    @Override
    public String taskPath() {
        return task.path();
    }

    @Override
    public Protocol protocol() {
        return chat.protocol();
    }

    @Override
    public RequestPeek peek(byte[] body) throws MalformedRequest {
        RequestPeek peek = chat.peek(body);
        if (task == Task.COMPLETIONS) {
            return peek;
        }
        return new RequestPeek(
                peek.model(),
                peek.modelSpan(),
                peek.stream(),
                peek.streamSpan(),
                true,
                null,
                null,
                task.mostOutputTokens(),
                null,
                peek.choices(),
                0);
    }

    /** {@return what is known of a form that names that model, or none} */
    public RequestPeek peekForm(@Nullable String model, boolean stream) {
        return new RequestPeek(
                model, null, stream, null, true, null, null, task.mostOutputTokens(), null, 1, 1);
    }

    @Override
    public UnitBound units(byte[] body, RequestPeek peek, long size) {
        return TaskUnits.of(task, body, peek, size);
    }

    @Override
    public byte[] rewrite(byte[] body, RequestPeek peek, Rewrite rewrite) {
        Long limit = rewrite.maxOutputTokens();
        boolean writesLimit = task == Task.COMPLETIONS && limit != null;
        boolean replacesLimit = writesLimit && peek.maxOutputSpan() != null;
        byte[] changed =
                chat.rewrite(
                        body,
                        peek,
                        new Rewrite(
                                rewrite.model(),
                                false,
                                rewrite.askForUsage(),
                                replacesLimit ? limit : null));
        return writesLimit && !replacesLimit
                ? new Splice(changed).putFirst(0, List.of("\"max_tokens\":" + limit)).bytes()
                : changed;
    }

    @Override
    public AnswerPeek peekAnswer(byte[] body) {
        return TaskAnswerPeeker.answer(task, body);
    }

    @Override
    public EventPeek peekEvent(SseEvent event) {
        return TaskAnswerPeeker.event(event);
    }

    @Override
    public UpstreamError readError(int status, byte[] body) {
        return chat.readError(status, body);
    }

    @Override
    public int status(ChatError error) {
        return chat.status(error);
    }

    @Override
    public byte[] errorBody(ChatError error, String requestId) {
        return chat.errorBody(error, requestId);
    }

    @Override
    public byte[] errorEvents(ChatError error, String requestId) {
        return chat.errorEvents(error, requestId);
    }

    @Override
    public byte @Nullable [] ping() {
        return chat.ping();
    }

    @Override
    public ChatRequest readRequest(byte[] body, Envelope envelope) throws MalformedRequest {
        throw new MalformedRequest(
                "A request for " + task.path() + " is no chat and cannot be translated.", null);
    }

    @Override
    public Written writeRequest(ChatRequest request, UpstreamTraits traits) {
        throw untranslatable();
    }

    @Override
    public ChatAnswer readAnswer(byte[] body, Memory memory) {
        throw untranslatable();
    }

    @Override
    public byte[] writeAnswer(ChatAnswer answer, ClientView view) {
        throw untranslatable();
    }

    @Override
    public EventReader newEventReader(Memory memory) {
        throw untranslatable();
    }

    @Override
    public EventWriter newEventWriter(ClientView view) {
        throw untranslatable();
    }

    private UnsupportedOperationException untranslatable() {
        return new UnsupportedOperationException(task.path() + " is only passed on");
    }
}
