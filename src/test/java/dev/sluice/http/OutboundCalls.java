package dev.sluice.http;

import dev.sluice.http.address.AddressPolicy;
import dev.sluice.http.client.OutboundCall;
import dev.sluice.http.client.OutboundFailure;
import dev.sluice.http.client.OutboundFailure.Kind;
import dev.sluice.http.client.OutboundRequest;
import dev.sluice.http.engine.HttpEngine;
import dev.sluice.http.outbound.UpstreamProtocol;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;

/** Calls to upstreams through an engine of its own, whose resolver knows some names. */
abstract class OutboundCalls {
    static final OutboundRequest.Timeouts SHORT =
            new OutboundRequest.Timeouts(
                    Duration.ofSeconds(20), Duration.ofMillis(300), Duration.ofMillis(300));

    private final CountDownLatch over = new CountDownLatch(1);

    HttpEngine engine = engine(HttpLimits.standard());

    final HttpEngine engine(HttpLimits limits) {
        return new HttpEngine(limits, UpstreamProtocol.HTTP_1_1, System::nanoTime, this::lookUp);
    }

    private InetAddress[] lookUp(String host) throws UnknownHostException {
        return switch (host) {
            case "upstream.test" -> InetAddress.getAllByName("127.0.0.1");
            case "two.test" ->
                    new InetAddress[] {
                        InetAddress.ofLiteral("127.0.0.9"), InetAddress.ofLiteral("127.0.0.1")
                    };
            case "metadata.test" -> InetAddress.getAllByName("169.254.169.254");
            case "slow.test" -> {
                try {
                    over.await();
                } catch (InterruptedException _) {
                    Thread.currentThread().interrupt();
                }
                throw new UnknownHostException(host);
            }
            default -> throw new UnknownHostException(host);
        };
    }

    @AfterEach
    final void close() {
        over.countDown();
        engine.close();
    }

    static OutboundRequest request(URI uri, OutboundRequest.Timeouts timeouts) {
        return OutboundRequest.whole(
                "POST",
                uri,
                Headers.of("content-type", "text/plain"),
                Buffer.buffer("hello"),
                timeouts,
                AddressPolicy.OPERATOR);
    }

    final OutboundCall call(URI uri) {
        return engine.client().send(request(uri, Gateway.PATIENT));
    }

    final String body(OutboundCall call) {
        Buffer body = Gateway.await(call.answer().compose(answer -> answer.bodyUpTo(1 << 20)));
        return body.toString();
    }

    static Kind kindOf(Future<?> failing) {
        try {
            Object answer =
                    failing.toCompletionStage().toCompletableFuture().get(60, TimeUnit.SECONDS);
            throw new AssertionError("There was an answer: " + answer);
        } catch (ExecutionException failure) {
            if (failure.getCause() instanceof OutboundFailure expected) {
                return expected.kind();
            }
            throw new AssertionError(failure);
        } catch (InterruptedException | java.util.concurrent.TimeoutException failure) {
            throw new AssertionError(failure);
        }
    }

    final Kind kindOf(URI uri, OutboundRequest.Timeouts timeouts) {
        Future<Buffer> body =
                engine.client()
                        .send(request(uri, timeouts))
                        .answer()
                        .compose(answer -> answer.bodyUpTo(1 << 20));
        return kindOf(body);
    }

    static void serveForever(ScriptedUpstream.Connection connection) throws IOException {
        while (!connection.request().isEmpty()) {
            connection.answer("fine");
        }
    }

    final void awaitNoCalls() {
        Await.until("all calls have ended", () -> engine.statistics().openUpstreamCalls() == 0);
    }
}
