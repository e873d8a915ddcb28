package dev.sluice.proxy.count;

import dev.sluice.catalog.ApiKey;
import dev.sluice.catalog.Permission;
import dev.sluice.catalog.Upstream;
import dev.sluice.catalog.UpstreamKey;
import dev.sluice.chat.ChatRequest;
import dev.sluice.chat.Protocol;
import dev.sluice.chat.Usage;
import dev.sluice.dialect.Dialect;
import dev.sluice.dialect.MalformedRequest;
import dev.sluice.dialect.TokenCounting;
import dev.sluice.dialect.anthropic.wire.AnthropicPlatform;
import dev.sluice.dialect.peek.Rewrite;
import dev.sluice.http.Exchange;
import dev.sluice.http.Handler;
import dev.sluice.http.Headers;
import dev.sluice.http.Response;
import dev.sluice.http.client.OutboundAnswer;
import dev.sluice.http.client.OutboundRequest;
import dev.sluice.proxy.CanonicalRequest;
import dev.sluice.proxy.InboundRequest;
import dev.sluice.proxy.PassthroughProxy.Means;
import dev.sluice.proxy.Refusal;
import dev.sluice.proxy.RequestReader;
import dev.sluice.proxy.admit.Admission;
import dev.sluice.proxy.admit.Lease;
import dev.sluice.proxy.admit.RawCall;
import dev.sluice.proxy.authenticate.Authenticator;
import dev.sluice.proxy.call.Call;
import dev.sluice.proxy.call.Calls;
import dev.sluice.proxy.call.Delivery;
import dev.sluice.proxy.dispatch.failure.FailureClass;
import dev.sluice.proxy.dispatch.failure.FailureClassifier;
import dev.sluice.proxy.dispatch.failure.RetryAfter;
import dev.sluice.proxy.dispatch.visit.Visit;
import dev.sluice.proxy.dispatch.visit.Visits;
import dev.sluice.proxy.route.Candidate;
import dev.sluice.proxy.route.Plan;
import dev.sluice.proxy.route.Router;
import dev.sluice.proxy.translate.Translator;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The endpoints that count tokens. */
public final class TokenCountProxy {
    private static final int LARGEST_ANSWER = 64 * 1024;

    private final Authenticator authenticator;
    private final RequestReader reader;
    private final Router router;
    private final Admission admission;
    private final Means means;
    private final Translator translator;
    private final Calls calls;

    public TokenCountProxy(
            Authenticator authenticator,
            RequestReader reader,
            Router router,
            Admission admission,
            Means means,
            Translator translator,
            Calls calls) {
        this.authenticator = authenticator;
        this.reader = reader;
        this.router = router;
        this.admission = admission;
        this.means = means;
        this.translator = translator;
        this.calls = calls;
    }

    /** What is counted, by whom. */
    private record Question(
            InboundRequest inbound, ChatRequest asked, TokenCounting client, Plan plan) {}

    /**
     * A number of tokens.
     *
     * @param estimated whether it is ours and not an upstream's
     */
    private record Count(long tokens, boolean estimated) {}

    /** {@return what serves the counting path of that dialect} */
    public Handler counting(Dialect client) {
        TokenCounting counting = client.tokenCounting().orElseThrow();
        return exchange -> {
            ApiKey key = authenticator.authenticate(exchange, Permission.WRITE);
            Call call = calls.open(exchange, key, client.protocol());
            exchange.onClientGone(call::clientLeft);
            reader.read(exchange, key, client, request -> question(request, counting, key, call))
                    .compose(question -> count(question, exchange, call))
                    .onSuccess(answer -> answer(answer, counting, exchange, call))
                    .onFailure(failure -> Refusal.of(failure, call).answer(exchange, client, call));
        };
    }

    private Question question(
            InboundRequest request, TokenCounting counting, ApiKey key, Call call) {
        try {
            ChatRequest asked =
                    counting.readRequest(request.body(), request.canonical().envelope());
            call.asks(request.model(), false, request.bytes());
            Plan plan = router.plan(key, request);
            RawCall look =
                    new RawCall(plan.candidates().getFirst(), RawCall.Kind.LOOK, request.bytes());
            Lease lease = admission.admitRaw(key, look, call.startedAt());
            call.mayStart(plan, lease);
            return new Question(request, asked, counting, plan);
        } catch (MalformedRequest malformed) {
            throw CanonicalRequest.refused(malformed);
        }
    }

