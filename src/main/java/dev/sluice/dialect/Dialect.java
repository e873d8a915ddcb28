package dev.sluice.dialect;

import dev.sluice.chat.ChatAnswer;
import dev.sluice.chat.ChatError;
import dev.sluice.chat.ChatRequest;
import dev.sluice.chat.Loss;
import dev.sluice.chat.Protocol;
import dev.sluice.chat.UpstreamError;
import dev.sluice.chat.Usage;
import dev.sluice.dialect.peek.AnswerPeek;
import dev.sluice.dialect.peek.EventPeek;
import dev.sluice.dialect.peek.RequestPeek;
import dev.sluice.dialect.peek.Rewrite;
import dev.sluice.dialect.peek.UnitBound;
import dev.sluice.dialect.peek.UpstreamReference;
import dev.sluice.dialect.sse.SseEvent;
import dev.sluice.dialect.trait.UpstreamTraits;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One wire protocol. Stateless, safe for many threads. The peeks find what the gateway must know
 * without building a tree, so that a call whose two ends speak the same dialect stays a byte pipe
 * (wire-contract §2.1). Readers and writers translate to and from the canonical form where they
 * speak different ones.
 */
public interface Dialect {
    Protocol protocol();

    /**
     * {@return the path below the version segment of a task that is only ever passed on, such as
     * {@code embeddings}; null for a protocol of chat, which has a path of its own} A task has the
     * protocol's envelope and errors, and cannot be translated.
     */
    default @Nullable String taskPath() {
        return null;
    }

    /**
     * {@return what the gateway must know of a request body, and where it stands}
     *
     * @throws MalformedRequest if it is not a JSON object, or a field that decides anything is
     *     doubled or of the wrong type
     */
    RequestPeek peek(byte[] body) throws MalformedRequest;

    /**
     * {@return the same, with what the path and the headers say} For a protocol that names model
     * and stream outside of the body.
     *
     * @throws MalformedRequest also if body and path contradict each other
     */
    default RequestPeek peek(byte[] body, Envelope envelope) throws MalformedRequest {
        return peek(body);
    }

    /**
     * {@return the most that an answer is billed by other units than tokens, and what it is taken
     * to be billed where the upstream does not say}
     *
     * @param size of the request, in bytes
     */
    default UnitBound units(byte[] body, RequestPeek peek, long size) {
        return UnitBound.NONE;
    }

    /** {@return the body with only those values changed; every other byte as it was} */
    byte[] rewrite(byte[] body, RequestPeek peek, Rewrite rewrite);

    /**
     * {@return what a whole answer with a 2xx status says of usage, model and failure} Total on
     * arbitrary bytes.
     */
    AnswerPeek peekAnswer(byte[] body);

    /** {@return what one event of a streamed answer says} Total on arbitrary bytes. */
    EventPeek peekEvent(SseEvent event);

    /**
     * {@return the usage that two events of one stream say together} The later report replaces what
     * it names; a protocol whose events may name parts of a sum adds those up.
     */
    default Usage updated(Usage known, Usage later) {
        return known.updatedBy(later);
    }

    /**
     * {@return the error that a body of that status says, whatever its shape} Total on arbitrary
     * bytes.
     */
    UpstreamError readError(int status, byte[] body);

    /**
     * {@return the ids in a request body of what only one account of one upstream keeps} Total on
     * arbitrary bytes; a protocol that keeps nothing has none.
     */
    default List<UpstreamReference> references(byte[] body) {
        return List.of();
    }

    /** {@return how the protocol counts tokens without generating, where it can} */
    default Optional<TokenCounting> tokenCounting() {
        return Optional.empty();
    }

    /**
     * {@return the body to try once more with, after an upstream refused it with that error for
     * something that can be left out; null where nothing can be done} Total on arbitrary bytes.
     */
    default byte @Nullable [] mended(byte[] body, UpstreamError refusal) {
        return null;
    }

    /** {@return the HTTP status this dialect gives the error} */
    int status(ChatError error);

    /** {@return the error as this dialect's body} */
    byte[] errorBody(ChatError error, String requestId);

    /**
     * {@return the error as what ends a stream of this dialect that has begun, closing blank line
     * included}
     */
    byte[] errorEvents(ChatError error, String requestId);

    /**
     * {@return bytes that keep a silent stream alive between two events, or null where clients bear
     * none}
     */
    byte @Nullable [] ping();

    /**
     * {@return a client's request}
     *
     * @throws MalformedRequest if it cannot mean anything: not the protocol's shape, an unknown
     *     role, a call without a result or a result without a call, arguments that are no JSON
     *     where they must be
     */
    ChatRequest readRequest(byte[] body, Envelope envelope) throws MalformedRequest;

    /** {@return the request as this dialect tells it to that upstream, and what it cannot tell} */
    Written writeRequest(ChatRequest request, UpstreamTraits traits);

    /** {@return what the request would lose with that upstream, so that routing can choose} */
    default List<Loss> losses(ChatRequest request, UpstreamTraits traits) {
        return writeRequest(request, traits).losses();
    }

    /**
     * {@return an upstream's whole answer} Total on arbitrary bytes: what is no answer is one that
     * failed.
     */
    ChatAnswer readAnswer(byte[] body, Memory memory);

    /** {@return the answer for a client; one that did not fail} */
    byte[] writeAnswer(ChatAnswer answer, ClientView view);

    EventReader newEventReader(Memory memory);

    EventWriter newEventWriter(ClientView view);
}
