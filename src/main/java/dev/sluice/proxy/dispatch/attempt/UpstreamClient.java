package dev.sluice.proxy.dispatch.attempt;

import dev.sluice.catalog.Endpoints;
import dev.sluice.catalog.Upstream;
import dev.sluice.catalog.UpstreamKey;
import dev.sluice.chat.Protocol;
import dev.sluice.dialect.Written;
import dev.sluice.dialect.anthropic.wire.AnthropicBetas;
import dev.sluice.dialect.anthropic.wire.AnthropicPlatform;
import dev.sluice.dialect.peek.Rewrite;
import dev.sluice.dialect.trait.UpstreamTraits;
import dev.sluice.http.Headers;
import dev.sluice.http.Headers.Header;
import dev.sluice.http.address.AddressPolicy;
import dev.sluice.http.client.OutboundRequest;
import dev.sluice.proxy.InboundRequest;
import dev.sluice.proxy.call.Upload;
import dev.sluice.proxy.cloud.AccessTokens;
import dev.sluice.proxy.route.Candidate;
import dev.sluice.proxy.translate.Translator;
import io.vertx.core.buffer.Buffer;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Makes the outgoing request of an attempt: URL, credential, headers, and the body with only what
 * must change. No credential of a client ever goes on (wire-contract §2.1).
 */
public final class UpstreamClient {
    private static final Set<String> PASSED_ON =
            Set.of(
                    "content-type",
                    "accept",
                    "anthropic-version",
                    "anthropic-beta",
                    "openai-beta",
                    "idempotency-key");
    private static final String ANTHROPIC_VERSION = "2023-06-01";

    /** More than upstreams are configured; what operators changed meanwhile is forgotten then. */
    private static final int MOST_URLS = 1_024;

    private final AddressPolicy reach;
    private final AccessTokens tokens;
    private final Map<String, String> disguise;
    private final Map<Asked, URI> urls = new ConcurrentHashMap<>();

    /** By what a URL is made. */
    private record Asked(
            URI base, Upstream.Paths paths, Protocol protocol, String platform, String version) {}

    /**
     * @param disguise headers that make calls look like a browser's; usually only a user agent of
     *     our own
     */
    public UpstreamClient(AddressPolicy reach, AccessTokens tokens, Map<String, String> disguise) {
        this.reach = reach;
        this.tokens = tokens;
        this.disguise = Map.copyOf(disguise);
    }

    /** {@return whether the gateway asks for a usage chunk that the client did not ask for} */
    static boolean addsUsage(Candidate candidate, InboundRequest request) {
        return request.stream()
                && !request.peek().wantsUsage()
                && candidate.upstream().capabilities().acceptsStreamOptions();
    }

    /**
     * {@return the request for one candidate, in the client's own dialect}
     *
     * @param rewrite what is to be changed in it
     */
    OutboundRequest passthrough(
            Candidate candidate,
            InboundRequest request,
            @Nullable UpstreamKey key,
            Rewrite rewrite) {
        Headers headers =
                headers(
                        candidate.upstream(),
                        key,
                        candidate.protocol(),
                        passing(request.headers(), rewrite.traits()),
                        PASSED_ON);
        Upload upload = request.upload();
        if (upload != null) {
            return authorized(streamed(candidate, request, headers, upload, rewrite.model()), key);
        }
        byte[] body = Translator.passed(candidate, request, rewrite);
        return authorized(whole(candidate, request, headers, body), key);
    }

    /** The client's headers, of its betas only those that the upstream knows. */
    private static Headers passing(Headers client, @Nullable UpstreamTraits traits) {
        if (traits == null || !client.contains(AnthropicBetas.HEADER)) {
            return client;
        }
        AnthropicPlatform platform = AnthropicPlatform.of(traits);
        AnthropicBetas betas = AnthropicBetas.allowed(client.all(AnthropicBetas.HEADER), traits);
        if (betas.loss() == null && platform.isOwn()) {
            return client;
        }
        String named = platform.betaHeader(betas.sent());
        return named.isEmpty()
                ? client.without(AnthropicBetas.HEADER)
                : client.with(AnthropicBetas.HEADER, named);
    }

    private OutboundRequest streamed(
            Candidate candidate,
            InboundRequest request,
            Headers headers,
            Upload upload,
            @Nullable String model) {
        return new OutboundRequest(
                "POST",
                uri(candidate, request),
                headers,
                Buffer.buffer(),
                upload.open(model),
                upload.length(model),
                timeouts(candidate.upstream()),
                reach);
    }

