package dev.sluice.proxy;

import dev.sluice.catalog.ApiKey;
import dev.sluice.catalog.Permission;
import dev.sluice.chat.Loss;
import dev.sluice.chat.Protocol;
import dev.sluice.dialect.Dialect;
import dev.sluice.http.Exchange;
import dev.sluice.http.Handler;
import dev.sluice.proxy.admit.Admission;
import dev.sluice.proxy.admit.Lease;
import dev.sluice.proxy.authenticate.Authenticator;
import dev.sluice.proxy.call.Call;
import dev.sluice.proxy.call.Calls;
import dev.sluice.proxy.dispatch.Dispatcher;
import dev.sluice.proxy.dispatch.Dispatcher.Order;
import dev.sluice.proxy.relay.Relay;
import dev.sluice.proxy.route.Candidate;
import dev.sluice.proxy.route.Plan;
import dev.sluice.proxy.route.Router;
import dev.sluice.proxy.translate.Translator;
import io.vertx.core.Future;

/** The journey of a chat request, or of a task that is asked for in JSON; one line a step. */
public final class ChatProxy {
    private final Authenticator authenticator;
    private final RequestReader reader;
    private final Router router;
    private final Admission admission;
    private final Dispatcher dispatcher;
    private final Relay relay;
    private final Calls calls;

    public ChatProxy(
            Authenticator authenticator,
            RequestReader reader,
            Router router,
            Admission admission,
            Dispatcher dispatcher,
            Relay relay,
            Calls calls) {
        this.authenticator = authenticator;
        this.reader = reader;
        this.router = router;
        this.admission = admission;
        this.dispatcher = dispatcher;
        this.relay = relay;
        this.calls = calls;
    }

    /** {@return what serves a path whose clients speak that dialect} */
    public Handler speaking(Dialect client) {
        return exchange -> {
            ApiKey key = authenticator.authenticate(exchange, Permission.WRITE);
            Call call =
                    calls.open(exchange, key, client.taskPath() == null ? client.protocol() : null);
            exchange.onClientGone(call::clientLeft);
            serve(exchange, client, key, call)
                    .onFailure(failure ->
                            Refusal.of(failure, call).answer(exchange, call.client(client), call));
        };
    }

    private Future<Void> serve(Exchange exchange, Dialect client, ApiKey key, Call call) {
        return reader.read(
                        exchange,
                        key,
                        client,
                        request -> {
                            call.asks(request.model(), request.stream(), request.body().length);
                            settle(request, client, call);
                            remember(request, call);
                            Plan plan = router.plan(key, request);
                            Lease lease = admission.admit(key, plan, request, call.startedAt());
                            call.mayStart(plan, lease);
                            return new Order(plan, request, lease, exchange);
                        })
                .compose(order ->
                        dispatcher
                                .dispatch(order, call)
                                .compose(answer ->
                                        relay.send(
                                                answer,
                                                call.client(client),
                                                exchange,
                                                call,
                                                order.request())));
    }

    /** No upstream keeps what it said in another protocol. */
    private void remember(InboundRequest request, Call call) {
        if (request.protocol() == Protocol.OPENAI_RESPONSES && !request.isTask()) {
            call.whenAnswered(answer -> {
                Candidate serving = call.serving();
                if (serving != null && serving.protocol() != Protocol.OPENAI_RESPONSES) {
                    reader.remember(call.key(), request, answer);
                }
            });
        }
    }

    /** What was said in another protocol's words was made out already. */
    private static void settle(InboundRequest request, Dialect ofPath, Call call) {
        Dialect meant = request.canonical().client();
        if (meant.protocol() != ofPath.protocol()) {
            call.isIn(meant);
        }
        for (Loss loss : request.canonical().losses()) {
            if (loss.severity() == Loss.Severity.WEAKER) {
                if (Translator.isStrict(request)) {
                    throw GatewayException.parameter(
                            "unsupported_parameter", loss.message(), loss.param());
                }
                call.warns(loss.code());
            }
        }
    }
}
