package dev.sluice.dialect.anthropic.request;

import static dev.sluice.chat.Protocol.ANTHROPIC;

import dev.sluice.chat.ChatRequest;
import dev.sluice.chat.Extras;
import dev.sluice.chat.Message;
import dev.sluice.chat.OutputFormat;
import dev.sluice.chat.Parameter;
import dev.sluice.chat.Part;
import dev.sluice.chat.Sampling;
import dev.sluice.dialect.Memory;
import dev.sluice.dialect.Written;
import dev.sluice.dialect.anthropic.wire.AnthropicBetas;
import dev.sluice.dialect.json.Json;
import dev.sluice.dialect.json.JsonSchemas;
import dev.sluice.dialect.rules.Fields;
import dev.sluice.dialect.rules.Losses;
import dev.sluice.dialect.trait.Trait;
import dev.sluice.dialect.trait.UpstreamTraits;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** A request for a Messages upstream (wire-contract §2.3–2.7). For one request. */
public final class AnthropicRequestWriter {
    private static final String VERSION = "2023-06-01";

    /** Where nobody knows the model's own; less would cut calls of tools short. */
    private static final long MAX_OUTPUT = 32_000;

    private static final double LEAST_TOP_P_WITH_THINKING = 0.95;

    private final ChatRequest request;
    private final UpstreamTraits traits;
    private final Losses losses;
    private final ObjectNode body = Json.mapper().createObjectNode();
    private final Map<String, String> headers = new HashMap<>();

    private AnthropicRequestWriter(ChatRequest request, UpstreamTraits traits) {
        this.request = request;
        this.traits = traits;
        this.losses = new Losses(request.origin());
    }

    public static Written write(ChatRequest request, UpstreamTraits traits) {
        return new AnthropicRequestWriter(request, traits).write();
    }

    private Written write() {
        AnthropicCacheMarks marks = new AnthropicCacheMarks(traits);
        AnthropicToolWriter tools = new AnthropicToolWriter(request, traits, losses, marks);
        long limit = maxOutputTokens();
        body.put("model", traits.model()).put("max_tokens", limit);
        tools.write(body);
        new AnthropicMessageWriter(traits, tools.names(), losses, marks)
                .write(body, request.messages());
        marks.settle();
        refusePrefill();
        boolean thinks =
                new AnthropicThinkingWriter(request, traits, losses)
                        .write(body, limit, tools.forces());
        outputFormat();
        sampling(request.sampling(), thinks);
        limits();
        service(request.service());
        if (request.stream()) {
            body.put("stream", true);
        }
        extras();
        Memory memory = new Memory(traits, tools.names(), tools.unwrapped(), tools.outputTool());
        return new Written(Json.bytes(body), "messages", headers, losses.list(), memory);
    }

    private long maxOutputTokens() {
        Long asked = request.limits().maxOutputTokens();
        Integer most = traits.maxOutputTokens();
        if (asked == null) {
            return most == null ? MAX_OUTPUT : most;
        }
        if (most != null && asked > most) {
            losses.clamped(Parameter.MAX_OUTPUT_TOKENS);
            return most;
        }
        return Math.max(1, asked);
    }

    /** A turn that Anthropic itself paused ends with a block of its own, and goes on. */
    private void refusePrefill() {
        Message last = request.messages().isEmpty() ? null : request.messages().getLast();
        if (last == null || last.role() != Message.Role.ASSISTANT || traits.has(Trait.PREFILL)) {
            return;
        }
        boolean paused = !last.parts().isEmpty() && last.parts().getLast() instanceof Part.Foreign;
        if (!paused) {
            losses.refused("prefill", last, "the upstream continues no assistant message.");
        }
    }

    private void outputFormat() {
        OutputFormat format = request.outputFormat();
        switch (format) {
            case null -> {
                // Text, as always.
            }
            case OutputFormat.Text _ -> {
                // Anthropic's default.
            }
            case OutputFormat.JsonObject _ -> losses.dropped(Parameter.OUTPUT_FORMAT);
            case OutputFormat.JsonSchema schema -> {
                if (traits.has(Trait.OUTPUT_CONFIG)) {
                    ObjectNode written =
                            body.withObjectProperty("output_config").putObject("format");
                    written.put("type", "json_schema");
                    written.set(
                            "schema", JsonSchemas.described(schema.schema(), schema.description()));
                }
            }
        }
        if (request.verbosity() != null) {
            losses.dropped(Parameter.VERBOSITY);
        }
    }

