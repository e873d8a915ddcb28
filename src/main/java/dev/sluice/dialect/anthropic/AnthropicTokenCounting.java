package dev.sluice.dialect.anthropic;

import dev.sluice.chat.ChatRequest;
import dev.sluice.dialect.Envelope;
import dev.sluice.dialect.MalformedRequest;
import dev.sluice.dialect.TokenCounting;
import dev.sluice.dialect.Written;
import dev.sluice.dialect.anthropic.request.AnthropicRequestReader;
import dev.sluice.dialect.anthropic.request.AnthropicRequestWriter;
import dev.sluice.dialect.anthropic.wire.AnthropicPlatform;
import dev.sluice.dialect.json.Json;
import dev.sluice.dialect.rules.TokenCounts;
import dev.sluice.dialect.trait.UpstreamTraits;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** {@code POST /v1/messages/count_tokens}. */
final class AnthropicTokenCounting implements TokenCounting {
    private static final String PATH = "messages/count_tokens";

    private static final Set<String> FIELDS =
            Set.of(
                    "model",
                    "messages",
                    "system",
                    "tools",
                    "tool_choice",
                    "thinking",
                    "output_config",
                    "cache_control",
                    "context_management",
                    "mcp_servers");

    @Override
    public String path(String model) {
        return PATH;
    }

    @Override
    public ChatRequest readRequest(byte[] body, Envelope envelope) throws MalformedRequest {
        return AnthropicRequestReader.read(body, envelope);
    }

    @Override
    public Written writeRequest(ChatRequest request, UpstreamTraits traits) {
        Written written =
                TokenCounts.only(AnthropicRequestWriter.write(request, traits), PATH, FIELDS);
        return new Written(
                AnthropicPlatform.of(traits).counted(written.body()),
                written.path(),
                written.headers(),
                written.losses(),
                written.memory());
    }

    @Override
    public @Nullable Long readCount(byte[] body) {
        Long own = TokenCounts.read(body, "input_tokens");
        return own == null ? TokenCounts.read(body, "inputTokens") : own;
    }

    @Override
    public byte[] writeCount(long inputTokens) {
        return Json.bytes(Json.mapper().createObjectNode().put("input_tokens", inputTokens));
    }
}
