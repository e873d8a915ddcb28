package dev.sluice.http.engine;

import dev.sluice.http.CrossOrigin;
import dev.sluice.http.Headers;
import dev.sluice.http.HttpFailure;
import dev.sluice.http.Response;
import dev.sluice.http.engine.request.RequestEnding;
import dev.sluice.http.engine.request.RequestHead;
import dev.sluice.http.engine.request.RequestTarget;
import dev.sluice.http.engine.route.RouteTable;
import dev.sluice.http.engine.route.Unrouted;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.spi.context.storage.AccessMode;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where a request enters: it is checked, its route found and its handler called. Whatever is thrown
 * here or later, in any callback of this request, ends the exchange with an answer.
 */
final class RequestEntry {
    private static final Logger log = LoggerFactory.getLogger(RequestEntry.class);

    private final ServerParts parts;
    private final RouteTable routes;

    RequestEntry(ServerParts parts, RouteTable routes) {
        this.parts = parts;
        this.routes = routes;
    }

    void handle(HttpServerRequest request) {
        if (RequestEnding.comesTooLate(request)) {
            return;
        }
        ServerExchange exchange = open(request);
        try {
            enter(exchange, request);
        } catch (Throwable failure) {
            exchange.fail(failure);
        }
    }

    /** Answers what the codec could not read as a request. */
    void refuse(HttpServerRequest request) {
        if (RequestEnding.comesTooLate(request)) {
            return;
        }
        ServerExchange exchange = open(request);
        exchange.closeAfterwards();
        exchange.fail(reason(request.decoderResult().cause()));
    }

    /** Ends the exchange in whose callback that was thrown. */
    void thrown(Throwable failure) {
        Context context = Vertx.currentContext();
        ServerExchange exchange =
                context instanceof ContextInternal internal
                        ? HttpEngine.EXCHANGE.get(internal, AccessMode.CONCURRENT)
                        : null;
        if (exchange != null) {
            exchange.fail(failure);
            return;
        }
        log.error("A callback outside of any request failed", failure);
    }

    private ServerExchange open(HttpServerRequest request) {
        ContextInternal context = ContextInternal.current();
        ServerExchange exchange = new ServerExchange(parts, request, context);
        HttpEngine.EXCHANGE.put(context, AccessMode.CONCURRENT, exchange);
        return exchange;
    }

    private void enter(ServerExchange exchange, HttpServerRequest request) {
        String method = request.method().name();
        if (method.equals("CONNECT") || method.equals("TRACE")) {
            exchange.closeAfterwards();
            throw new HttpFailure(405, "method_not_allowed", method + " is not served here.");
        }
        RequestTarget target = target(exchange, request);
        exchange.route(target, Unrouted.ROUTE, Map.of());
        CrossOrigin crossOrigin = parts.setup().crossOrigin();
        if (crossOrigin.isPreflight(method, exchange.headers())) {
            Headers answer = crossOrigin.preflightHeaders(exchange.headers());
            exchange.respond(new Response(204, answer, Buffer.buffer()));
            return;
        }
        switch (routes.match(method, target.path())) {
            case RouteTable.Match.Found found -> {
                exchange.route(target, found.route(), found.parameters());
                found.route().handler().handle(exchange);
            }
            case RouteTable.Match.WrongMethod(String allow) -> refuseMethod(exchange, allow);
            case RouteTable.Match.Unknown() -> Unrouted.ROUTE.handler().handle(exchange);
        }
    }

    private static RequestTarget target(ServerExchange exchange, HttpServerRequest request) {
        try {
            RequestHead.check(request);
            return RequestTarget.parse(request.method().name(), request.uri());
        } catch (HttpFailure malformed) {
            exchange.closeAfterwards();
            throw malformed;
        }
    }

    private static void refuseMethod(ServerExchange exchange, String allow) {
        exchange.allow(allow);
        if (exchange.method().equals("OPTIONS")) {
            exchange.respond(Response.empty(204));
            return;
        }
        exchange.fail(
                new HttpFailure(
                        405,
                        "method_not_allowed",
                        "This path does not serve " + exchange.method() + "."));
    }

    private static HttpFailure reason(Throwable cause) {
        return switch (cause) {
            case TooLongHttpLineException _ ->
                    new HttpFailure(414, "uri_too_long", "The request line is too long.");
            case TooLongHttpHeaderException _ ->
                    new HttpFailure(431, "headers_too_large", "The header fields are too large.");
            default -> new HttpFailure(400, "malformed_request", "This is not an HTTP request.");
        };
    }
}
