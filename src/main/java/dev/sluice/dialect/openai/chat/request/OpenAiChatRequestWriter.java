package dev.sluice.dialect.openai.chat.request;

import static dev.sluice.chat.Protocol.OPENAI_CHAT;

import dev.sluice.chat.ChatRequest;
import dev.sluice.chat.Loss;
import dev.sluice.chat.Message;
import dev.sluice.chat.OutputFormat;
import dev.sluice.chat.Parameter;
import dev.sluice.chat.ReasoningOptions.Effort;
import dev.sluice.chat.Sampling;
import dev.sluice.dialect.Memory;
import dev.sluice.dialect.ToolNames;
import dev.sluice.dialect.Written;
import dev.sluice.dialect.json.Json;
import dev.sluice.dialect.rules.Efforts;
import dev.sluice.dialect.rules.Fields;
import dev.sluice.dialect.rules.Losses;
import dev.sluice.dialect.rules.tool.CustomTools;
import dev.sluice.dialect.trait.Trait;
import dev.sluice.dialect.trait.UpstreamTraits;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** A request for a Chat upstream (wire-contract §2.3–2.7). For one request. */
public final class OpenAiChatRequestWriter {
    private static final int MAX_STOPS = 4;

    private final ChatRequest request;
    private final UpstreamTraits traits;
    private final Losses losses;
    private final ObjectNode body = Json.mapper().createObjectNode();

    private OpenAiChatRequestWriter(ChatRequest request, UpstreamTraits traits) {
        this.request = request;
        this.traits = traits;
        this.losses = new Losses(request.origin());
    }

    public static Written write(ChatRequest request, UpstreamTraits traits) {
        return new OpenAiChatRequestWriter(request, traits).write();
    }

    private Written write() {
        OpenAiChatToolWriter tools = new OpenAiChatToolWriter(request, traits, losses);
        ToolNames names = tools.names();
        Set<String> customAsFunctions = CustomTools.asFunctions(request, traits);
        body.put("model", traits.model());
        body.set(
                "messages",
                new OpenAiChatMessageWriter(traits, names, customAsFunctions, losses)
                        .write(request.messages()));
        refusePrefill();
        tools.write(body, customAsFunctions);
        outputFormat();
        reasoning();
        limits();
        sampling(request.sampling());
        service(request.service());
        stream();
        Fields.restore(body, request.extras(), OPENAI_CHAT);
        losses.extras(request.extras(), OPENAI_CHAT, "");
        Memory memory = new Memory(traits, names, customAsFunctions, null);
        return new Written(Json.bytes(body), "chat/completions", Map.of(), losses.list(), memory);
    }

    private void refusePrefill() {
        Message last = request.messages().isEmpty() ? null : request.messages().getLast();
        if (last != null && last.role() == Message.Role.ASSISTANT && !traits.has(Trait.PREFILL)) {
            losses.refused("prefill", last, "the upstream continues no assistant message.");
        }
    }

    private void outputFormat() {
        OutputFormat format = request.outputFormat();
        switch (format) {
            case null -> {
                // The provider's own.
            }
            case OutputFormat.Text _ -> body.putObject("response_format").put("type", "text");
            case OutputFormat.JsonObject _ ->
                    body.putObject("response_format").put("type", "json_object");
            case OutputFormat.JsonSchema schema -> schema(schema);
        }
        if (request.verbosity() != null) {
            own(Parameter.VERBOSITY, Loss.Severity.WEAKER, "verbosity", text(request.verbosity()));
        }
    }

    private void schema(OutputFormat.JsonSchema schema) {
        ObjectNode format = body.putObject("response_format");
        if (!traits.has(Trait.JSON_SCHEMA)) {
            format.put("type", "json_object");
            losses.changed(Parameter.OUTPUT_FORMAT);
            return;
        }
        ObjectNode described = format.put("type", "json_schema").putObject("json_schema");
        described.put("name", Objects.requireNonNullElse(schema.name(), "response"));
        if (schema.description() != null) {
            described.put("description", schema.description());
        }
        described.set("schema", schema.schema());
        if (schema.strict() != null) {
            described.put("strict", schema.strict());
        }
    }

    private void reasoning() {
        Effort asked = request.reasoning() == null ? null : Efforts.of(request.reasoning());
        boolean refusesBoth = request.hasTools() && !traits.has(Trait.EFFORT_WITH_TOOLS);
        if (asked == null && !refusesBoth) {
            return;
        }
        if (!traits.has(Trait.REASONING_EFFORT)) {
            losses.dropped(Parameter.REASONING);
            return;
        }
        Effort sent = refusesBoth ? Effort.NONE : nearest(Objects.requireNonNull(asked));
        if (asked != null && sent != asked) {
            losses.changed(Parameter.REASONING);
        }
        body.put("reasoning_effort", sent.wireName());
    }

