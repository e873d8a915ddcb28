package dev.sluice.proxy.cloud;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One account's access token. Whoever wants it while it is fetched waits for the same answer;
 * whoever wants it while it is renewed has the old one. For many threads; its lock is never held
 * while anything is asked.
 */
final class KeptToken {
    private static final Logger LOG = LoggerFactory.getLogger(KeptToken.class);

    /** A token endpoint that refused is not asked again at once. */
    private static final long PAUSE = TimeUnit.SECONDS.toNanos(5);

    /** Where tokens are refused one after the other, they are not what is wrong. */
    private static final long BETWEEN_REFUSALS = TimeUnit.SECONDS.toNanos(10);

    private final Supplier<Future<AccessToken>> source;
    private final Executor executor;
    private final LongSupplier ticker;
    private volatile @Nullable AccessToken token;
    private @Nullable Future<AccessToken> fetching;
    private @Nullable Throwable failure;
    private long failedAt;
    private boolean wasRefused;
    private long refusedAt;

    /**
     * @param source asks for a new token; may take a moment
     * @param executor what it is asked by
     */
    KeptToken(Supplier<Future<AccessToken>> source, Executor executor, LongSupplier ticker) {
        this.source = source;
        this.executor = executor;
        this.ticker = ticker;
    }

    /** {@return a good token, fetched if there is none} */
    Future<AccessToken> good() {
        AccessToken kept = token;
        long now = ticker.getAsLong();
        if (kept == null || !kept.isGood(now)) {
            return fetched();
        }
        if (kept.isDue(now)) {
            var _ = fetched();
        }
        return Future.succeededFuture(kept);
    }

    /**
     * {@return another token than the one an upstream refused; fails if another was refused just
     * before}
     */
    synchronized Future<AccessToken> insteadOf(String refused) {
        AccessToken kept = token;
        if (kept == null || !kept.value().equals(refused)) {
            return good();
        }
        if (fetching == null) {
            long now = ticker.getAsLong();
            if (wasRefused && now - refusedAt < BETWEEN_REFUSALS) {
                return Future.failedFuture(
                        new NoAccessToken("One access token after the other was refused"));
            }
            wasRefused = true;
            refusedAt = now;
        }
        return fetched();
    }

    /** Fetches another one if it was fetched once and nears its end. */
    void renewIfDue() {
        AccessToken kept = token;
        if (kept != null && kept.isDue(ticker.getAsLong())) {
            var _ = fetched();
        }
    }

    private synchronized Future<AccessToken> fetched() {
        if (fetching != null) {
            return fetching;
        }
        Throwable before = failure;
        if (before != null && ticker.getAsLong() - failedAt < PAUSE) {
            return Future.failedFuture(before);
        }
        Promise<AccessToken> promise = Promise.promise();
        fetching = promise.future();
        executor.execute(() -> fetch(promise));
        return promise.future();
    }

    private void fetch(Promise<AccessToken> promise) {
        Future<AccessToken> asked;
        try {
            asked = source.get();
        } catch (RuntimeException broken) {
            asked = Future.failedFuture(broken);
        }
        asked.onSuccess(
                        fresh -> {
                            settle(fresh, null);
                            promise.complete(fresh);
                        })
                .onFailure(refused -> {
                    settle(null, refused);
                    promise.fail(refused);
                });
    }

    private synchronized void settle(@Nullable AccessToken fresh, @Nullable Throwable refused) {
        fetching = null;
        if (fresh != null) {
            token = fresh;
        } else if (failure == null && refused != null) {
            LOG.warn("{}", refused.getMessage());
        }
        failure = refused;
        failedAt = ticker.getAsLong();
    }
}
