package dev.sluice.dialect.openai.responses.request;

import static dev.sluice.chat.Protocol.OPENAI_RESPONSES;

import dev.sluice.chat.ChatRequest;
import dev.sluice.chat.Loss;
import dev.sluice.chat.Message;
import dev.sluice.chat.Parameter;
import dev.sluice.chat.Part;
import dev.sluice.chat.ReasoningOptions;
import dev.sluice.chat.Sampling;
import dev.sluice.dialect.Memory;
import dev.sluice.dialect.ToolNames;
import dev.sluice.dialect.Written;
import dev.sluice.dialect.json.Json;
import dev.sluice.dialect.openai.responses.peek.OpenAiResponsesRequestPeeker;
import dev.sluice.dialect.openai.responses.wire.OpenAiResponsesReasoning;
import dev.sluice.dialect.rules.Fields;
import dev.sluice.dialect.rules.Losses;
import dev.sluice.dialect.rules.tool.CustomTools;
import dev.sluice.dialect.trait.Trait;
import dev.sluice.dialect.trait.UpstreamTraits;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** A request for a Responses upstream (wire-contract §2.3–2.7). For one request. */
public final class OpenAiResponsesRequestWriter {
    private final ChatRequest request;
    private final UpstreamTraits traits;
    private final Losses losses;
    private final ObjectNode body = Json.mapper().createObjectNode();

    private OpenAiResponsesRequestWriter(ChatRequest request, UpstreamTraits traits) {
        this.request = request;
        this.traits = traits;
        this.losses = new Losses(request.origin());
    }

    public static Written write(ChatRequest request, UpstreamTraits traits) {
        return new OpenAiResponsesRequestWriter(request, traits).write();
    }

    private Written write() {
        OpenAiResponsesToolWriter tools = new OpenAiResponsesToolWriter(request, traits, losses);
        ToolNames names = tools.names();
        Set<String> customAsFunctions = CustomTools.asFunctions(request, traits);
        body.put("model", traits.model());
        new OpenAiResponsesItemWriter(request.origin(), traits, names, customAsFunctions, losses)
                .write(body, request.messages());
        refusePrefill();
        tools.write(body, customAsFunctions);
        new OpenAiResponsesStyleWriter(request, traits, losses, body).write();
        limits();
        sampling(request.sampling());
        service(request.service());
        include();
        stream();
        Fields.restore(body, request.extras(), OPENAI_RESPONSES);
        losses.extras(request.extras(), OPENAI_RESPONSES, "");
        Memory memory = new Memory(traits, names, customAsFunctions, null);
        return new Written(Json.bytes(body), "responses", Map.of(), losses.list(), memory);
    }

    /** A turn whose last item only the provider knows, such as a reference, is its own matter. */
    private void refusePrefill() {
        Message last = request.messages().isEmpty() ? null : request.messages().getLast();
        if (last == null || last.role() != Message.Role.ASSISTANT || traits.has(Trait.PREFILL)) {
            return;
        }
        boolean foreign = !last.parts().isEmpty() && last.parts().getLast() instanceof Part.Foreign;
        if (!foreign) {
            losses.refused("prefill", last, "the upstream continues no assistant message.");
        }
    }

    /**
     * What is only told when asked for. Reasoning that is not stored comes back sealed or not at
     * all; models that do not reason refuse to be asked for it.
     */
    private void include() {
        if (request.origin() == OPENAI_RESPONSES) {
            return;
        }
        ArrayNode include = body.arrayNode();
        ReasoningOptions reasoning = request.reasoning();
        if (body.has("reasoning") && reasoning != null && !reasoning.isOff()) {
            include.add(OpenAiResponsesReasoning.ENCRYPTED);
        }
        if (Boolean.TRUE.equals(request.sampling().logprobs()) && traits.has(Trait.SAMPLING)) {
            include.add(OpenAiResponsesRequestReader.LOGPROBS);
        }
        if (!include.isEmpty()) {
            body.set("include", include);
        }
    }

    private void limits() {
        ChatRequest.Limits limits = request.limits();
        Long limit = limits.maxOutputTokens();
        if (limit != null) {
            body.put("max_output_tokens", Math.max(OpenAiResponsesRequestPeeker.MIN_OUTPUT, limit));
            if (limit < OpenAiResponsesRequestPeeker.MIN_OUTPUT) {
                losses.clamped(Parameter.MAX_OUTPUT_TOKENS);
            }
        }
        if (!limits.stop().isEmpty()) {
            losses.refused(Parameter.STOP, "the upstream takes no stop texts.");
        }
        if (limits.choices() > 1) {
            losses.refused(Parameter.CHOICES, "the upstream gives one answer at a time.");
        }
    }

    private void sampling(Sampling sampling) {
        sampled(Parameter.TEMPERATURE, "temperature", number(sampling.temperature()));
        sampled(Parameter.TOP_P, "top_p", number(sampling.topP()));
        absent(Parameter.FREQUENCY_PENALTY, sampling.frequencyPenalty());
        absent(Parameter.PRESENCE_PENALTY, sampling.presencePenalty());
        absent(Parameter.LOGIT_BIAS, sampling.logitBias());
        absent(Parameter.SEED, sampling.seed());
        absent(Parameter.TOP_K, sampling.topK());
        if (sampling.topLogprobs() != null) {
            long count = sampling.topLogprobs();
            sampled(Parameter.LOGPROBS, "top_logprobs", number(count));
        } else if (Boolean.TRUE.equals(sampling.logprobs()) && !traits.has(Trait.SAMPLING)) {
            losses.dropped(Parameter.LOGPROBS);
        }
    }

    private void absent(Parameter parameter, @Nullable Object value) {
        if (value != null) {
            losses.dropped(parameter);
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
        store(service.store());
        if (service.cacheKey() != null) {
            own(
                    Parameter.CACHE_KEY,
                    Loss.Severity.SILENT,
                    "prompt_cache_key",
                    text(service.cacheKey()));
        }
    }

    /** For clients of another protocol nothing is kept: nobody could ask for it again. */
    private void store(@Nullable Boolean store) {
        if (request.origin() != OPENAI_RESPONSES) {
            body.put("store", false);
            if (Boolean.TRUE.equals(store)) {
                losses.dropped(Parameter.STORE);
            }
        } else if (store != null) {
            body.put("store", store);
        }
    }

    /** Sets what OpenAI alone has; others may refuse a whole request for it. */
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
