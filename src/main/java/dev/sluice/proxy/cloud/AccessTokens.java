package dev.sluice.proxy.cloud;

import dev.sluice.catalog.Secret;
import dev.sluice.catalog.UpstreamKey;
import dev.sluice.catalog.cloud.AwsAccessKey;
import dev.sluice.catalog.cloud.CloudAccount;
import dev.sluice.catalog.cloud.TokenAccount;
import dev.sluice.catalog.cloud.UnusableAccount;
import dev.sluice.http.address.AddressPolicy;
import dev.sluice.http.client.Authorization;
import dev.sluice.http.client.OutboundClient;
import dev.sluice.http.client.OutboundRequest;
import io.vertx.core.Future;
import java.time.Clock;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;

/**
 * The access tokens of all keys that are accounts of a cloud, and the signatures of those that
 * sign, by the key's secret: two upstreams with the same account share one.
 */
public final class AccessTokens {
    private final TokenEndpoint endpoint;
    private final Executor executor;
    private final Clock clock;
    private final LongSupplier ticker;
    private final Map<Secret, Authorization> kept = new ConcurrentHashMap<>();

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
        this.clock = clock;
        this.ticker = ticker;
    }

    /** {@return what gives a request that key's access token, or its signature} */
    public Authorization authorization(UpstreamKey key) {
        return kept.computeIfAbsent(key.secret(), this::made);
    }

    /**
     * Renews what nears its end and forgets what is not used any more; to be called every few
     * seconds.
     *
     * @param keys all that are configured
     */
    public void renewDue(Collection<UpstreamKey> keys) {
        if (kept.isEmpty()) {
            return;
        }
        kept.keySet().retainAll(keys.stream().map(UpstreamKey::secret).collect(Collectors.toSet()));
        for (Authorization authorization : kept.values()) {
            if (authorization instanceof Bearer bearer) {
                bearer.token().renewIfDue();
            }
        }
    }

    /** An access key signs at once; to read any other takes too long for an event loop. */
    private Authorization made(Secret secret) {
        if (AwsAccessKey.isIn(secret)) {
            try {
                if (CloudAccount.read(secret) instanceof AwsAccessKey aws) {
                    return new AwsSigning(aws, clock, executor);
                }
            } catch (UnusableAccount unusable) {
                // Said of every call, below.
            }
        }
        return new Bearer(new KeptToken(() -> ask(secret), executor, ticker));
    }

    private Future<AccessToken> ask(Secret secret) {
        try {
            return switch (CloudAccount.read(secret)) {
                case TokenAccount account -> endpoint.ask(account);
                case AwsAccessKey key ->
                        Future.failedFuture(
                                new NoAccessToken("AWS has no tokens for " + key.name()));
            };
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
