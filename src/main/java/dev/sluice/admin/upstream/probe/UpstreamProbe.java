package dev.sluice.admin.upstream.probe;

import dev.sluice.admin.AdminJson;
import dev.sluice.catalog.Endpoints;
import dev.sluice.catalog.Upstream;
import dev.sluice.catalog.UpstreamKey;
import dev.sluice.http.Headers;
import dev.sluice.http.address.AddressPolicy;
import dev.sluice.http.client.Authorization;
import dev.sluice.http.client.OutboundAnswer;
import dev.sluice.http.client.OutboundCall;
import dev.sluice.http.client.OutboundClient;
import dev.sluice.http.client.OutboundFailure;
import dev.sluice.http.client.OutboundRequest;
import dev.sluice.proxy.cloud.NoAccessToken;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * Tries an upstream with real, small calls to OpenAI Chat, one plain and one streaming, and tells
 * how it went without its credentials. Blocks.
 */
public final class UpstreamProbe {
    private static final Duration LONGEST = Duration.ofSeconds(60);
    private static final int MAX_BODY = 64 * 1_024;
    private static final int MAX_TOKENS = 16;

    /** A header's value that is shorter is not taken for a credential. */
    private static final int MIN_CREDENTIAL = 8;

    private final OutboundClient client;
    private final AddressPolicy reach;
    private final Function<UpstreamKey, Authorization> accounts;
    private final LongSupplier nanos;

    /**
     * @param accounts gives requests the tokens of keys that are accounts of a cloud
     * @param nanos a monotonic ticker
     */
    public UpstreamProbe(
            OutboundClient client,
            AddressPolicy reach,
            Function<UpstreamKey, Authorization> accounts,
            LongSupplier nanos) {
        this.client = client;
        this.reach = reach;
        this.accounts = accounts;
        this.nanos = nanos;
    }

    /** What came back of one call. */
    private record Reply(int status, byte[] body, @Nullable Long firstByteNanos) {}

    /** {@return how both calls went, as the API shows it} */
    public ObjectNode test(Upstream upstream, String model) {
        ObjectNode plain = probe(upstream, model, false);
        ObjectNode stream = probe(upstream, model, true);
        ObjectNode result = AdminJson.object();
        result.put("ok", plain.path("ok").asBoolean() && stream.path("ok").asBoolean())
                .put("model", model);
        result.set("plain", plain);
        result.set("stream", stream);
        return result;
    }

    private ObjectNode probe(Upstream upstream, String model, boolean stream) {
        long start = nanos.getAsLong();
        ObjectNode result = AdminJson.object();
        try {
            Reply reply = call(request(upstream, model, stream), start);
            ProbeAnswer answer = ProbeAnswer.read(reply.status(), reply.body(), stream);
            result.put("ok", answer.error() == null)
                    .put("status", reply.status())
                    .put("latency_ms", millis(nanos.getAsLong() - start))
                    .put("first_byte_ms", millis(reply.firstByteNanos()))
                    .put("model", answer.model())
                    .put("error", masked(answer.error(), upstream));
        } catch (OutboundFailure | NoAccessToken | TimeoutException failure) {
            String message = failure.getMessage() == null ? "timed out" : failure.getMessage();
            result.put("ok", false)
                    .putNull("status")
                    .put("latency_ms", millis(nanos.getAsLong() - start))
                    .putNull("first_byte_ms")
                    .putNull("model")
                    .put("error", masked(message, upstream));
        }
        return result;
    }

    private OutboundRequest request(Upstream upstream, String model, boolean stream) {
        ObjectNode body = AdminJson.object().put("model", model);
        body.putArray("messages").addObject().put("role", "user").put("content", "Say OK.");
        body.put("stream", stream);
        String limit = upstream.capabilities().flags().get("maxTokensField");
        body.put(limit == null ? "max_completion_tokens" : limit, MAX_TOKENS);
        OutboundRequest request =
                OutboundRequest.whole(
                        "POST",
                        Endpoints.chat(upstream, model),
                        headers(upstream),
                        Buffer.buffer(body.toString()),
                        new OutboundRequest.Timeouts(
                                bounded(upstream.timeouts().connect()),
                                bounded(upstream.timeouts().firstByte()),
                                bounded(upstream.timeouts().idle())),
                        reach);
        boolean account = !upstream.keys().isEmpty() && upstream.keys().getFirst().isCloudAccount();
        return account ? request.authorizedBy(accounts.apply(upstream.keys().getFirst())) : request;
    }

    private static Headers headers(Upstream upstream) {
        Headers headers =
                Headers.of("content-type", "application/json", "accept-encoding", "identity");
        if (!upstream.keys().isEmpty() && !upstream.keys().getFirst().isCloudAccount()) {
            String secret = upstream.keys().getFirst().secret().value();
            String place = upstream.capabilities().flags().getOrDefault("credential", "bearer");
            headers =
                    place.equals("bearer")
                            ? headers.with("authorization", "Bearer " + secret)
                            : headers.with(place, secret);
        }
        for (Map.Entry<String, String> header : upstream.headers().entrySet()) {
            headers = headers.with(header.getKey(), header.getValue());
        }
        return headers;
    }

    private Reply call(OutboundRequest request, long start) throws TimeoutException {
        CompletableFuture<Reply> reply = new CompletableFuture<>();
        OutboundCall call = client.send(request);
        // On the event loop that owns the answer.
        call.answer()
                .onSuccess(answer -> collect(answer.unpacked(), start, reply))
                .onFailure(reply::completeExceptionally);
        try {
            return reply.get(2 * LONGEST.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new OutboundFailure(OutboundFailure.Kind.CANCELLED, "interrupted");
        } catch (ExecutionException failed) {
            if (failed.getCause() instanceof OutboundFailure failure) {
                throw failure;
            }
            if (failed.getCause() instanceof NoAccessToken none) {
                throw none;
            }
            throw new IllegalStateException(failed.getCause());
        } finally {
            call.cancel();
        }
    }

    private void collect(OutboundAnswer answer, long start, CompletableFuture<Reply> reply) {
        Buffer body = Buffer.buffer();
        Long[] firstByte = new Long[1];
        answer.body()
                .onData(bytes -> {
                    if (firstByte[0] == null) {
                        firstByte[0] = nanos.getAsLong() - start;
                    }
                    if (body.length() < MAX_BODY) {
                        body.appendBuffer(bytes);
                    }
                })
                .onEnd(() ->
                        reply.complete(new Reply(answer.status(), body.getBytes(), firstByte[0])))
                .onFailure(reply::completeExceptionally)
                .resume();
    }

    private static Duration bounded(Duration duration) {
        return duration.compareTo(LONGEST) < 0 ? duration : LONGEST;
    }

    private static @Nullable Double millis(@Nullable Long nanos) {
        return nanos == null ? null : Math.round(nanos / 10_000.0) / 100.0;
    }

    /** An upstream may say in its error what it was sent. */
    private static @Nullable String masked(@Nullable String text, Upstream upstream) {
        if (text == null) {
            return null;
        }
        String masked = text;
        for (UpstreamKey key : upstream.keys()) {
            masked = masked.replace(key.secret().value(), key.secret().masked());
        }
        for (Map.Entry<String, String> header : upstream.headers().entrySet()) {
            if (header.getValue().length() >= MIN_CREDENTIAL) {
                masked = masked.replace(header.getValue(), "***");
            }
        }
        return masked;
    }
}
