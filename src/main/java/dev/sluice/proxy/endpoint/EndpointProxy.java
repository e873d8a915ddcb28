package dev.sluice.proxy.endpoint;

import dev.sluice.catalog.ApiKey;
import dev.sluice.catalog.Permission;
import dev.sluice.dialect.Envelope;
import dev.sluice.dialect.openai.tasks.TaskDialect;
import dev.sluice.http.Exchange;
import dev.sluice.http.Handler;
import dev.sluice.http.HttpFailure;
import dev.sluice.proxy.CanonicalRequest;
import dev.sluice.proxy.ChatProxy;
import dev.sluice.proxy.GatewayException;
import dev.sluice.proxy.InboundRequest;
import dev.sluice.proxy.ReadableBody;
import dev.sluice.proxy.Refusal;
import dev.sluice.proxy.admit.Admission;
import dev.sluice.proxy.admit.Lease;
import dev.sluice.proxy.authenticate.Authenticator;
import dev.sluice.proxy.call.Call;
import dev.sluice.proxy.call.Calls;
import dev.sluice.proxy.dispatch.Dispatcher;
import dev.sluice.proxy.dispatch.Dispatcher.Order;
import dev.sluice.proxy.relay.Relay;
import dev.sluice.proxy.route.Plan;
import dev.sluice.proxy.route.Router;
import io.vertx.core.Future;
import java.util.List;

/**
 * The journey of a task that is no chat. Asked for in JSON it is the very journey of chat; a form
 * is read only until it is known which model is meant, and then streamed to the upstream. What is
 * held of it can still be sent to another one.
 */
public final class EndpointProxy {
    private static final int MOST_HELD = 32 << 20;

    private final Authenticator authenticator;
    private final Router router;
    private final Admission admission;
    private final Dispatcher dispatcher;
    private final Relay relay;
    private final Calls calls;
    private final ChatProxy json;

    public EndpointProxy(
            Authenticator authenticator,
            Router router,
            Admission admission,
            Dispatcher dispatcher,
            Relay relay,
            Calls calls,
            ChatProxy json) {
        this.authenticator = authenticator;
        this.router = router;
        this.admission = admission;
        this.dispatcher = dispatcher;
        this.relay = relay;
        this.calls = calls;
        this.json = json;
    }

    /** {@return what serves the path of that task} */
    public Handler serving(TaskDialect task) {
        Handler inJson = json.speaking(task);
        return exchange -> {
            if (Boundary.isForm(exchange.headers().get("content-type"))) {
                serveForm(exchange, task);
            } else {
                inJson.handle(exchange);
            }
        };
    }

    private void serveForm(Exchange exchange, TaskDialect task) {
        ApiKey key = authenticator.authenticate(exchange, Permission.WRITE);
        Call call = calls.open(exchange, key, null);
        exchange.onClientGone(call::clientLeft);
        form(exchange, task, call)
                .compose(form -> send(exchange, task, call, form))
                .onFailure(failure -> Refusal.of(failure, call).answer(exchange, task, call));
    }

    private static Future<FormBody> form(Exchange exchange, TaskDialect task, Call call) {
        String type = exchange.headers().get("content-type");
        if (type == null || !task.task().takesForms()) {
            return Future.failedFuture(
                    MalformedForm.of(
                            "This endpoint takes JSON: send Content-Type application/json."));
        }
        try {
            ReadableBody.require(exchange);
            FormBody form =
                    new FormBody(exchange, Boundary.of(type), declaredLength(exchange), MOST_HELD);
            call.whenClientLeaves(() -> form.fail(clientLeft()));
            return form.read();
        } catch (HttpFailure | GatewayException refused) {
            return Future.failedFuture(refused);
        }
    }

    private Future<Void> send(Exchange exchange, TaskDialect task, Call call, FormBody form) {
        InboundRequest request = request(exchange, task, form);
        call.asks(request.model(), request.stream(), form.bytes());
        form.whenWhole(bytes -> call.asks(request.model(), form.stream(), bytes));
        Plan plan = router.plan(call.key(), request);
        Lease lease = admission.admit(call.key(), plan, request, call.startedAt());
        call.mayStart(plan, lease);
        return dispatcher
                .dispatch(new Order(plan, request, lease, exchange), call)
                .compose(answer -> {
                    form.release();
                    return relay.send(answer, task, exchange, call, request);
                });
    }

    private static InboundRequest request(Exchange exchange, TaskDialect task, FormBody form) {
        byte[] nothing = new byte[0];
        return new InboundRequest(
                exchange.id(),
                task.protocol(),
                nothing,
                task.peekForm(form.model(), form.stream()),
                form.model(),
                form.stream(),
                exchange.headers(),
                exchange.query(),
                new CanonicalRequest(task, nothing, new Envelope(null, form.stream(), List.of())),
                form);
    }

    private static HttpFailure clientLeft() {
        return new HttpFailure(400, "client_left", "The client closed the connection.");
    }

    private static long declaredLength(Exchange exchange) {
        String length = exchange.headers().get("content-length");
        return length == null ? -1 : Long.parseLong(length);
    }
}
