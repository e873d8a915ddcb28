package dev.sluice.proxy.translate;

import dev.sluice.chat.Loss;
import dev.sluice.chat.Protocol;
import dev.sluice.dialect.Dialect;
import dev.sluice.dialect.Dialects;
import dev.sluice.dialect.Envelope;
import dev.sluice.dialect.MalformedRequest;
import dev.sluice.dialect.Written;
import dev.sluice.dialect.loose.LooseForms;
import dev.sluice.dialect.peek.RequestPeek;
import dev.sluice.dialect.peek.Rewrite;
import dev.sluice.http.Headers;
import dev.sluice.proxy.CanonicalRequest;
import dev.sluice.proxy.GatewayException;
import dev.sluice.proxy.InboundRequest;
import dev.sluice.proxy.route.Candidate;
import dev.sluice.proxy.route.Plan;
import dev.sluice.proxy.route.Question;
import dev.sluice.proxy.route.Router;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Says what would be sent of a request to each of its candidates, and what would be lost. */
public final class Rehearsal {
    private static final UUID NOBODY = new UUID(0, 0);

    private final Dialects dialects;
    private final Translator translator;
    private final Router router;

    public Rehearsal(Dialects dialects, Translator translator, Router router) {
        this.dialects = dialects;
        this.translator = translator;
        this.router = router;
    }

    /**
     * What a client would send.
     *
     * @param model what the path names (Gemini), or in place of the body's; null for the body's
     * @param stream whether the path asks for a stream
     * @param strict whether nothing may be lost
     */
    public record Script(
            Protocol protocol,
            byte[] body,
            @Nullable String model,
            boolean stream,
            boolean strict) {}

    /**
     * What one candidate would be told.
     *
     * @param passes whether the body goes on as it is, but for the model's name
     * @param refusal why nothing would be sent, or null
     * @param uri where it would go; holds no credential
     */
    public record Told(
            Candidate candidate,
            boolean passes,
            @Nullable Loss refusal,
            List<Loss> losses,
            URI uri,
            byte[] body) {}

    /**
     * {@return what each candidate would be told, in the order in which they would be tried}
     *
     * @throws GatewayException as a call would meet it
     */
    public List<Told> tell(Script script) {
        InboundRequest request = request(script);
        Question question =
                new Question(null, request.model(), request, null, null, null, Set.of(), 0, true);
        List<Told> told = new ArrayList<>();
        Plan plan = router.decide(question).plan();
        for (Candidate candidate : plan == null ? List.<Candidate>of() : plan.candidates()) {
            told.add(
                    candidate.protocol() == request.protocol()
                            ? passing(candidate, request)
                            : translated(candidate, request));
        }
        return told;
    }

    /**
     * {@return the request that a client would make by sending that}
     *
     * @throws GatewayException 400 if the body cannot be read
     */
    public InboundRequest request(Script script) {
        Dialect spoken = dialects.of(script.protocol());
        try {
            Envelope said = new Envelope(script.model(), script.stream(), List.of());
            RequestPeek first = spoken.peek(script.body(), said);
            LooseForms.Meant meant = new LooseForms(dialects).meant(spoken, script.body(), first);
            Dialect client = meant.dialect();
            RequestPeek peek = client.peek(meant.body(), said);
            String model = script.model() == null ? peek.model() : script.model();
            boolean stream = peek.stream() || script.stream();
            Headers headers =
                    script.strict() ? Headers.of("x-sluice-translation", "strict") : Headers.EMPTY;
            Envelope envelope = new Envelope(model, stream, List.of());
            return new InboundRequest(
                    NOBODY.toString(),
                    client.protocol(),
                    meant.body(),
                    peek,
                    model,
                    stream,
                    headers,
                    null,
                    new CanonicalRequest(client, meant.body(), envelope, meant.losses()));
        } catch (MalformedRequest malformed) {
            throw GatewayException.parameter(
                    "invalid_request",
                    Objects.requireNonNullElse(malformed.getMessage(), "The body cannot be read."),
                    malformed.param());
        }
    }

    private Told passing(Candidate candidate, InboundRequest request) {
        boolean named = candidate.model().equals(request.peek().model());
        Rewrite rewrite =
                new Rewrite(
                        named ? null : candidate.model(),
                        false,
                        false,
                        null,
                        translator.traits(candidate));
        return new Told(
                candidate,
                true,
                null,
                List.of(),
                Translator.uri(candidate, request.stream()),
                Translator.passed(candidate, request, rewrite));
    }

    private Told translated(Candidate candidate, InboundRequest request) {
        Written written = translator.write(candidate, request, null);
        Optional<Loss> refusal =
                Translator.refusal(written.losses(), request, candidate.upstream());
        return new Told(
                candidate,
                false,
                refusal.orElse(null),
                written.losses(),
                Translator.uri(candidate, request.stream()),
                written.body());
    }
}