    private void sampling(Sampling sampling, boolean thinks) {
        boolean taken = traits.has(Trait.SAMPLING);
        Double temperature = sampling.temperature();
        boolean warm = temperature != null && taken && (!thinks || temperature == 1);
        if (temperature != null && warm) {
            body.put("temperature", Math.clamp(temperature, 0, 1));
            if (temperature > 1) {
                losses.clamped(Parameter.TEMPERATURE);
            }
        } else if (temperature != null) {
            losses.dropped(Parameter.TEMPERATURE);
        }
        Double topP = sampling.topP();
        boolean beside = !warm || traits.has(Trait.TEMPERATURE_WITH_TOP_P);
        if (topP != null && taken && beside && (!thinks || topP >= LEAST_TOP_P_WITH_THINKING)) {
            body.put("top_p", topP);
        } else if (topP != null) {
            losses.dropped(Parameter.TOP_P);
        }
        if (sampling.topK() != null && taken && !thinks) {
            body.put("top_k", sampling.topK());
        } else if (sampling.topK() != null) {
            losses.dropped(Parameter.TOP_K);
        }
        unsupported(sampling);
    }

    private void unsupported(Sampling sampling) {
        lose(Parameter.FREQUENCY_PENALTY, sampling.frequencyPenalty() != null);
        lose(Parameter.PRESENCE_PENALTY, sampling.presencePenalty() != null);
        lose(Parameter.SEED, sampling.seed() != null);
        lose(Parameter.LOGIT_BIAS, sampling.logitBias() != null);
        boolean unwanted = Boolean.FALSE.equals(sampling.logprobs());
        boolean any = sampling.logprobs() != null || sampling.topLogprobs() != null;
        lose(Parameter.LOGPROBS, any && !unwanted);
    }

    private void lose(Parameter parameter, boolean said) {
        if (said) {
            losses.dropped(parameter);
        }
    }

    private void limits() {
        List<String> stops =
                request.limits().stop().stream().filter(stop -> !stop.isBlank()).toList();
        lose(Parameter.STOP, stops.size() < request.limits().stop().size());
        if (!stops.isEmpty()) {
            ArrayNode array = body.putArray("stop_sequences");
            stops.forEach(array::add);
        }
        if (request.limits().choices() > 1) {
            losses.refused(Parameter.CHOICES, "the upstream gives one answer only.");
        }
    }

    private void service(ChatRequest.Service service) {
        String user = service.endUser();
        if (user != null && isOpaque(user)) {
            body.putObject("metadata").put("user_id", user);
        } else {
            lose(Parameter.END_USER, user != null);
        }
        lose(Parameter.METADATA, !service.metadata().isEmpty());
        lose(Parameter.STORE, Boolean.TRUE.equals(service.store()));
        String tier = service.tier();
        if (tier != null) {
            switch (tier) {
                case "default" -> body.put("service_tier", "standard_only");
                case "auto" -> body.put("service_tier", "auto");
                default -> losses.dropped(Parameter.TIER);
            }
        }
    }

    /** Anthropic wants neither names nor addresses of people. */
    private boolean isOpaque(String user) {
        boolean personal = user.indexOf('@') >= 0 || user.chars().anyMatch(Character::isWhitespace);
        return request.origin() == ANTHROPIC || !personal;
    }

    private void extras() {
        headers.put("anthropic-version", VERSION);
        List<Extras.Extra> fields = request.extras().in(ANTHROPIC);
        fields.stream()
                .filter(extra -> extra.path().equals(AnthropicBetas.HEADER))
                .forEach(extra -> betas(extra.value().asString("")));
        List<Extras.Extra> rest =
                fields.stream()
                        .filter(extra -> !extra.path().equals(AnthropicBetas.HEADER))
                        .toList();
        Fields.restore(body, Extras.of(ANTHROPIC, rest), ANTHROPIC);
        losses.extras(request.extras(), ANTHROPIC, "");
    }

    private void betas(String asked) {
        AnthropicBetas betas = AnthropicBetas.allowed(List.of(asked), traits);
        if (!betas.sent().isEmpty()) {
            headers.put(AnthropicBetas.HEADER, betas.sent());
        }
        losses.add(betas.loss());
    }
}
