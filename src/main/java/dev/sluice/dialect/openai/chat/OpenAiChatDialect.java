package dev.sluice.dialect.openai.chat;

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
import dev.sluice.dialect.openai.chat.answer.OpenAiChatAnswerReader;
import dev.sluice.dialect.openai.chat.answer.OpenAiChatAnswerWriter;
import dev.sluice.dialect.openai.chat.answer.OpenAiChatEventReader;
import dev.sluice.dialect.openai.chat.answer.OpenAiChatEventWriter;
import dev.sluice.dialect.openai.chat.peek.OpenAiChatAnswerPeeker;
import dev.sluice.dialect.openai.chat.peek.OpenAiChatRequestPeeker;
import dev.sluice.dialect.openai.chat.request.OpenAiChatRequestReader;
import dev.sluice.dialect.openai.chat.request.OpenAiChatRequestWriter;
import dev.sluice.dialect.openai.chat.wire.OpenAiChatErrorWriter;
import dev.sluice.dialect.peek.AnswerPeek;
import dev.sluice.dialect.peek.EventPeek;
import dev.sluice.dialect.peek.RequestPeek;
import dev.sluice.dialect.peek.Rewrite;
import dev.sluice.dialect.peek.UpstreamReference;
import dev.sluice.dialect.rules.peek.ErrorReader;
import dev.sluice.dialect.sse.SseEvent;
import dev.sluice.dialect.trait.UpstreamTraits;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** OpenAI Chat Completions (wire-contract §1.1). */
public final class OpenAiChatDialect implements Dialect {
    private static final String PING = ": ping\n\n";

    @Override
    public Protocol protocol() {
        return Protocol.OPENAI_CHAT;
    }

    @Override
    public RequestPeek peek(byte[] body) throws MalformedRequest {
        return OpenAiChatRequestPeeker.peek(body);
    }

    @Override
    public byte[] rewrite(byte[] body, RequestPeek peek, Rewrite rewrite) {
        return OpenAiChatRequestPeeker.rewrite(body, peek, rewrite);
    }

    @Override
    public AnswerPeek peekAnswer(byte[] body) {
        return OpenAiChatAnswerPeeker.answer(body);
    }

    @Override
    public EventPeek peekEvent(SseEvent event) {
        return OpenAiChatAnswerPeeker.event(event);
    }

    @Override
    public UpstreamError readError(int status, byte[] body) {
        return ErrorReader.read(status, body);
    }

    @Override
    public List<UpstreamReference> references(byte[] body) {
        return OpenAiChatReferences.in(body);
    }

    @Override
    public int status(ChatError error) {
        return OpenAiChatErrorWriter.status(error);
    }

    @Override
    public byte[] errorBody(ChatError error, String requestId) {
        return OpenAiChatErrorWriter.body(error);
    }

    @Override
    public byte[] errorEvents(ChatError error, String requestId) {
        return OpenAiChatErrorWriter.event(error);
    }

    @Override
    public byte[] ping() {
        return PING.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public ChatRequest readRequest(byte[] body, Envelope envelope) throws MalformedRequest {
        return OpenAiChatRequestReader.read(body, envelope);
    }

    @Override
    public Written writeRequest(ChatRequest request, UpstreamTraits traits) {
        return OpenAiChatRequestWriter.write(request, traits);
    }

    @Override
    public ChatAnswer readAnswer(byte[] body, Memory memory) {
        return OpenAiChatAnswerReader.read(body, memory);
    }

    @Override
    public byte[] writeAnswer(ChatAnswer answer, ClientView view) {
        return OpenAiChatAnswerWriter.write(answer, view);
    }

    @Override
    public EventReader newEventReader(Memory memory) {
        return new OpenAiChatEventReader(memory);
    }

    @Override
    public EventWriter newEventWriter(ClientView view) {
        return new OpenAiChatEventWriter(view);
    }
}
