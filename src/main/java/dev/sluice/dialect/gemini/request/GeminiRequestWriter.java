package dev.sluice.dialect.gemini.request;

import static dev.sluice.chat.Protocol.GEMINI;

import dev.sluice.chat.ChatRequest;
import dev.sluice.chat.Parameter;
import dev.sluice.dialect.Memory;
import dev.sluice.dialect.Written;
import dev.sluice.dialect.gemini.wire.GeminiPaths;
import dev.sluice.dialect.json.Json;
import dev.sluice.dialect.rules.Fields;
import dev.sluice.dialect.rules.Losses;
import dev.sluice.dialect.trait.Trait;
import dev.sluice.dialect.trait.UpstreamTraits;
import java.util.Map;
import tools.jackson.databind.node.ObjectNode;

/**
 * A request for a Gemini upstream (wire-contract §2.3–2.7), whose model and method are in the path.
 * For one request.
 */
public final class GeminiRequestWriter {
    private final ChatRequest request;
    private final UpstreamTraits traits;
    private final Losses losses;
    private final ObjectNode body = Json.mapper().createObjectNode();

    private GeminiRequestWriter(ChatRequest request, UpstreamTraits traits) {
        this.request = request;
        this.traits = traits;
        this.losses = new Losses(request.origin());
    }

    public static Written write(ChatRequest request, UpstreamTraits traits) {
        return new GeminiRequestWriter(request, traits).write();
    }

    private Written write() {
        GeminiToolWriter tools = new GeminiToolWriter(request, traits, losses);
        new GeminiMessageWriter(request, traits, tools.names(), losses).write(body);
        tools.write(body);
        new GeminiConfigWriter(request, traits, losses).write(body);
        service(request.service());
        if (Boolean.FALSE.equals(request.parallelToolCalls())) {
            losses.dropped(Parameter.PARALLEL_TOOL_CALLS);
        }
        Fields.restore(body, request.extras(), GEMINI);
        losses.extras(request.extras(), GEMINI, "");
        GeminiPaths.Method method =
                request.stream() ? GeminiPaths.Method.STREAM : GeminiPaths.Method.GENERATE;
        return new Written(
                Json.bytes(body),
                GeminiPaths.upstream(traits.model(), method),
                Map.of(),
                losses.list(),
                new Memory(traits, tools.names(), tools.unwrapped(), null));
    }

    private void service(ChatRequest.Service service) {
        if (service.endUser() != null) {
            losses.dropped(Parameter.END_USER);
        }
        if (Boolean.TRUE.equals(service.store())) {
            losses.dropped(Parameter.STORE);
        }
        if (!service.metadata().isEmpty()) {
            if (traits.has(Trait.LABELS)) {
                service.metadata().forEach(body.putObject("labels")::put);
            } else {
                losses.dropped(Parameter.METADATA);
            }
        }
        String tier = service.tier();
        if (tier != null) {
            switch (tier) {
                case "default" -> body.put("serviceTier", "standard");
                case "flex", "priority" -> body.put("serviceTier", tier);
                case "auto" -> {
                    // Google's own choice.
                }
                default -> losses.dropped(Parameter.TIER);
            }
        }
    }
}
