package dev.sluice.dialect.gemini.request;

import static dev.sluice.chat.Protocol.GEMINI;

import dev.sluice.chat.ChatRequest;
import dev.sluice.chat.Extras;
import dev.sluice.chat.Loss.Severity;
import dev.sluice.dialect.Envelope;
import dev.sluice.dialect.MalformedRequest;
import dev.sluice.dialect.gemini.peek.GeminiRequestPeeker;
import dev.sluice.dialect.gemini.wire.GeminiNames;
import dev.sluice.dialect.json.Json;
import dev.sluice.dialect.rules.Fields;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** A client's generateContent request in the canonical form (wire-contract §1.4). For one. */
public final class GeminiRequestReader {
    private final Fields request;
    private final List<Extras.Extra> nested = new ArrayList<>();

    private GeminiRequestReader(Fields request) {
        this.request = request;
    }

    public static ChatRequest read(byte[] body, Envelope envelope) throws MalformedRequest {
        GeminiRequestPeeker.peek(body, envelope);
        try {
            return read(Json.tree(body), envelope);
        } catch (JacksonException e) {
            throw Json.malformed(e);
        }
    }

    /** {@return the request that a tree says, whose deciding fields nobody has looked at} */
    public static ChatRequest read(JsonNode body, Envelope envelope) throws MalformedRequest {
        Fields request = Fields.of(GeminiNames.camelCased(body), "");
        return new GeminiRequestReader(request).read(envelope);
    }

    private ChatRequest read(Envelope envelope) throws MalformedRequest {
        String named = request.string("model");
        String model = named != null && named.startsWith("models/") ? named.substring(7) : named;
        Fields config = request.object("generationConfig");
        GeminiConfigReader settings = new GeminiConfigReader(config, nested);
        GeminiToolReader tools = new GeminiToolReader(request, nested);
        ChatRequest.Builder builder =
                ChatRequest.builder(GEMINI)
                        .model(envelope.model() == null ? model : envelope.model())
                        .stream(envelope.stream(), true)
                        .messages(GeminiMessageReader.read(request))
                        .tools(tools.tools())
                        .toolChoice(tools.choice())
                        .outputFormat(settings.outputFormat())
                        .reasoning(settings.reasoning())
                        .sampling(settings.sampling())
                        .limits(settings.limits())
                        .service(service());
        settings.rest();
        return builder.extras(extras()).build();
    }

    private ChatRequest.Service service() throws MalformedRequest {
        Map<String, String> labels = new LinkedHashMap<>();
        JsonNode given = request.take("labels");
        if (given != null) {
            for (Map.Entry<String, JsonNode> label : Fields.requireObject(given, "labels")) {
                if (!label.getValue().isString()) {
                    throw Fields.wrong("labels", "an object of strings");
                }
                labels.put(label.getKey(), label.getValue().stringValue());
            }
        }
        return new ChatRequest.Service(null, labels, tier(), null, null);
    }

    private @Nullable String tier() throws MalformedRequest {
        String said = request.string("serviceTier");
        if (said == null || said.toLowerCase(Locale.ROOT).endsWith("unspecified")) {
            return null;
        }
        String tier = said.toLowerCase(Locale.ROOT);
        return tier.equals("standard") ? "default" : tier;
    }

    private Extras extras() {
        request.extra(Severity.WEAKER, "safetySettings");
        request.extra(Severity.WRONG, "cachedContent");
        List<Extras.Extra> all = new ArrayList<>(request.rest(GEMINI).fields());
        all.addAll(nested);
        return Extras.of(GEMINI, all);
    }
}
