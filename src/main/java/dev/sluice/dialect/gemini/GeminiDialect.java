package dev.sluice.dialect.gemini;

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
import dev.sluice.dialect.gemini.answer.GeminiAnswerReader;
import dev.sluice.dialect.gemini.answer.GeminiAnswerWriter;
import dev.sluice.dialect.gemini.answer.GeminiEventReader;
import dev.sluice.dialect.gemini.answer.GeminiEventWriter;
import dev.sluice.dialect.gemini.peek.GeminiAnswerPeeker;
import dev.sluice.dialect.gemini.peek.GeminiForeignSeals;
import dev.sluice.dialect.gemini.peek.GeminiRequestPeeker;
import dev.sluice.dialect.gemini.peek.GeminiUsageReader;
import dev.sluice.dialect.gemini.request.GeminiRequestReader;
import dev.sluice.dialect.gemini.request.GeminiRequestWriter;
import dev.sluice.dialect.gemini.wire.GeminiErrorWriter;
import dev.sluice.dialect.peek.AnswerPeek;
import dev.sluice.dialect.peek.EventPeek;
import dev.sluice.dialect.peek.RequestPeek;
import dev.sluice.dialect.peek.Rewrite;
import dev.sluice.dialect.peek.UpstreamReference;
import dev.sluice.dialect.rules.peek.ErrorReader;
import dev.sluice.dialect.sse.SseEvent;
import dev.sluice.dialect.trait.UpstreamTraits;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Google Gemini, generateContent (wire-contract §1.4). */
public final class GeminiDialect implements Dialect {
    @Override
    public Protocol protocol() {
        return Protocol.GEMINI;
    }

    @Override
    public RequestPeek peek(byte[] body) throws MalformedRequest {
        return peek(body, Envelope.NONE);
    }

    @Override
    public RequestPeek peek(byte[] body, Envelope envelope) throws MalformedRequest {
        return GeminiRequestPeeker.peek(body, envelope);
    }

    /**
     * Model and stream are the path's: a body is given a model only in place of one that it names.
     * Also takes out what another provider sealed in an earlier turn.
     */
    @Override
    public byte[] rewrite(byte[] body, RequestPeek peek, Rewrite rewrite) {
        return GeminiRequestPeeker.rewrite(body, peek, rewrite);
    }

    @Override
    public AnswerPeek peekAnswer(byte[] body) {
        return GeminiAnswerPeeker.answer(body);
    }

    @Override
    public EventPeek peekEvent(SseEvent event) {
        return GeminiAnswerPeeker.event(event);
    }

    @Override
    public List<UpstreamReference> references(byte[] body) {
        return GeminiReferences.in(body);
    }

    @Override
    public Optional<TokenCounting> tokenCounting() {
        return Optional.of(new GeminiTokenCounting());
    }

    @Override
    public Usage updated(Usage known, Usage later) {
        return GeminiUsageReader.updated(known, later);
    }

    @Override
    public UpstreamError readError(int status, byte[] body) {
        return ErrorReader.read(status, body);
    }

    /** Without signatures, where another account had made them. */
    @Override
    public byte @Nullable [] mended(byte[] body, UpstreamError refusal) {
        return GeminiForeignSeals.mended(body, refusal);
    }

    @Override
    public int status(ChatError error) {
        return GeminiErrorWriter.status(error);
    }

    @Override
    public byte[] errorBody(ChatError error, String requestId) {
        return GeminiErrorWriter.body(error, requestId);
    }

    @Override
    public byte[] errorEvents(ChatError error, String requestId) {
        return GeminiErrorWriter.event(error, requestId);
    }

    /** One of Google's SDKs fails on a comment. */
    @Override
    public byte @Nullable [] ping() {
        return null;
    }

    @Override
    public ChatRequest readRequest(byte[] body, Envelope envelope) throws MalformedRequest {
        return GeminiRequestReader.read(body, envelope);
    }

    @Override
    public Written writeRequest(ChatRequest request, UpstreamTraits traits) {
        return GeminiRequestWriter.write(request, traits);
    }

    @Override
    public ChatAnswer readAnswer(byte[] body, Memory memory) {
        return GeminiAnswerReader.read(body, memory);
    }

    @Override
    public byte[] writeAnswer(ChatAnswer answer, ClientView view) {
        return GeminiAnswerWriter.write(answer, view);
    }

    @Override
    public EventReader newEventReader(Memory memory) {
        return new GeminiEventReader(memory);
    }

    @Override
    public EventWriter newEventWriter(ClientView view) {
        return new GeminiEventWriter(view);
    }
}
