package dev.sluice.dialect.anthropic;

import dev.sluice.chat.ChatAnswer;
import dev.sluice.chat.ChatError;
import dev.sluice.chat.ChatRequest;
import dev.sluice.chat.Protocol;
import dev.sluice.chat.UpstreamError;
import dev.sluice.chat.Usage;
import dev.sluice.dialect.ClientView;
import dev.sluice.dialect.Dialect;
import dev.sluice.dialect.Envelope;
import dev.sluice.dialect.EventReader;
import dev.sluice.dialect.EventWriter;
import dev.sluice.dialect.MalformedRequest;
import dev.sluice.dialect.Memory;
import dev.sluice.dialect.TokenCounting;
import dev.sluice.dialect.Written;
import dev.sluice.dialect.anthropic.answer.AnthropicAnswerReader;
import dev.sluice.dialect.anthropic.answer.AnthropicAnswerWriter;
import dev.sluice.dialect.anthropic.answer.AnthropicEventReader;
import dev.sluice.dialect.anthropic.answer.AnthropicEventWriter;
import dev.sluice.dialect.anthropic.peek.AnthropicAnswerPeeker;
import dev.sluice.dialect.anthropic.peek.AnthropicForeignThinking;
import dev.sluice.dialect.anthropic.peek.AnthropicRequestPeeker;
import dev.sluice.dialect.anthropic.peek.AnthropicUsageReader;
import dev.sluice.dialect.anthropic.request.AnthropicRequestReader;
import dev.sluice.dialect.anthropic.request.AnthropicRequestWriter;
import dev.sluice.dialect.anthropic.wire.AnthropicErrorWriter;
import dev.sluice.dialect.anthropic.wire.AnthropicPlatform;
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

/** Anthropic Messages (wire-contract §1.3). */
public final class AnthropicDialect implements Dialect {
    private static final TokenCounting COUNTING = new AnthropicTokenCounting();

    @Override
    public Protocol protocol() {
        return Protocol.ANTHROPIC;
    }

    @Override
    public RequestPeek peek(byte[] body) throws MalformedRequest {
        return AnthropicRequestPeeker.peek(body);
    }

    /** Also takes out thinking that another provider sealed in an earlier turn. */
    @Override
    public byte[] rewrite(byte[] body, RequestPeek peek, Rewrite rewrite) {
        return AnthropicRequestPeeker.rewrite(body, peek, rewrite);
    }

    @Override
    public AnswerPeek peekAnswer(byte[] body) {
        return AnthropicAnswerPeeker.answer(body);
    }

    @Override
    public EventPeek peekEvent(SseEvent event) {
        return AnthropicAnswerPeeker.event(event);
    }

    @Override
    public Usage updated(Usage known, Usage later) {
        return AnthropicUsageReader.updated(known, later);
    }

    @Override
    public UpstreamError readError(int status, byte[] body) {
        return ErrorReader.read(status, body);
    }

    /** Without thinking, where another account had signed it. */
    @Override
    public byte @Nullable [] mended(byte[] body, UpstreamError refusal) {
        return AnthropicForeignThinking.mended(body, refusal);
    }

    @Override
    public List<UpstreamReference> references(byte[] body) {
        return AnthropicReferences.in(body);
    }

    @Override
    public Optional<TokenCounting> tokenCounting() {
        return Optional.of(COUNTING);
    }

    @Override
    public int status(ChatError error) {
        return AnthropicErrorWriter.status(error);
    }

    @Override
    public byte[] errorBody(ChatError error, String requestId) {
        return AnthropicErrorWriter.body(error, requestId);
    }

    @Override
    public byte[] errorEvents(ChatError error, String requestId) {
        return AnthropicErrorWriter.event(error, requestId);
    }

    @Override
    public byte[] ping() {
        return AnthropicEventWriter.PING.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public ChatRequest readRequest(byte[] body, Envelope envelope) throws MalformedRequest {
        return AnthropicRequestReader.read(body, envelope);
    }

    @Override
    public Written writeRequest(ChatRequest request, UpstreamTraits traits) {
        return AnthropicPlatform.of(traits).said(AnthropicRequestWriter.write(request, traits));
    }

    @Override
    public ChatAnswer readAnswer(byte[] body, Memory memory) {
        return AnthropicAnswerReader.read(body, memory);
    }

    @Override
    public byte[] writeAnswer(ChatAnswer answer, ClientView view) {
        return AnthropicAnswerWriter.write(answer, view);
    }

    @Override
    public EventReader newEventReader(Memory memory) {
        return new AnthropicEventReader(memory);
    }

    @Override
    public EventWriter newEventWriter(ClientView view) {
        return new AnthropicEventWriter(view);
    }
}
