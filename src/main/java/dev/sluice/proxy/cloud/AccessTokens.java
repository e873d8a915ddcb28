package dev.sluice.proxy.cloud;

import dev.sluice.catalog.Secret;
import dev.sluice.catalog.UpstreamKey;
import dev.sluice.catalog.cloud.CloudAccount;
import dev.sluice.catalog.cloud.UnusableAccount;
import dev.sluice.http.AddressPolicy;
import dev.sluice.http.Authorization;
import dev.sluice.http.OutboundClient;
import dev.sluice.http.OutboundRequest;
import io.vertx.core.Future;
import java.time.Clock;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;

/**
 * The access tokens of all keys that are accounts of a cloud, by the key's secret: two upstreams
 * with the same account share one.
 */
public final class AccessTokens {
    private final TokenEndpoint endpoint;
    private final Executor executor;
    private final LongSupplier ticker;
    private final Map<Secret, KeptToken> tokens = new ConcurrentHashMap<>();

    /**
     * @param executor signs and asks, which takes too long for an event loop
     * @param ticker monotonic nanoseconds
     */
    public AccessTokens(
            OutboundClient client,
            AddressPolicy reach,
            Executor executor,
            Clock clock,
            LongSupplier ticker) {
        this.endpoint = new TokenEndpoint(client, reach, clock, ticker);
        this.executor = executor;
        this.ticker = ticker;
    }

    /** {@return what gives a request that key's access token} */
    public Authorization authorization(UpstreamKey key) {
        return new Bearer(kept(key.secret()));
    }

    /**
     * Renews what nears its end and forgets what is not used any more; to be called every few
     * seconds.
     *
     * @param keys all that are configured
     */
    public void renewDue(Collection<UpstreamKey> keys) {
        if (tokens.isEmpty()) {
            return;
        }
        tokens.keySet()
                .retainAll(keys.stream().map(UpstreamKey::secret).collect(Collectors.toSet()));
        tokens.values().forEach(KeptToken::renewIfDue);
    }

    private KeptToken kept(Secret secret) {
        return tokens.computeIfAbsent(
                secret, _ -> new KeptToken(() -> ask(secret), executor, ticker));
    }

    private Future<AccessToken> ask(Secret secret) {
        try {
            return endpoint.ask(CloudAccount.read(secret));
        } catch (UnusableAccount unusable) {
            return Future.failedFuture(new NoAccessToken("The key " + unusable.problem()));
        }
    }

    /** The token in the header where RFC 6750 has it. */
    private record Bearer(KeptToken token) implements Authorization {
        private static final String HEADER = "authorization";
        private static final String SCHEME = "Bearer ";

        @Override
        public Future<OutboundRequest> authorized(OutboundRequest request) {
            return token.good().map(good -> with(request, good));
        }

        @Override
        public Future<OutboundRequest> renewed(OutboundRequest refused) {
            String sent = String.valueOf(refused.headers().get(HEADER));
            return token.insteadOf(sent.substring(Math.min(sent.length(), SCHEME.length())))
                    .map(other -> with(refused, other));
        }

        private static OutboundRequest with(OutboundRequest request, AccessToken token) {
            return request.with(request.headers().with(HEADER, SCHEME + token.value()));
        }
    }
}
