package dev.sluice.dialect.openai.responses;

import dev.sluice.chat.ChatRequest;
import dev.sluice.dialect.Envelope;
import dev.sluice.dialect.MalformedRequest;
import dev.sluice.dialect.TokenCounting;
import dev.sluice.dialect.Written;
import dev.sluice.dialect.json.Json;
import dev.sluice.dialect.openai.responses.request.OpenAiResponsesRequestReader;
import dev.sluice.dialect.openai.responses.request.OpenAiResponsesRequestWriter;
import dev.sluice.dialect.rules.TokenCounts;
import dev.sluice.dialect.trait.UpstreamTraits;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** {@code POST /v1/responses/input_tokens}. */
final class OpenAiResponsesTokenCounting implements TokenCounting {
    private static final String PATH = "responses/input_tokens";

    private static final Set<String> FIELDS =
            Set.of(
                    "model",
                    "input",
                    "instructions",
                    "tools",
                    "tool_choice",
                    "parallel_tool_calls",
                    "text",
                    "reasoning",
                    "truncation",
                    "previous_response_id",
                    "conversation");

    @Override
    public String path(String model) {
        return PATH;
    }

    @Override
    public ChatRequest readRequest(byte[] body, Envelope envelope) throws MalformedRequest {
        return OpenAiResponsesRequestReader.read(body, envelope);
    }

    @Override
    public Written writeRequest(ChatRequest request, UpstreamTraits traits) {
        return TokenCounts.only(OpenAiResponsesRequestWriter.write(request, traits), PATH, FIELDS);
    }

    @Override
    public @Nullable Long readCount(byte[] body) {
        return TokenCounts.read(body, "input_tokens");
    }

    @Override
    public byte[] writeCount(long inputTokens) {
        return Json.bytes(
                Json.mapper()
                        .createObjectNode()
                        .put("object", "response.input_tokens")
                        .put("input_tokens", inputTokens));
    }
}
