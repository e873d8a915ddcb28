package dev.sluice.admin.translate;

import dev.sluice.admin.AdminException;
import dev.sluice.admin.AdminGate;
import dev.sluice.admin.AdminJson;
import dev.sluice.admin.AdminRequest;
import dev.sluice.admin.AdminRule;
import dev.sluice.chat.Loss;
import dev.sluice.chat.Protocol;
import dev.sluice.http.Response;
import dev.sluice.http.Route;
import dev.sluice.proxy.GatewayException;
import dev.sluice.proxy.translate.Rehearsal;
import dev.sluice.proxy.translate.Rehearsal.Script;
import dev.sluice.proxy.translate.Rehearsal.Told;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * {@code POST /admin/translate}: what would be sent of a client's body, and what would be lost.
 * Nothing is sent.
 */
public final class TranslateResource {
    private final Rehearsal rehearsal;

    public TranslateResource(Rehearsal rehearsal) {
        this.rehearsal = rehearsal;
    }

    public List<Route> routes(AdminGate gate) {
        return List.of(gate.route("POST", "/admin/translate", AdminRule.READ, this::translate));
    }

    Response translate(AdminRequest request) {
        try {
            ObjectNode view = AdminJson.object();
            ArrayNode candidates = view.putArray("candidates");
            rehearsal.tell(script(request.body())).forEach(told -> candidates.add(view(told)));
            return Response.json(200, view.toString());
        } catch (GatewayException refused) {
            String code = refused.error().code();
            throw new AdminException(
                    refused.error().kind().status(),
                    code == null ? "invalid_request" : code,
                    refused.error().param() == null
                            ? refused.error().message()
                            : refused.error().param() + ": " + refused.error().message());
        }
    }

    private static Script script(JsonNode asked) {
        Protocol protocol = Protocol.named(asked.path("protocol").stringValue()).orElseThrow();
        return new Script(
                protocol,
                AdminJson.MAPPER.writeValueAsBytes(asked.path("body")),
                asked.path("model").isString() ? asked.path("model").stringValue() : null,
                asked.path("stream").asBoolean(false),
                asked.path("strict").asBoolean(false));
    }

    private static ObjectNode view(Told told) {
        ObjectNode view =
                AdminJson.object()
                        .put("upstream", told.candidate().upstream().name())
                        .put("model", told.candidate().model())
                        .put("protocol", told.candidate().protocol().wireName())
                        .put("passes_unchanged", told.passes());
        view.set("refused", loss(told.refusal()));
        ArrayNode losses = view.putArray("losses");
        told.losses().forEach(loss -> losses.add(loss(loss)));
        view.putObject("request")
                .put("method", "POST")
                .put("url", told.uri().toString())
                .set("body", AdminJson.MAPPER.readTree(told.body()));
        return view;
    }

    private static @Nullable ObjectNode loss(@Nullable Loss loss) {
        return loss == null
                ? null
                : AdminJson.object()
                        .put("code", loss.code())
                        .put("severity", loss.severity().name().toLowerCase(Locale.ROOT))
                        .put("param", loss.param())
                        .put("message", loss.message());
    }
}
