package dev.sluice.dialect.loose;

import dev.sluice.chat.Loss;
import dev.sluice.chat.Protocol;
import dev.sluice.dialect.Dialect;
import dev.sluice.dialect.Dialects;
import dev.sluice.dialect.MalformedRequest;
import dev.sluice.dialect.json.Json;
import dev.sluice.dialect.peek.RequestPeek;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Makes out what a body means that does not keep to its path's protocol:
 *
 * <ul>
 *   <li>{@code anthropic_version} or {@code max_tokens_to_sample} on the chat path: a call of
 *       Anthropic's protocol, answered in it.
 *   <li>{@code contents} or {@code input} in place of {@code messages}: Gemini's or Responses'
 *       words for a chat, answered as chat. Items of {@code input} may have Gemini's roles and
 *       parts.
 *   <li>{@code system}, {@code stop_sequences}, tools with {@code input_schema} and content blocks
 *       among {@code messages}: Claude's words for a chat, answered as chat.
 * </ul>
 *
 * What the client says in the path's own words stays as it is and wins.
 */
public final class LooseForms {
    private final ForeignWords foreign;
    private final Dialects dialects;

    public LooseForms(Dialects dialects) {
        this.dialects = dialects;
        this.foreign = new ForeignWords(dialects);
    }

    /**
     * What a client means.
     *
     * @param dialect in which the body is, and the answer is to be
     * @param body the very same array where nothing was loose
     * @param losses what the protocol of the path has no word for; none of them a refusal
     */
    public record Meant(Dialect dialect, byte[] body, List<Loss> losses) {
        public Meant {
            losses = List.copyOf(losses);
        }
    }

    /**
     * {@return what is meant}
     *
     * @param spoken the dialect of the path
     * @param peek of the body, which says if there is anything loose about it
     * @throws MalformedRequest if the other words mean nothing, or what cannot be told at all
     */
    public Meant meant(Dialect spoken, byte[] body, RequestPeek peek) throws MalformedRequest {
        if (!peek.loose()) {
            return new Meant(spoken, body, List.of());
        }
        try {
            return Json.tree(body) instanceof ObjectNode request
                    ? meant(spoken, request, body)
                    : new Meant(spoken, body, List.of());
        } catch (JacksonException e) {
            throw Json.malformed(e);
        }
    }

    private Meant meant(Dialect spoken, ObjectNode request, byte[] body) throws MalformedRequest {
        if (ClaudeWords.isMarked(request)) {
            Dialect anthropic = dialects.of(Protocol.ANTHROPIC);
            return new Meant(anthropic, Json.bytes(ClaudeWords.unmarked(request)), List.of());
        }
        boolean has = !request.path("messages").isMissingNode();
        if (!has && request.path("contents").isArray()) {
            return foreign.told(Protocol.GEMINI, request);
        }
        if (!has && !request.path("input").isMissingNode()) {
            return foreign.told(Protocol.OPENAI_RESPONSES, InputItems.settled(request));
        }
        if (ClaudeWords.hasBlocks(request.path("messages"))) {
            return foreign.told(Protocol.ANTHROPIC, request);
        }
        JsonNode told = ClaudeWords.told(request);
        return new Meant(spoken, told.equals(request) ? body : Json.bytes(told), List.of());
    }
}
