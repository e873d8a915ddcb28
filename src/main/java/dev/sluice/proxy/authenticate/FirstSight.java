package dev.sluice.proxy.authenticate;

import dev.sluice.http.Exchange;
import dev.sluice.http.Handler;
import dev.sluice.http.Route;
import io.vertx.core.AsyncResult;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Has a request wait for the check of a key that nobody has brought before. */
public final class FirstSight {
    private final UnseenKeys unseen;

    public FirstSight(UnseenKeys unseen) {
        this.unseen = unseen;
    }

    /** {@return the same route, behind such a check} */
    public Route before(Route route) {
        Handler handler = route.handler();
        return new Route(
                route.method(),
                route.template(),
                route.rule(),
                exchange -> handle(exchange, handler));
    }

    private void handle(Exchange exchange, Handler handler) {
        if (unseen.isEmpty()) {
            handler.handle(exchange);
            return;
        }
        List<String> values = Credentials.of(exchange).stream().filter(unseen::mayHold).toList();
        if (values.isEmpty()) {
            handler.handle(exchange);
            return;
        }
        String address = exchange.clientAddress();
        exchange.onVirtualThread(
                        () -> {
                            values.forEach(value -> unseen.check(value, address));
                            return values.size();
                        })
                .onComplete(checked -> goOn(exchange, handler, checked));
    }

    private static void goOn(Exchange exchange, Handler handler, AsyncResult<Integer> checked) {
        @Nullable Throwable failure = checked.cause();
        if (failure != null) {
            exchange.fail(failure);
            return;
        }
        try {
            handler.handle(exchange);
        } catch (RuntimeException refused) {
            exchange.fail(refused);
        }
    }
}