    private Future<Count> count(Question question, Exchange exchange, Call call) {
        for (Candidate candidate : question.plan().candidates()) {
            Optional<TokenCounting> upstream = translator.dialect(candidate).tokenCounting();
            Visits.Visitor visitor =
                    new Visits.Visitor(candidate, UUID.fromString(exchange.id()), Set.of());
            if (upstream.isPresent()
                    && means.visits().enter(visitor) instanceof Visits.Entry.Open open) {
                return ask(question, candidate, upstream.get(), open.visit(), call)
                        .otherwise((Long) null)
                        .compose(tokens ->
                                tokens == null
                                        ? estimate(question, exchange)
                                        : Future.succeededFuture(new Count(tokens, false)));
            }
        }
        return estimate(question, exchange);
    }

    private Future<Count> estimate(Question question, Exchange exchange) {
        String model = question.plan().candidates().getFirst().model();
        return exchange.onWorker(() ->
                new Count(TokenEstimate.of(question.asked(), model, means.estimator()), true));
    }

    private Future<@Nullable Long> ask(
            Question question,
            Candidate candidate,
            TokenCounting counting,
            Visit visit,
            Call call) {
        OutboundRequest request;
        try {
            request = request(question, candidate, counting, visit.key());
        } catch (RuntimeException unsayable) {
            visit.abandoned();
            return Future.failedFuture(unsayable);
        }
        visit.begin();
        call.whenClosed(visit::delivered);
        return means.client()
                .send(means.upstreams().authorized(request, visit.key()))
                .answer()
                .onSuccess(answer -> note(visit, call, answer))
                .onFailure(_ -> visit.abandoned())
                .compose(answer -> read(answer, counting));
    }

    private static void note(Visit visit, Call call, OutboundAnswer answer) {
        FailureClass failure = FailureClassifier.byStatus(answer.status());
        if (failure == null) {
            visit.answered(answer.headers(), false);
        } else {
            visit.failed(failure, RetryAfter.millis(answer.headers(), call.startedAt()));
        }
    }

    private OutboundRequest request(
            Question question,
            Candidate candidate,
            TokenCounting counting,
            @Nullable UpstreamKey key) {
        Upstream upstream = candidate.upstream();
        Headers headers =
                means.upstreams()
                        .headers(upstream, key, candidate.protocol(), Headers.EMPTY, Set.of())
                        .with("content-type", "application/json");
        return OutboundRequest.whole(
                "POST",
                Translator.countUri(candidate, counting),
                headers,
                Buffer.buffer(body(question, candidate, counting)),
                means.upstreams().timeouts(upstream),
                means.upstreams().reach());
    }

    private byte[] body(Question question, Candidate candidate, TokenCounting counting) {
        InboundRequest inbound = question.inbound();
        if (candidate.protocol() != inbound.protocol()) {
            return counting.writeRequest(question.asked(), translator.traits(candidate)).body();
        }
        boolean named = candidate.model().equals(inbound.peek().model());
        Rewrite rewrite =
                new Rewrite(
                        named ? null : candidate.model(),
                        false,
                        false,
                        null,
                        translator.traits(candidate));
        byte[] body =
                translator.dialect(candidate).rewrite(inbound.body(), inbound.peek(), rewrite);
        return candidate.protocol() == Protocol.ANTHROPIC
                ? AnthropicPlatform.of(translator.traits(candidate)).counted(body)
                : body;
    }

    private static Future<@Nullable Long> read(OutboundAnswer answer, TokenCounting counting) {
        return answer.unpacked()
                .bodyUpTo(LARGEST_ANSWER)
                .map(body -> answer.status() == 200 ? counting.readCount(body.getBytes()) : null);
    }

    private static void answer(Count count, TokenCounting counting, Exchange exchange, Call call) {
        byte[] body = counting.writeCount(count.tokens());
        Headers headers = Headers.of("content-type", "application/json");
        if (count.estimated()) {
            call.warns("estimated:input_tokens");
            headers = headers.with("x-sluice-warnings", "estimated:input_tokens");
        }
        Response response = new Response(200, headers, Buffer.buffer(body));
        Delivery delivery = Delivery.completed(200, Usage.NONE, null, body.length, 0);
        call.close(delivery)
                .onComplete(_ -> {
                    if (!exchange.isClientGone()) {
                        exchange.respond(response);
                    }
                });
    }
}