    /** {@return the request for one candidate, in another dialect than the client's} */
    OutboundRequest translated(
            Candidate candidate,
            InboundRequest request,
            @Nullable UpstreamKey key,
            Written written) {
        Headers headers =
                headers(candidate.upstream(), key, candidate.protocol(), Headers.EMPTY, Set.of());
        for (Map.Entry<String, String> entry : written.headers().entrySet()) {
            headers = headers.with(entry.getKey(), entry.getValue());
        }
        return authorized(
                whole(
                        candidate,
                        request,
                        headers.with("content-type", "application/json"),
                        written.body()),
                key);
    }

    private OutboundRequest whole(
            Candidate candidate, InboundRequest request, Headers headers, byte[] body) {
        Upstream upstream = candidate.upstream();
        return OutboundRequest.whole(
                "POST",
                uri(candidate, request),
                headers,
                Buffer.buffer(body),
                timeouts(upstream),
                reach);
    }

    private URI uri(Candidate candidate, InboundRequest request) {
        String task = request.canonical().client().taskPath();
        if (task != null) {
            return Endpoints.task(candidate.upstream(), task, candidate.model());
        }
        return Translator.isByModel(candidate)
                ? Translator.uri(candidate, request.stream())
                : known(candidate);
    }

    /** Joined and parsed once: each takes longer than many a step of a call. */
    private URI known(Candidate candidate) {
        Upstream upstream = candidate.upstream();
        Asked asked =
                new Asked(
                        upstream.baseUrl(),
                        upstream.paths(),
                        candidate.protocol(),
                        upstream.capabilities().platform(),
                        upstream.capabilities().apiVersion());
        URI known = urls.get(asked);
        if (known != null) {
            return known;
        }
        if (urls.size() >= MOST_URLS) {
            urls.clear();
        }
        URI made = Translator.uri(candidate, false);
        urls.put(asked, made);
        return made;
    }

    /**
     * {@return the same request; where its key is an account of a cloud, given an access token when
     * it is sent}
     */
    public OutboundRequest authorized(OutboundRequest request, @Nullable UpstreamKey key) {
        return key == null || !key.isCloudAccount()
                ? request
                : request.authorizedBy(tokens.authorization(key));
    }

    /**
     * {@return the headers of a call: what may pass of the client's, the operator's own, and the
     * credential, unless that is an account of a cloud; see {@link #authorized}}
     */
    public Headers headers(
            Upstream upstream,
            @Nullable UpstreamKey key,
            Protocol protocol,
            Headers client,
            Set<String> passing) {
        List<Header> headers = new ArrayList<>(8);
        for (Header header : client) {
            String name = header.name().toLowerCase(Locale.ROOT);
            if (passing.contains(name)) {
                headers.add(new Header(name, header.value()));
            }
        }
        Headers made = Headers.of(headers);
        for (Map.Entry<String, String> entry : disguise.entrySet()) {
            made = made.with(entry.getKey(), entry.getValue());
        }
        if (key != null && !key.isCloudAccount()) {
            made = credential(made, key, upstream, protocol);
        }
        if (protocol == Protocol.ANTHROPIC) {
            made = versioned(made, upstream);
        }
        for (Map.Entry<String, String> entry : upstream.headers().entrySet()) {
            made = made.with(entry.getKey(), entry.getValue());
        }
        return made;
    }

    /** Elsewhere than at Anthropic the body says the version. */
    private static Headers versioned(Headers headers, Upstream upstream) {
        if (!AnthropicPlatform.named(upstream.capabilities().platform()).isOwn()) {
            return headers.without(AnthropicPlatform.VERSION_HEADER);
        }
        return headers.contains(AnthropicPlatform.VERSION_HEADER)
                ? headers
                : headers.with(AnthropicPlatform.VERSION_HEADER, ANTHROPIC_VERSION);
    }

    public OutboundRequest.Timeouts timeouts(Upstream upstream) {
        Upstream.Timeouts timeouts = upstream.timeouts();
        return new OutboundRequest.Timeouts(
                timeouts.connect(), timeouts.firstByte(), timeouts.idle());
    }

    public AddressPolicy reach() {
        return reach;
    }

    private static Headers credential(
            Headers headers, UpstreamKey key, Upstream upstream, Protocol protocol) {
        String secret = key.secret().value();
        String place = upstream.capabilities().flags().getOrDefault("credential", "");
        return switch (place) {
            case "bearer" -> headers.with("authorization", "Bearer " + secret);
            case "api-key", "x-api-key", "x-goog-api-key" -> headers.with(place, secret);
            default ->
                    switch (protocol) {
                        case OPENAI_CHAT, OPENAI_RESPONSES ->
                                headers.with("authorization", "Bearer " + secret);
                        case ANTHROPIC -> headers.with("x-api-key", secret);
                        case GEMINI -> headers.with("x-goog-api-key", secret);
                    };
        };
    }
}
