package dev.sluice.proxy.dispatch.attempt;

import dev.sluice.catalog.UpstreamKey;
import dev.sluice.chat.Loss;
import dev.sluice.chat.Protocol;
import dev.sluice.dialect.Dialect;
import dev.sluice.dialect.Memory;
import dev.sluice.dialect.Written;
import dev.sluice.dialect.anthropic.wire.AnthropicBetas;
import dev.sluice.dialect.peek.Rewrite;
import dev.sluice.dialect.trait.UpstreamTraits;
import dev.sluice.proxy.InboundRequest;
import dev.sluice.proxy.route.Candidate;
import dev.sluice.proxy.translate.Translation;
import dev.sluice.proxy.translate.Translator;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Makes of a client's request what one candidate is sent: the same bytes, or a translation. */
public final class OutgoingRequests {
    private final UpstreamClient upstreams;
    private final Translator translator;
    private final Clock clock;

    public OutgoingRequests(UpstreamClient upstreams, Translator translator, Clock clock) {
        this.upstreams = upstreams;
        this.translator = translator;
        this.clock = clock;
    }

    /** What became of the try to say a request to a candidate. */
    public sealed interface Prepared {
        /** It can be sent. */
        record Ready(Outgoing outgoing) implements Prepared {}

        /** The candidate cannot be told what would make the answer right. */
        record Unsayable(Loss loss) implements Prepared {}
    }

    /**
     * {@return what is to be sent}
     *
     * @param key the credential to use, or null
     * @param maxOutputTokens a limit of output in place of the client's, or null
     * @throws dev.sluice.proxy.GatewayException 400 if the client's request cannot mean anything
     */
    public Prepared prepare(
            Candidate candidate,
            InboundRequest request,
            @Nullable UpstreamKey key,
            @Nullable Long maxOutputTokens) {
        return candidate.protocol() == request.protocol()
                ? same(candidate, request, key, maxOutputTokens)
                : translated(candidate, request, key, maxOutputTokens);
    }

    private Prepared same(
            Candidate candidate,
            InboundRequest request,
            @Nullable UpstreamKey key,
            @Nullable Long maxOutputTokens) {
        Dialect client = request.canonical().client();
        UpstreamTraits traits = translator.traits(candidate);
        List<Loss> losses = lostHeaders(candidate, request, traits);
        Optional<Loss> refusal = Translator.refusal(losses, request, candidate.upstream());
        if (refusal.isPresent()) {
            return new Prepared.Unsayable(refusal.get());
        }
        boolean addsUsage = UpstreamClient.addsUsage(candidate, request);
        Rewrite rewrite =
                new Rewrite(
                        candidate.model().equals(request.peek().model()) ? null : candidate.model(),
                        request.stream() && !request.peek().stream(),
                        addsUsage,
                        maxOutputTokens,
                        traits);
        Translation passing =
                new Translation(
                        client, client, request, Memory.of(traits), addsUsage, clock.instant());
        return new Prepared.Ready(
                new Outgoing(
                        upstreams.passthrough(candidate, request, key, rewrite),
                        key,
                        passing,
                        Translator.warnings(losses)));
    }

    /** A body that passes loses nothing; a header may name what the upstream does not know. */
    private static List<Loss> lostHeaders(
            Candidate candidate, InboundRequest request, UpstreamTraits traits) {
        List<String> betas = request.headers().all(AnthropicBetas.HEADER);
        if (candidate.protocol() != Protocol.ANTHROPIC || betas.isEmpty()) {
            return List.of();
        }
        Loss loss = AnthropicBetas.allowed(betas, traits).loss();
        return loss == null ? List.of() : List.of(loss);
    }

    private Prepared translated(
            Candidate candidate,
            InboundRequest request,
            @Nullable UpstreamKey key,
            @Nullable Long maxOutputTokens) {
        Written written = translator.write(candidate, request, maxOutputTokens);
        Optional<Loss> refusal =
                Translator.refusal(written.losses(), request, candidate.upstream());
        if (refusal.isPresent()) {
            return new Prepared.Unsayable(refusal.get());
        }
        Translation translation =
                new Translation(
                        translator.dialect(candidate),
                        request.canonical().client(),
                        request,
                        written.memory(),
                        false,
                        clock.instant());
        return new Prepared.Ready(
                new Outgoing(
                        upstreams.translated(candidate, request, key, written),
                        key,
                        translation,
                        Translator.warnings(written.losses())));
    }
}
