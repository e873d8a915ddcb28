package dev.sluice.dialect.anthropic.request;

import static dev.sluice.chat.Protocol.ANTHROPIC;

import dev.sluice.chat.ChatRequest;
import dev.sluice.chat.Extras;
import dev.sluice.chat.Loss.Severity;
import dev.sluice.chat.OutputFormat;
import dev.sluice.chat.ReasoningOptions;
import dev.sluice.chat.ReasoningOptions.Effort;
import dev.sluice.chat.Sampling;
import dev.sluice.dialect.Envelope;
import dev.sluice.dialect.MalformedRequest;
import dev.sluice.dialect.anthropic.peek.AnthropicRequestPeeker;
import dev.sluice.dialect.anthropic.wire.AnthropicBetas;
import dev.sluice.dialect.json.Json;
import dev.sluice.dialect.rules.Fields;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** A client's Messages request in the canonical form (wire-contract §1.3). For one request. */
public final class AnthropicRequestReader {
    private final Fields request;

    private AnthropicRequestReader(Fields request) {
        this.request = request;
    }

    public static ChatRequest read(byte[] body, Envelope envelope) throws MalformedRequest {
        AnthropicRequestPeeker.peek(body);
        try {
            Fields request = Fields.of(Json.tree(body), "");
            return new AnthropicRequestReader(request).read(envelope);
        } catch (JacksonException e) {
            throw Json.malformed(e);
        }
    }

    private ChatRequest read(Envelope envelope) throws MalformedRequest {
        String model = request.string("model");
        Boolean stream = request.flag("stream");
        Fields choice = request.object("tool_choice");
        Fields output = request.object("output_config");
        ChatRequest.Builder builder =
                ChatRequest.builder(ANTHROPIC)
                        .model(model == null ? envelope.model() : model)
                        .stream(stream == null ? envelope.stream() : stream, true)
                        .messages(AnthropicMessageReader.read(request))
                        .tools(AnthropicToolReader.tools(request))
                        .toolChoice(AnthropicToolReader.choice(choice))
                        .parallelToolCalls(AnthropicToolReader.parallel(choice))
                        .outputFormat(outputFormat(output))
                        .reasoning(reasoning(output))
                        .sampling(sampling())
                        .limits(new ChatRequest.Limits(limit(), stops(), 1))
                        .service(service());
        return builder.extras(extras(envelope)).build();
    }

    private @Nullable OutputFormat outputFormat(@Nullable Fields output) throws MalformedRequest {
        Fields format = output == null ? null : output.object("format");
        if (format == null) {
            return null;
        }
        if (!format.requiredString("type").equals("json_schema")) {
            throw Fields.wrong(format.path("type"), "json_schema");
        }
        JsonNode schema = format.take("schema");
        if (schema == null || !schema.isObject()) {
            throw Fields.wrong(format.path("schema"), "a JSON Schema object");
        }
        return new OutputFormat.JsonSchema(null, null, schema, null);
    }

    private @Nullable ReasoningOptions reasoning(@Nullable Fields output) throws MalformedRequest {
        Effort effort = effort(output);
        Fields thinking = request.object("thinking");
        if (thinking == null) {
            return effort == null ? null : ReasoningOptions.effort(effort);
        }
        String type = thinking.requiredString("type");
        Boolean enabled =
                switch (type) {
                    case "adaptive" -> true;
                    case "disabled" -> false;
                    case "enabled" -> null;
                    default ->
                            throw Fields.wrong(
                                    "thinking.type", "one of enabled, adaptive and disabled");
                };
        Long budget = thinking.whole("budget_tokens");
        if (type.equals("enabled") && (budget == null || budget < 1)) {
            throw Fields.wrong("thinking.budget_tokens", "a whole number of at least 1024");
        }
        String style = thinking.string("display");
        boolean visible = !type.equals("disabled") && !"omitted".equals(style);
        return new ReasoningOptions(
                effort, type.equals("enabled") ? budget : null, enabled, visible, style);
    }

    private static @Nullable Effort effort(@Nullable Fields output) throws MalformedRequest {
        String word = output == null ? null : output.string("effort");
        if (word == null) {
            return null;
        }
        Effort effort = Effort.named(word).orElse(null);
        if (effort == null || effort == Effort.NONE || effort == Effort.MINIMAL) {
            throw Fields.wrong("output_config.effort", "one of low, medium, high, xhigh and max");
        }
        return effort;
    }

    private Sampling sampling() throws MalformedRequest {
        return new Sampling(
                request.number("temperature"),
                request.number("top_p"),
                request.whole("top_k"),
                null,
                null,
                null,
                null,
                null,
                null);
    }

    private @Nullable Long limit() throws MalformedRequest {
        Long limit = request.whole("max_tokens");
        if (limit != null && limit < 1) {
            throw Fields.wrong("max_tokens", "a whole number of at least 1");
        }
        return limit;
    }

    private List<String> stops() throws MalformedRequest {
        List<String> stops = new ArrayList<>();
        for (JsonNode stop : request.list("stop_sequences")) {
            if (!stop.isString()) {
                throw Fields.wrong("stop_sequences", "an array of strings");
            }
            stops.add(stop.stringValue());
        }
        return stops;
    }

    private ChatRequest.Service service() throws MalformedRequest {
        Fields metadata = request.object("metadata");
        String endUser = metadata == null ? null : metadata.string("user_id");
        String tier = request.string("service_tier");
        return new ChatRequest.Service(
                endUser, Map.of(), "standard_only".equals(tier) ? "default" : tier, null, null);
    }

    private Extras extras(Envelope envelope) {
        request.extra(Severity.SILENT, "cache_control", "anthropic_version");
        request.extra(Severity.WEAKER, "speed", "context_management");
        request.extra(Severity.WRONG, "container", "mcp_servers");
        List<Extras.Extra> all = new ArrayList<>(request.rest(ANTHROPIC).fields());
        if (!envelope.betas().isEmpty()) {
            String betas = String.join(",", envelope.betas());
            JsonNode value = Json.mapper().getNodeFactory().stringNode(betas);
            all.add(new Extras.Extra(AnthropicBetas.HEADER, value, Severity.SILENT));
        }
        return Extras.of(ANTHROPIC, all);
    }
}
