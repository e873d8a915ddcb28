package dev.sluice.proxy.state;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.sluice.catalog.ApiKey;
import dev.sluice.dialect.openai.responses.Continuation;
import dev.sluice.dialect.openai.responses.StoredItems;
import dev.sluice.dialect.openai.responses.StoredResponse;
import dev.sluice.dialect.sse.SseEvent;
import dev.sluice.dialect.sse.SseReader;
import dev.sluice.dialect.sse.SseSink;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Answers of Responses that were translated, which no upstream keeps: their items, and the
 * conversations they stand in. Clients may go on by ids alone, as if they were stored; what the ids
 * stand for is put back into the request. Bounded, in memory only, forgotten after a while, and
 * only for who was answered. Safe for many threads.
 */
public final class KeptAnswers {
    /** As much as that, of all answers together. */
    public static final long STANDARD_BYTES = 32L << 20;

    private static final Duration KEPT = Duration.ofHours(1);
    private static final int LARGEST = 1 << 20;
    private static final int OVERHEAD = 200;

    private final Cache<String, Kept> byId;

    /** The JSON of an item, or of the items of a conversation. */
    private record Kept(UUID keyId, @Nullable UUID userId, byte[] json) {
        boolean isOf(ApiKey key) {
            return keyId.equals(key.id()) || (userId != null && userId.equals(key.userId()));
        }
    }

    /**
     * @param mostBytes of all that is kept
     * @param ticker counts nanoseconds, monotonic
     */
    public KeptAnswers(long mostBytes, LongSupplier ticker) {
        this.byId =
                Caffeine.newBuilder()
                        .maximumWeight(mostBytes)
                        .weigher((String _, Kept kept) -> kept.json().length + OVERHEAD)
                        .expireAfterWrite(KEPT)
                        .ticker(ticker::getAsLong)
                        .executor(Runnable::run)
                        .build();
    }

    /** {@return the request with what it names by id alone in full; the very same if nothing} */
    public byte[] putBack(ApiKey key, byte[] request) {
        if (byId.estimatedSize() == 0) {
            return request;
        }
        byte[] continued = Continuation.continued(request, id -> own(key, id));
        return StoredItems.putBack(continued, id -> own(key, id));
    }

    private byte @Nullable [] own(ApiKey key, String id) {
        Kept kept = byId.getIfPresent(id);
        return kept == null || !kept.isOf(key) ? null : kept.json();
    }

    /**
     * Keeps an answer that was translated.
     *
     * @param request as it was sent on, with nothing left to put back
     * @param answer a whole one, or the end of its stream
     */
    public void keep(ApiKey key, byte[] request, byte[] answer) {
        if (answer.length > 0 && answer[0] == '{') {
            StoredResponse.in(answer).ifPresent(said -> keep(key, request, said, answer));
            return;
        }
        SseReader events = new SseReader(LARGEST);
        SseSink sink =
                new SseSink() {
                    @Override
                    public void event(SseEvent event) {
                        if (event.type().equals("response.completed")) {
                            StoredResponse.in(event)
                                    .ifPresent(said -> keep(key, request, said, event.data()));
                        }
                    }

                    @Override
                    public void fragment(byte[] bytes) {
                        // Too large to keep.
                    }
                };
        events.read(answer, sink);
        events.end(sink);
    }

    private void keep(ApiKey key, byte[] request, StoredResponse said, byte[] answer) {
        Map<String, byte[]> items = StoredItems.in(answer);
        items.forEach((id, json) -> put(key, id, json));
        put(key, said.id(), Continuation.history(request, items.values()));
    }

    private void put(ApiKey key, String id, byte[] json) {
        if (json.length <= LARGEST) {
            byId.put(id, new Kept(key.id(), key.userId(), json));
        }
    }
}