    private Effort nearest(Effort effort) {
        Effort least = Effort.named(traits.word(Trait.MIN_EFFORT)).orElse(Effort.NONE);
        Effort most = Effort.named(traits.word(Trait.MAX_EFFORT)).orElse(Effort.MAX);
        return Efforts.within(effort, least, most);
    }

    private void limits() {
        ChatRequest.Limits limits = request.limits();
        if (limits.maxOutputTokens() != null) {
            body.put(traits.word(Trait.MAX_TOKENS_FIELD), limits.maxOutputTokens());
        }
        if (!limits.stop().isEmpty()) {
            ArrayNode stop = body.putArray("stop");
            limits.stop().forEach(stop::add);
        }
        if (limits.stop().size() > MAX_STOPS) {
            losses.refused(Parameter.STOP, "the upstream takes at most 4 stop texts.");
        }
        if (limits.choices() > 1) {
            body.put("n", limits.choices());
        }
    }

    private void sampling(Sampling sampling) {
        sampled(Parameter.TEMPERATURE, "temperature", number(sampling.temperature()));
        sampled(Parameter.TOP_P, "top_p", number(sampling.topP()));
        sampled(
                Parameter.FREQUENCY_PENALTY,
                "frequency_penalty",
                number(sampling.frequencyPenalty()));
        sampled(Parameter.PRESENCE_PENALTY, "presence_penalty", number(sampling.presencePenalty()));
        sampled(Parameter.LOGIT_BIAS, "logit_bias", sampling.logitBias());
        sampled(Parameter.SEED, "seed", number(sampling.seed()));
        if (sampling.topK() != null) {
            if (traits.has(Trait.TOP_K) && traits.has(Trait.SAMPLING)) {
                body.put("top_k", sampling.topK());
            } else {
                losses.dropped(Parameter.TOP_K);
            }
        }
        if (sampling.logprobs() != null || sampling.topLogprobs() != null) {
            boolean wanted = sampling.logprobs() == null || sampling.logprobs();
            sampled(
                    Parameter.LOGPROBS,
                    "logprobs",
                    Json.mapper().getNodeFactory().booleanNode(wanted));
            if (sampling.topLogprobs() != null) {
                long count = sampling.topLogprobs();
                sampled(Parameter.LOGPROBS, "top_logprobs", number(count));
            }
        }
    }

    private void sampled(Parameter parameter, String name, @Nullable JsonNode value) {
        if (value == null) {
            return;
        }
        if (traits.has(Trait.SAMPLING)) {
            body.set(name, value);
        } else {
            losses.dropped(parameter);
        }
    }

    private void service(ChatRequest.Service service) {
        if (service.endUser() != null) {
            String name = traits.has(Trait.OPENAI_FIELDS) ? "safety_identifier" : "user";
            body.put(name, service.endUser());
        }
        if (!service.metadata().isEmpty()) {
            ObjectNode metadata = Json.mapper().createObjectNode();
            service.metadata().forEach(metadata::put);
            own(Parameter.METADATA, Loss.Severity.WEAKER, "metadata", metadata);
        }
        if (service.tier() != null) {
            own(Parameter.TIER, Loss.Severity.WEAKER, "service_tier", text(service.tier()));
        }
        if (service.store() != null) {
            Loss.Severity severity = service.store() ? Loss.Severity.WEAKER : Loss.Severity.SILENT;
            JsonNode store = Json.mapper().getNodeFactory().booleanNode(service.store());
            own(Parameter.STORE, severity, "store", store);
        }
        if (service.cacheKey() != null) {
            own(
                    Parameter.CACHE_KEY,
                    Loss.Severity.SILENT,
                    "prompt_cache_key",
                    text(service.cacheKey()));
        }
    }

    /** Sets what OpenAI alone has in Chat; others may refuse a whole request for it. */
    private void own(Parameter parameter, Loss.Severity severity, String name, JsonNode value) {
        if (traits.has(Trait.OPENAI_FIELDS)) {
            body.set(name, value);
        } else {
            losses.add(parameter.dropped(request.origin(), severity));
        }
    }

    private void stream() {
        if (!request.stream()) {
            return;
        }
        body.put("stream", true);
        if (traits.has(Trait.STREAM_OPTIONS)) {
            body.putObject("stream_options").put("include_usage", true);
        }
    }

    private static JsonNode text(String text) {
        return Json.mapper().getNodeFactory().stringNode(text);
    }

    private static @Nullable JsonNode number(@Nullable Double number) {
        return number == null ? null : Json.mapper().getNodeFactory().numberNode(number);
    }

    private static @Nullable JsonNode number(@Nullable Long number) {
        return number == null ? null : Json.mapper().getNodeFactory().numberNode(number);
    }
}
