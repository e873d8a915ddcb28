package dev.sluice.admin.openapi;

import dev.sluice.admin.Acting;
import dev.sluice.admin.Actor;
import dev.sluice.admin.AdminErrors;
import dev.sluice.admin.AdminException;
import dev.sluice.admin.AdminGate;
import dev.sluice.admin.AdminJson;
import dev.sluice.admin.AdminOperation;
import dev.sluice.admin.AdminRequest;
import dev.sluice.admin.AdminRule;
import dev.sluice.http.Exchange;
import dev.sluice.http.Response;
import dev.sluice.http.Route;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.databind.JsonNode;

/**
 * The way into the control plane: first who asks, then whether the request is in good form, then
 * the operation, on a virtual thread. Whatever happens, there is an answer.
 */
public final class ContractGate implements AdminGate {
    private static final Set<String> WITH_BODY = Set.of("POST", "PUT", "PATCH");

    private final Contract contract;
    private final AdminAuthority authority;

    public ContractGate(Contract contract, AdminAuthority authority) {
        this.contract = contract;
        this.authority = authority;
    }

    @Override
    public Route route(String method, String template, AdminRule rule, AdminOperation operation) {
        boolean takesBody = WITH_BODY.contains(method);
        return new Route(
                method,
                template,
                rule,
                exchange -> {
                    Actor actor;
                    try {
                        actor = authority.require(exchange, rule);
                    } catch (AdminException refused) {
                        var _ = exchange.respond(AdminErrors.response(refused));
                        return;
                    }
                    Future<Buffer> body =
                            takesBody ? exchange.body() : Future.succeededFuture(Buffer.buffer());
                    var _ =
                            body.compose(bytes -> operate(exchange, actor, operation, bytes))
                                    .otherwise(AdminErrors::response)
                                    .compose(exchange::respond);
                });
    }

    private Future<Response> operate(
            Exchange exchange, Actor actor, AdminOperation operation, Buffer body) {
        return exchange.onVirtualThread(() -> {
            AdminRequest request =
                    contract.check(
                            exchange.route().method(),
                            exchange.route().template(),
                            exchange.pathParameters(),
                            name -> parameter(exchange, name),
                            tree(body));
            AdminRequest known = request.by(actor).with(exchange.headers(), exchange.isSecure());
            return Acting.as(actor, () -> operation.handle(known));
        });
    }

    /** What is called {@code key} is taken out of every query, because elsewhere it is a secret. */
    private static @Nullable String parameter(Exchange exchange, String name) {
        return name.equals("key") ? exchange.queryCredential() : exchange.queryParameter(name);
    }

    private static JsonNode tree(Buffer body) {
        if (body.length() == 0) {
            return Contract.nothing();
        }
        try {
            return AdminJson.MAPPER.readTree(body.getBytes());
        } catch (StreamReadException invalid) {
            TokenStreamLocation place = invalid.getLocation();
            throw new AdminException(
                    400,
                    "invalid_json",
                    place == null
                            ? "The body is not valid JSON"
                            : "The body is not valid JSON: line %d, column %d"
                                    .formatted(place.getLineNr(), place.getColumnNr()));
        } catch (JacksonException _) {
            throw new AdminException(400, "invalid_json", "The body is not one JSON value");
        }
    }
}
