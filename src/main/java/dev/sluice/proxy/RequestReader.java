package dev.sluice.proxy;

import dev.sluice.catalog.ApiKey;
import dev.sluice.chat.ErrorKind;
import dev.sluice.chat.Protocol;
import dev.sluice.dialect.Dialect;
import dev.sluice.dialect.Envelope;
import dev.sluice.dialect.MalformedRequest;
import dev.sluice.dialect.gemini.wire.GeminiPaths;
import dev.sluice.dialect.loose.LooseForms;
import dev.sluice.dialect.peek.RequestPeek;
import dev.sluice.http.Exchange;
import dev.sluice.proxy.state.KeptAnswers;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/**
 * Reads what is asked, and has it decided upon: on the loop, or on a worker where the body is so
 * large that reading it takes longer than about a millisecond.
 */
public final class RequestReader {
    private final LooseForms forms;
    private final KeptAnswers answers;
    private final int largestOnLoop;

    /**
     * @param forms makes out bodies in words of other protocols than their path's
     * @param answers what clients may name by its id alone, although no upstream keeps it
     * @param largestOnLoop bodies of more bytes than that are decided on a worker
     */
    public RequestReader(LooseForms forms, KeptAnswers answers, int largestOnLoop) {
        this.forms = forms;
        this.answers = answers;
        this.largestOnLoop = largestOnLoop;
    }

    /** {@return what the decision made of the request} The decision must not wait. */
    public <T> Future<T> read(
            Exchange exchange, ApiKey key, Dialect client, Function<InboundRequest, T> decision) {
        return ReadableBody.of(exchange)
                .compose(body -> {
                    if (body.length() > largestOnLoop) {
                        return exchange.onWorker(
                                () -> decision.apply(request(exchange, key, client, body)));
                    }
                    return Future.succeededFuture(
                            decision.apply(request(exchange, key, client, body)));
                });
    }

    /** Remembers a translated answer, unless the client asked not to. */
    void remember(ApiKey key, InboundRequest request, Buffer answer) {
        if (!Boolean.FALSE.equals(request.canonical().request().service().store())) {
            answers.keep(key, request.body(), answer.getBytes());
        }
    }

    private InboundRequest request(Exchange exchange, ApiKey key, Dialect spoken, Buffer body) {
        byte[] came =
                spoken.protocol() == Protocol.OPENAI_RESPONSES
                        ? answers.putBack(key, body.getBytes())
                        : body.getBytes();
        try {
            Envelope said = envelope(exchange, spoken);
            RequestPeek first = spoken.peek(came, said);
            LooseForms.Meant meant = forms.meant(spoken, came, first);
            Dialect client = meant.dialect();
            byte[] bytes = meant.body();
            RequestPeek peek = first.loose() ? client.peek(bytes, said) : first;
            boolean stream = said.stream() || peek.stream() || wantsEvents(exchange, peek, client);
            Envelope envelope = new Envelope(said.model(), stream, said.betas());
            return new InboundRequest(
                    exchange.id(),
                    client.protocol(),
                    bytes,
                    peek,
                    peek.model(),
                    stream,
                    exchange.headers(),
                    exchange.query(),
                    new CanonicalRequest(client, bytes, envelope, meant.losses()));
        } catch (MalformedRequest malformed) {
            throw CanonicalRequest.refused(malformed);
        }
    }

    /**
     * Some clients ask for a stream by {@code Accept} alone; an explicit {@code "stream":false}
     * wins.
     */
    private static boolean wantsEvents(Exchange exchange, RequestPeek peek, Dialect client) {
        String accept = exchange.headers().get("accept");
        return client.protocol() != Protocol.GEMINI
                && peek.streamSpan() == null
                && accept != null
                && accept.toLowerCase(Locale.ROOT).contains("text/event-stream");
    }

    /** In Gemini's protocol the path names the model and says whether a stream is wanted. */
    private static Envelope envelope(Exchange exchange, Dialect client) {
        if (client.protocol() != Protocol.GEMINI) {
            return new Envelope(null, false, betas(exchange));
        }
        GeminiPaths.Call asked =
                GeminiPaths.read(exchange.path(), exchange.query())
                        .orElseThrow(() ->
                                GatewayException.client(
                                        ErrorKind.NOT_FOUND,
                                        "not_found",
                                        "This path names no method: it ends in :generateContent,"
                                                + " :streamGenerateContent or :countTokens."));
        return new Envelope(asked.model(), asked.isStream(), List.of());
    }

    private static List<String> betas(Exchange exchange) {
        String betas = exchange.headers().get("anthropic-beta");
        return betas == null
                ? List.of()
                : Arrays.stream(betas.split(",", -1))
                        .map(String::strip)
                        .filter(beta -> !beta.isEmpty())
                        .toList();
    }
}
