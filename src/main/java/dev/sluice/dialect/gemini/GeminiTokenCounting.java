package dev.sluice.dialect.gemini;

import dev.sluice.chat.ChatRequest;
import dev.sluice.dialect.Envelope;
import dev.sluice.dialect.MalformedRequest;
import dev.sluice.dialect.TokenCounting;
import dev.sluice.dialect.Written;
import dev.sluice.dialect.gemini.wire.GeminiPaths;
import dev.sluice.dialect.trait.UpstreamTraits;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** {@code POST /v1beta/models/{model}:countTokens}. */
final class GeminiTokenCounting implements TokenCounting {
    @Override
    public String path(String model) {
        return GeminiPaths.upstream(model, GeminiPaths.Method.COUNT);
    }

    @Override
    public ChatRequest readRequest(byte[] body, Envelope envelope) throws MalformedRequest {
        return GeminiCountTokens.readRequest(body, envelope);
    }

    @Override
    public Written writeRequest(ChatRequest request, UpstreamTraits traits) {
        return GeminiCountTokens.writeRequest(request, traits);
    }

    @Override
    public @Nullable Long readCount(byte[] body) {
        OptionalLong count = GeminiCountTokens.readAnswer(body);
        return count.isPresent() ? count.getAsLong() : null;
    }

    @Override
    public byte[] writeCount(long inputTokens) {
        return GeminiCountTokens.writeAnswer(inputTokens);
    }
}
