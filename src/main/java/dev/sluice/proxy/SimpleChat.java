package dev.sluice.proxy;

import dev.sluice.catalog.ApiKey;
import dev.sluice.catalog.Permission;
import dev.sluice.chat.ChatError;
import dev.sluice.chat.ErrorKind;
import dev.sluice.chat.Usage;
import dev.sluice.dialect.Dialect;
import dev.sluice.dialect.Envelope;
import dev.sluice.dialect.MalformedRequest;
import dev.sluice.http.Exchange;
import dev.sluice.http.Headers;
import dev.sluice.http.Response;
import dev.sluice.proxy.account.Fault;
import dev.sluice.proxy.admit.Admission;
import dev.sluice.proxy.admit.Lease;
import dev.sluice.proxy.authenticate.Authenticator;
import dev.sluice.proxy.call.Call;
import dev.sluice.proxy.call.Calls;
import dev.sluice.proxy.call.Delivery;
import dev.sluice.proxy.dispatch.Dispatcher;
import dev.sluice.proxy.dispatch.Dispatcher.Order;
import dev.sluice.proxy.dispatch.attempt.Answer;
import dev.sluice.proxy.route.Candidate;
import dev.sluice.proxy.route.Plan;
import dev.sluice.proxy.route.Router;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.Objects;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * {@code POST /chat}: one message in, one reply out, for people and scripts who want no more. It is
 * a chat request in OpenAI's dialect on the same journey.
 */
public final class SimpleChat {
    private static final ObjectMapper JSON = JsonMapper.shared();

    private final Authenticator authenticator;
    private final Router router;
    private final Admission admission;
    private final Dispatcher dispatcher;
    private final Calls calls;
    private final Dialect chat;
    private final BiFunction<Exchange, Throwable, Response> errors;

    public SimpleChat(
            Authenticator authenticator,
            Router router,
            Admission admission,
            Dispatcher dispatcher,
            Calls calls,
            Dialect chat,
            BiFunction<Exchange, Throwable, Response> errors) {
        this.authenticator = authenticator;
        this.router = router;
        this.admission = admission;
        this.dispatcher = dispatcher;
        this.calls = calls;
        this.chat = chat;
        this.errors = errors;
    }

    public void handle(Exchange exchange) {
        ApiKey key = authenticator.authenticate(exchange, Permission.WRITE);
        Call call = calls.open(exchange, key, chat.protocol());
        exchange.onClientGone(call::clientLeft);
        ReadableBody.of(exchange)
                .map(body -> order(exchange, key, call, body))
                .compose(order -> dispatcher.dispatch(order, call))
                .compose(answer -> reply(exchange, call, answer))
                .onFailure(failure -> refuse(exchange, call, failure));
    }

    private Order order(Exchange exchange, ApiKey key, Call call, Buffer body) {
        byte[] asked = chatRequest(read(body));
        try {
            InboundRequest request =
                    new InboundRequest(
                            exchange.id(),
                            chat.protocol(),
                            asked,
                            chat.peek(asked),
                            chat.peek(asked).model(),
                            false,
                            Headers.of("content-type", "application/json"),
                            null,
                            new CanonicalRequest(chat, asked, Envelope.NONE));
            call.asks(request.model(), false, body.length());
            Plan plan = router.plan(key, request);
            Lease lease = admission.admit(key, plan, request, call.startedAt());
            call.mayStart(plan, lease);
            return new Order(plan, request, lease, exchange);
        } catch (MalformedRequest impossible) {
            throw new IllegalStateException("the gateway's own request is sound", impossible);
        }
    }

    private static JsonNode read(Buffer body) {
        try {
            JsonNode read = JSON.readTree(body.getBytes());
            if (!read.isObject()) {
                throw invalid("Request body must be a JSON object", null);
            }
            return read;
        } catch (JacksonException notJson) {
            throw GatewayException.client(
                    ErrorKind.BAD_REQUEST, "invalid_json", "Invalid JSON body");
        }
    }

    private static byte[] chatRequest(JsonNode asked) {
        JsonNode message = asked.path("message");
        if (!message.isString() || message.stringValue().isBlank()) {
            throw invalid(
                    "messages must contain at least one user message with text content: 'message'"
                            + " is a non-blank string",
                    "message");
        }
        ObjectNode request = JSON.createObjectNode();
        copyIf(asked.path("model").isString(), asked, request, "model");
        ArrayNode messages = request.putArray("messages");
        if (asked.path("system").isString()) {
            messages.addObject().put("role", "system").set("content", asked.path("system"));
        }
        messages.addObject().put("role", "user").set("content", message);
        copyIf(asked.path("temperature").isNumber(), asked, request, "temperature");
        copyIf(asked.path("max_tokens").isIntegralNumber(), asked, request, "max_tokens");
        return JSON.writeValueAsBytes(request);
    }

    private static void copyIf(boolean wanted, JsonNode from, ObjectNode to, String field) {
        if (wanted) {
            to.set(field, from.path(field));
        }
    }

    private static GatewayException invalid(String message, @Nullable String param) {
        return new GatewayException(
                new ChatError(ErrorKind.INVALID, "validation_error", message, param),
                Fault.CLIENT,
                null);
    }

    private Future<Void> reply(Exchange exchange, Call call, Answer answer) {
        if (!(answer instanceof Answer.Whole whole)) {
            String status = Integer.toString(answer.status());
            return Future.failedFuture(
                    GatewayException.upstream(
                            ErrorKind.UPSTREAM_FAILED,
                            "upstream_error",
                            "Upstream error "
                                    + status
                                    + (answer instanceof Answer.Refused refused
                                            ? ": " + refused.text()
                                            : " returned invalid response format"),
                            null));
        }
        Candidate serving = Objects.requireNonNull(call.serving(), "someone answered");
        byte[] body = JSON.writeValueAsBytes(reply(exchange, call, whole, serving));
        Delivery delivery =
                Delivery.completed(200, usage(whole, call), whole.peek().model(), body.length, 0);
        return call.close(delivery)
                .compose(_ ->
                        exchange.respond(
                                new Response(
                                        200,
                                        Headers.of("content-type", "application/json"),
                                        Buffer.buffer(body))));
    }

    private static Usage usage(Answer.Whole whole, Call call) {
        Usage reported = whole.peek().usage();
        return reported == null
                ? Usage.estimated(call.requestBytes() / 4, whole.peek().outputBytes() / 4)
                : reported;
    }

    private static ObjectNode reply(
            Exchange exchange, Call call, Answer.Whole whole, Candidate serving) {
        JsonNode content =
                JSON.readTree(whole.body().getBytes())
                        .path("choices")
                        .path(0)
                        .path("message")
                        .path("content");
        return JSON.createObjectNode()
                .put("reply", content.isString() ? content.stringValue() : content.toString())
                .put("model", whole.peek().model() == null ? serving.model() : whole.peek().model())
                .put("request_id", exchange.id())
                .put("duration_ms", Math.round(call.elapsedMicros() / 10.0) / 100.0)
                .put("upstream_status", whole.status())
                .put("provider", serving.upstream().provider());
    }

    private void refuse(Exchange exchange, Call call, Throwable failure) {
        Response response = errors.apply(exchange, failure);
        Refusal.of(failure, call).answer(exchange, response, call);
    }
}
