package dev.sluice.dialect.gemini.request;

import dev.sluice.chat.ChatRequest;
import dev.sluice.chat.Loss;
import dev.sluice.chat.OutputFormat;
import dev.sluice.chat.Parameter;
import dev.sluice.chat.Sampling;
import dev.sluice.dialect.json.Json;
import dev.sluice.dialect.json.JsonSchemas;
import dev.sluice.dialect.rules.Losses;
import dev.sluice.dialect.trait.Trait;
import dev.sluice.dialect.trait.UpstreamTraits;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The {@code generationConfig} of a request (wire-contract §2.3, §2.7). For one request. */
final class GeminiConfigWriter {
    private static final int MAX_STOPS = 5;
    private static final String JSON = "application/json";

    private final ChatRequest request;
    private final UpstreamTraits traits;
    private final Losses losses;
    private final ObjectNode config = Json.mapper().createObjectNode();

    GeminiConfigWriter(ChatRequest request, UpstreamTraits traits, Losses losses) {
        this.request = request;
        this.traits = traits;
        this.losses = losses;
    }

    void write(ObjectNode body) {
        limits(request.limits());
        sampling(request.sampling());
        outputFormat();
        new GeminiThinkingWriter(request, traits, losses).write(config);
        if (!config.isEmpty()) {
            body.set("generationConfig", config);
        }
    }

    private void limits(ChatRequest.Limits limits) {
        Long asked = limits.maxOutputTokens();
        Integer most = traits.maxOutputTokens();
        if (asked != null && most != null && asked > most) {
            config.put("maxOutputTokens", most);
            losses.clamped(Parameter.MAX_OUTPUT_TOKENS);
        } else if (asked != null) {
            config.put("maxOutputTokens", asked);
        }
        if (limits.stop().size() > MAX_STOPS) {
            losses.refused(Parameter.STOP, "the upstream takes five stop texts at most.");
        } else if (!limits.stop().isEmpty()) {
            ArrayNode stops = config.putArray("stopSequences");
            limits.stop().forEach(stops::add);
        }
        if (limits.choices() > 1) {
            config.put("candidateCount", limits.choices());
        }
    }

    private void sampling(Sampling sampling) {
        Double temperature = sampling.temperature();
        if (temperature != null && temperature > 2) {
            losses.clamped(Parameter.TEMPERATURE);
            temperature = 2.0;
        }
        put("temperature", temperature, Parameter.TEMPERATURE);
        put("topP", sampling.topP(), Parameter.TOP_P);
        if (sampling.topK() != null && taken(Parameter.TOP_K)) {
            config.put("topK", sampling.topK());
        }
        put("presencePenalty", sampling.presencePenalty(), Parameter.PRESENCE_PENALTY);
        put("frequencyPenalty", sampling.frequencyPenalty(), Parameter.FREQUENCY_PENALTY);
        seedAndProbabilities(sampling);
    }

    /** Google's seed has 32 bits. */
    private void seedAndProbabilities(Sampling sampling) {
        Long seed = sampling.seed();
        if (seed != null && seed == seed.intValue()) {
            config.put("seed", seed.intValue());
        } else if (seed != null) {
            losses.dropped(Parameter.SEED);
        }
        if (sampling.logitBias() != null) {
            losses.dropped(Parameter.LOGIT_BIAS);
        }
        if (sampling.logprobs() != null) {
            config.put("responseLogprobs", sampling.logprobs());
        }
        if (sampling.topLogprobs() != null && !Boolean.FALSE.equals(sampling.logprobs())) {
            config.put("responseLogprobs", true).put("logprobs", sampling.topLogprobs());
        }
    }

    private void put(String name, @Nullable Double value, Parameter parameter) {
        if (value != null && taken(parameter)) {
            config.put(name, value);
        }
    }

    private boolean taken(Parameter parameter) {
        boolean taken = traits.has(Trait.SAMPLING);
        if (!taken) {
            losses.dropped(parameter);
        }
        return taken;
    }

    private void outputFormat() {
        OutputFormat format = request.outputFormat();
        boolean json = format != null && !(format instanceof OutputFormat.Text);
        if (json && request.hasTools() && !traits.has(Trait.JSON_WITH_TOOLS)) {
            losses.refused(
                    Parameter.OUTPUT_FORMAT, "the upstream takes no JSON together with tools.");
        }
        switch (format) {
            case null -> {
                // Text, as always.
            }
            case OutputFormat.Text _ -> config.put("responseMimeType", "text/plain");
            case OutputFormat.JsonObject _ -> config.put("responseMimeType", JSON);
            case OutputFormat.JsonSchema asked ->
                    schema(JsonSchemas.described(asked.schema(), asked.description()));
        }
        if (request.verbosity() != null) {
            losses.dropped(Parameter.VERBOSITY);
        }
    }

    private void schema(JsonNode schema) {
        config.put("responseMimeType", JSON);
        if (!traits.has(Trait.JSON_SCHEMA)) {
            losses.changed(Parameter.OUTPUT_FORMAT);
            return;
        }
        boolean full = traits.has(Trait.FULL_JSON_SCHEMA);
        JsonSchemas.Fitted fitted =
                full ? JsonSchemas.forGemini(schema) : JsonSchemas.forOlderGemini(schema);
        config.set(full ? "responseJsonSchema" : "responseSchema", fitted.schema());
        if (fitted.dropped().contains("allOf")) {
            losses.refused(Parameter.OUTPUT_FORMAT, "allOf is not supported by the upstream.");
        }
        String path = Parameter.OUTPUT_FORMAT.pathIn(request.origin());
        for (String keyword : fitted.dropped()) {
            losses.add(
                    new Loss(
                            "dropped:" + word(keyword),
                            Loss.Severity.WEAKER,
                            path,
                            path + ": " + keyword + " is not supported by the upstream."));
        }
    }

    /** {@return a schema's keyword as it may stand in a loss's code} */
    static String word(String keyword) {
        String word = keyword.replaceAll("[^A-Za-z0-9_-]", "");
        return word.substring(0, Math.min(40, word.length()));
    }

    /** {@return the keywords whose loss is worth a word} */
    static List<String> lost(JsonSchemas.Fitted fitted) {
        return fitted.dropped().stream().map(GeminiConfigWriter::word).toList();
    }
}
