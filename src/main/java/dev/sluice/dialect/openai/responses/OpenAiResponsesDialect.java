package dev.sluice.dialect.openai.responses;

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
import dev.sluice.dialect.TokenCounting;
import dev.sluice.dialect.Written;
import dev.sluice.dialect.openai.responses.answer.OpenAiResponsesAnswerReader;
import dev.sluice.dialect.openai.responses.answer.OpenAiResponsesAnswerWriter;
import dev.sluice.dialect.openai.responses.answer.OpenAiResponsesEventReader;
import dev.sluice.dialect.openai.responses.answer.OpenAiResponsesEventWriter;
import dev.sluice.dialect.openai.responses.peek.OpenAiResponsesAnswerPeeker;
import dev.sluice.dialect.openai.responses.peek.OpenAiResponsesReasoningCuts;
import dev.sluice.dialect.openai.responses.peek.OpenAiResponsesRequestPeeker;
import dev.sluice.dialect.openai.responses.request.OpenAiResponsesRequestReader;
import dev.sluice.dialect.openai.responses.request.OpenAiResponsesRequestWriter;
import dev.sluice.dialect.openai.responses.wire.OpenAiResponsesErrorWriter;
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
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** OpenAI Responses (wire-contract §1.2). */
public final class OpenAiResponsesDialect implements Dialect {
    private static final TokenCounting COUNTING = new OpenAiResponsesTokenCounting();
    private static final String PING = ": ping\n\n";

    @Override
    public Protocol protocol() {
        return Protocol.OPENAI_RESPONSES;
    }

    @Override
    public RequestPeek peek(byte[] body) throws MalformedRequest {
        return OpenAiResponsesRequestPeeker.peek(body);
    }

    /** Also takes out reasoning that another provider made or sealed in an earlier turn. */
    @Override
    public byte[] rewrite(byte[] body, RequestPeek peek, Rewrite rewrite) {
        return OpenAiResponsesRequestPeeker.rewrite(body, peek, rewrite);
    }

    @Override
    public AnswerPeek peekAnswer(byte[] body) {
        return OpenAiResponsesAnswerPeeker.answer(body);
    }

    @Override
    public EventPeek peekEvent(SseEvent event) {
        return OpenAiResponsesAnswerPeeker.event(event);
    }

    @Override
    public UpstreamError readError(int status, byte[] body) {
        return ErrorReader.read(status, body);
    }

    @Override
    public List<UpstreamReference> references(byte[] body) {
        return OpenAiResponsesReferences.in(body);
    }

    @Override
    public Optional<TokenCounting> tokenCounting() {
        return Optional.of(COUNTING);
    }

    /** Without reasoning, where another account had sealed it. */
    @Override
    public byte @Nullable [] mended(byte[] body, UpstreamError refusal) {
        return OpenAiResponsesReasoningCuts.mended(body, refusal);
    }

    @Override
    public int status(ChatError error) {
        return OpenAiResponsesErrorWriter.status(error);
    }

    @Override
    public byte[] errorBody(ChatError error, String requestId) {
        return OpenAiResponsesErrorWriter.body(error);
    }

    @Override
    public byte[] errorEvents(ChatError error, String requestId) {
        return OpenAiResponsesErrorWriter.events(error, requestId);
    }

    @Override
    public byte[] ping() {
        return PING.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public ChatRequest readRequest(byte[] body, Envelope envelope) throws MalformedRequest {
        return OpenAiResponsesRequestReader.read(body, envelope);
    }

    @Override
    public Written writeRequest(ChatRequest request, UpstreamTraits traits) {
        return OpenAiResponsesRequestWriter.write(request, traits);
    }

    @Override
    public ChatAnswer readAnswer(byte[] body, Memory memory) {
        return OpenAiResponsesAnswerReader.read(body, memory);
    }

    @Override
    public byte[] writeAnswer(ChatAnswer answer, ClientView view) {
        return OpenAiResponsesAnswerWriter.write(answer, view);
    }

    @Override
    public EventReader newEventReader(Memory memory) {
        return new OpenAiResponsesEventReader(memory);
    }

    @Override
    public EventWriter newEventWriter(ClientView view) {
        return new OpenAiResponsesEventWriter(view);
    }
}
