package dev.sluice.proxy.cloud;

import dev.sluice.catalog.cloud.AwsAccessKey;
import dev.sluice.http.client.Authorization;
import dev.sluice.http.client.OutboundRequest;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Clock;
import java.util.concurrent.Executor;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Signs requests to AWS with one access key, in the name of the service and region that the host
 * names.
 *
 * @param executor signs large bodies, which takes too long for an event loop
 */
record AwsSigning(AwsAccessKey key, Clock clock, Executor executor) implements Authorization {
    private static final int LARGE = 64 << 10;
    private static final String SERVICE = "bedrock";

    /** {@code bedrock-runtime.us-east-1.amazonaws.com}, {@code bedrock-mantle.us-east-1.api.aws} */
    private static final Pattern HOST =
            Pattern.compile("[^.]+\\.([a-z0-9-]+)\\.(?:amazonaws\\.com(?:\\.cn)?|api\\.aws)");

    @Override
    public Future<OutboundRequest> authorized(OutboundRequest request) {
        if (request.bodyStream() != null) {
            return Future.failedFuture(
                    new NoAccessToken("A body that streams up cannot be signed for AWS"));
        }
        String region = region(String.valueOf(request.uri().getHost()));
        if (region == null) {
            return Future.failedFuture(
                    new NoAccessToken(
                            "The access key "
                                    + key.name()
                                    + " cannot sign: neither the upstream's host nor the key names"
                                    + " a region"));
        }
        AwsSignature signature = new AwsSignature(key, region, SERVICE);
        if (request.body().length() <= LARGE) {
            return Future.succeededFuture(signature.signed(request, clock.instant()));
        }
        Promise<OutboundRequest> signed = Promise.promise();
        executor.execute(() -> {
            try {
                signed.complete(signature.signed(request, clock.instant()));
            } catch (RuntimeException unsignable) {
                signed.fail(unsignable);
            }
        });
        return signed.future();
    }

    /** There is nothing to renew: another signature would be refused as well. */
    @Override
    public Future<OutboundRequest> renewed(OutboundRequest refused) {
        return Future.failedFuture(new NoAccessToken("AWS refused the key " + key.name()));
    }

    private @Nullable String region(String host) {
        if (key.region() != null) {
            return key.region();
        }
        Matcher named = HOST.matcher(host);
        return named.matches() ? named.group(1) : null;
    }
}
