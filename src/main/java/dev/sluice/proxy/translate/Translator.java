package dev.sluice.proxy.translate;

import dev.sluice.catalog.Endpoints;
import dev.sluice.catalog.Upstream;
import dev.sluice.catalog.cloud.AzureEndpoints;
import dev.sluice.catalog.cloud.BedrockEndpoints;
import dev.sluice.catalog.cloud.VertexEndpoints;
import dev.sluice.chat.ChatRequest;
import dev.sluice.chat.Loss;
import dev.sluice.chat.Protocol;
import dev.sluice.dialect.Dialect;
import dev.sluice.dialect.Dialects;
import dev.sluice.dialect.TokenCounting;
import dev.sluice.dialect.Written;
import dev.sluice.dialect.anthropic.wire.AnthropicBetas;
import dev.sluice.dialect.anthropic.wire.AnthropicPlatform;
import dev.sluice.dialect.gemini.wire.GeminiPaths;
import dev.sluice.dialect.gemini.wire.GeminiPaths.Method;
import dev.sluice.dialect.peek.Rewrite;
import dev.sluice.dialect.trait.ModelTraits;
import dev.sluice.dialect.trait.UpstreamTraits;
import dev.sluice.proxy.InboundRequest;
import dev.sluice.proxy.route.Candidate;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Says a client's request in the dialect of a candidate, and what cannot be said there
 * (wire-contract §2.2).
 */
public final class Translator {
    private static final String STRICTNESS = "x-sluice-translation";

    private final Dialects dialects;
    private final ModelTraits models;

    public Translator(Dialects dialects, ModelTraits models) {
        this.dialects = dialects;
        this.models = models;
    }

    /** {@return the dialect in which the candidate is called} */
    public Dialect dialect(Candidate candidate) {
        return dialects.of(candidate.protocol());
    }

    /** {@return how the candidate's model differs from its protocol} */
    public UpstreamTraits traits(Candidate candidate) {
        Upstream upstream = candidate.upstream();
        return models.of(upstream.provider(), candidate.model(), upstream.capabilities().flags());
    }

    /**
     * {@return the request as the candidate is told it}
     *
     * @param maxOutputTokens a limit of output in place of the client's, or null
     * @throws dev.sluice.proxy.GatewayException 400 if the client's request cannot mean anything
     */
    public Written write(
            Candidate candidate, InboundRequest request, @Nullable Long maxOutputTokens) {
        ChatRequest said = request.canonical().request();
        ChatRequest asked = maxOutputTokens == null ? said : said.limitedTo(maxOutputTokens);
        return dialect(candidate).writeRequest(asked, traits(candidate));
    }

    /** {@return a body that stays in its protocol, as a candidate is told it} */
    public static byte[] passed(Candidate candidate, InboundRequest request, Rewrite rewrite) {
        Dialect dialect = request.canonical().client();
        byte[] body = dialect.rewrite(request.body(), request.peek(), rewrite);
        UpstreamTraits traits = rewrite.traits();
        if (traits == null || candidate.protocol() != Protocol.ANTHROPIC) {
            return body;
        }
        List<String> betas = request.headers().all(AnthropicBetas.HEADER);
        return AnthropicPlatform.of(traits)
                .said(body, AnthropicBetas.allowed(betas, traits).sent());
    }

    /**
     * {@return why the request must not be sent so, if it must not} A client may ask that nothing
     * be weakened, or take an answer to less than it asked, as agents do that offer more tools than
     * they need; an operator may allow an upstream to be told less.
     */
    public static Optional<Loss> refusal(
            List<Loss> losses, InboundRequest request, Upstream upstream) {
        boolean strict = isStrict(request);
        boolean lenient = isLenient(request) || upstream.capabilities().is("lenient", false);
        return losses.stream()
                .filter(loss ->
                        switch (loss.severity()) {
                            case SILENT -> false;
                            case WEAKER -> strict;
                            case WRONG -> !lenient;
                        })
                .findFirst();
    }

    /** {@return whether the client asks that nothing be weakened} */
    public static boolean isStrict(InboundRequest request) {
        return "strict".equalsIgnoreCase(request.headers().get(STRICTNESS));
    }

    private static boolean isLenient(InboundRequest request) {
        return "lenient".equalsIgnoreCase(request.headers().get(STRICTNESS));
    }

    /** {@return where a candidate is asked} A stream of Gemini is always asked for as events. */
    public static URI uri(Candidate candidate, boolean stream) {
        Method method = stream ? Method.STREAM : Method.GENERATE;
        return switch (candidate.protocol()) {
            case OPENAI_CHAT -> Endpoints.chat(candidate.upstream(), candidate.model());
            case OPENAI_RESPONSES -> Endpoints.responses(candidate.upstream());
            case ANTHROPIC -> messages(candidate, stream);
            case GEMINI ->
                    gemini(candidate.upstream(), GeminiPaths.upstream(candidate.model(), method));
        };
    }

    /** {@return whether where a candidate is asked depends on its model, or on being a stream} */
    public static boolean isByModel(Candidate candidate) {
        Upstream upstream = candidate.upstream();
        String platform = upstream.capabilities().platform();
        return switch (candidate.protocol()) {
            case GEMINI -> true;
            case ANTHROPIC -> !AnthropicPlatform.named(platform).isOwn();
            case OPENAI_CHAT -> platform.equals(AzureEndpoints.PLATFORM);
            case OPENAI_RESPONSES -> false;
        };
    }

    /** {@return where a candidate counts tokens} */
    public static URI countUri(Candidate candidate, TokenCounting counting) {
        Upstream upstream = candidate.upstream();
        String path = counting.path(candidate.model());
        return switch (candidate.protocol()) {
            case ANTHROPIC ->
                    switch (platform(upstream)) {
                        case OWN -> Endpoints.versioned(upstream, "v1", path);
                        case VERTEX -> VertexEndpoints.messagesCount(upstream);
                        case BEDROCK -> BedrockEndpoints.count(upstream, candidate.model());
                    };
            case GEMINI -> gemini(upstream, path);
            case OPENAI_CHAT, OPENAI_RESPONSES -> Endpoints.versioned(upstream, "v1", path);
        };
    }

    private static URI messages(Candidate candidate, boolean stream) {
        Upstream upstream = candidate.upstream();
        return switch (platform(upstream)) {
            case OWN -> Endpoints.messages(upstream);
            case VERTEX -> VertexEndpoints.messages(upstream, candidate.model(), stream);
            case BEDROCK -> BedrockEndpoints.invoke(upstream, candidate.model(), stream);
        };
    }

    private static URI gemini(Upstream upstream, String path) {
        return upstream.capabilities().platform().equals(VertexEndpoints.PLATFORM)
                ? VertexEndpoints.of(upstream, "google", path)
                : Endpoints.versioned(upstream, "v1beta", path);
    }

    private static AnthropicPlatform platform(Upstream upstream) {
        return AnthropicPlatform.named(upstream.capabilities().platform());
    }

    /** {@return what the client and the record are told of losses that were accepted} */
    public static List<String> warnings(List<Loss> losses) {
        return losses.stream()
                .filter(loss -> loss.severity() != Loss.Severity.SILENT)
                .map(Loss::code)
                .distinct()
                .toList();
    }
}
