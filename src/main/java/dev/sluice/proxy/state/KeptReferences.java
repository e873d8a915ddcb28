package dev.sluice.proxy.state;

import dev.sluice.catalog.ApiKey;
import dev.sluice.catalog.Permission;
import dev.sluice.chat.ErrorKind;
import dev.sluice.dialect.openai.responses.StoredResponse;
import dev.sluice.dialect.peek.UpstreamReference;
import dev.sluice.proxy.GatewayException;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The references that are known, at most so many: the oldest go first. For many threads; nothing
 * here waits.
 */
public final class KeptReferences {
    /** About 30 MiB. */
    public static final int STANDARD_BOUND = 100_000;

    private final Map<String, KeptReference> byId = new ConcurrentHashMap<>();
    private final ConcurrentLinkedQueue<String> oldestFirst = new ConcurrentLinkedQueue<>();
    private final AtomicInteger size = new AtomicInteger();
    private final int bound;
    private final ReferenceStore store;
    private final Clock clock;

    public KeptReferences(int bound, ReferenceStore store, Clock clock) {
        this.bound = bound;
        this.store = store;
        this.clock = clock;
    }

    /** Takes in what an earlier run knew, oldest first. */
    public void recall(List<KeptReference> known) {
        known.forEach(this::put);
    }

    /** Notes what an answer for that key has made at that upstream, by that account. */
    public void made(ApiKey key, Keeper keeper, StoredResponse response) {
        if (!response.stored()) {
            return;
        }
        Instant now = clock.instant();
        List<KeptReference> fresh = new ArrayList<>();
        for (UpstreamReference reference : response.made()) {
            KeptReference kept =
                    new KeptReference(
                            reference.id(),
                            reference.kind().name(),
                            key.id(),
                            key.userId(),
                            keeper,
                            now);
            if (put(kept)) {
                fresh.add(kept);
            }
        }
        if (!fresh.isEmpty()) {
            store.keep(fresh);
        }
    }

    /**
     * {@return who alone can serve a request with these references; empty where they bind it to
     * none} Of several accounts of one upstream it is the first one's.
     *
     * @throws GatewayException 400 if one is not known to be the key's, or two live at different
     *     upstreams. Keys with the permission {@code raw} reach everything upstream anyway: what is
     *     not known is theirs
     */
    public Optional<Keeper> keeperOf(ApiKey key, List<UpstreamReference> references) {
        Keeper keeper = null;
        for (UpstreamReference reference : references) {
            KeptReference kept = byId.get(reference.id());
            if (kept == null && key.may(Permission.RAW)) {
                continue;
            }
            if (kept == null || !isOwn(kept, key)) {
                throw unknown(reference, ErrorKind.BAD_REQUEST);
            }
            if (keeper != null && !keeper.upstreamId().equals(kept.keeper().upstreamId())) {
                throw GatewayException.parameter(
                        "references_apart",
                        "The request refers to things that different upstreams keep.",
                        null);
            }
            keeper = keeper == null || keeper.keyLabel() == null ? kept.keeper() : keeper;
        }
        return Optional.ofNullable(keeper);
    }

    /**
     * {@return who keeps that response}
     *
     * @throws GatewayException 404 if it is not known to be the key's
     */
    public Keeper keeperOf(ApiKey key, String responseId) {
        KeptReference kept = byId.get(responseId);
        if (kept == null || !isOwn(kept, key)) {
            throw unknown(
                    new UpstreamReference(UpstreamReference.Kind.RESPONSE, responseId),
                    ErrorKind.NOT_FOUND);
        }
        return kept.keeper();
    }

    /** {@return who keeps what that id names, or null where nobody is known to} */
    public @Nullable Keeper keeperOf(String id) {
        KeptReference kept = byId.get(id);
        return kept == null ? null : kept.keeper();
    }

    /** {@return whether that id is known to be another's} What nobody knows is nobody's. */
    public boolean isAnothers(ApiKey key, String id) {
        KeptReference kept = byId.get(id);
        return kept != null && !isOwn(kept, key);
    }

    private static boolean isOwn(KeptReference kept, ApiKey key) {
        return kept.keyId().equals(key.id())
                || (kept.userId() != null && Objects.equals(kept.userId(), key.userId()));
    }

    private boolean put(KeptReference kept) {
        String id = kept.id();
        @Nullable KeptReference before = byId.putIfAbsent(id, kept);
        if (before != null) {
            return false;
        }
        oldestFirst.add(id);
        if (size.incrementAndGet() > bound) {
            String oldest = oldestFirst.poll();
            if (oldest != null && byId.remove(oldest) != null) {
                size.decrementAndGet();
            }
        }
        return true;
    }

    private static GatewayException unknown(UpstreamReference reference, ErrorKind kind) {
        boolean isResponse = reference.kind() == UpstreamReference.Kind.RESPONSE;
        return GatewayException.client(
                kind,
                isResponse ? "previous_response_not_found" : "reference_not_found",
                (isResponse ? "Response with id '" : "Nothing with id '")
                        + reference.id()
                        + "' is known to be yours.");
    }
}
