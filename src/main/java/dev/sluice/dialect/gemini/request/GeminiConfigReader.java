package dev.sluice.dialect.gemini.request;

import dev.sluice.chat.ChatRequest;
import dev.sluice.chat.Extras;
import dev.sluice.chat.Loss.Severity;
import dev.sluice.chat.OutputFormat;
import dev.sluice.chat.ReasoningOptions;
import dev.sluice.chat.ReasoningOptions.Effort;
import dev.sluice.chat.Sampling;
import dev.sluice.dialect.MalformedRequest;
import dev.sluice.dialect.json.JsonSchemas;
import dev.sluice.dialect.rules.Efforts;
import dev.sluice.dialect.rules.Fields;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The {@code generationConfig} of a request. For one. */
final class GeminiConfigReader {
    private static final String NAME = "generationConfig";

    private final @Nullable Fields config;
    private final List<Extras.Extra> extras;

    /**
     * @param config null where the request has none
     * @param extras where what is left over goes
     */
    GeminiConfigReader(@Nullable Fields config, List<Extras.Extra> extras) {
        this.config = config;
        this.extras = extras;
    }

    @Nullable OutputFormat outputFormat() throws MalformedRequest {
        if (config == null) {
            return null;
        }
        JsonNode schema = config.take("responseSchema");
        JsonNode jsonSchema = config.takeAny("responseJsonSchema", "_responseJsonSchema");
        requireObject(schema, "responseSchema");
        requireObject(jsonSchema, "responseJsonSchema");
        JsonNode said = config.take("responseMimeType");
        String type = said == null ? "" : said.asString("").toLowerCase(Locale.ROOT);
        JsonNode asked =
                jsonSchema == null && schema != null ? JsonSchemas.fromGemini(schema) : jsonSchema;
        if (!type.isEmpty() && !type.equals("application/json") && !type.equals("text/plain")) {
            special("responseMimeType", said);
            special("responseJsonSchema", asked);
            return null;
        }
        if (asked != null) {
            return new OutputFormat.JsonSchema(null, null, asked, null);
        }
        if (type.isEmpty()) {
            return null;
        }
        return type.equals("text/plain") ? new OutputFormat.Text() : new OutputFormat.JsonObject();
    }

    private static void requireObject(@Nullable JsonNode schema, String name)
            throws MalformedRequest {
        if (schema != null && !schema.isObject()) {
            throw Fields.wrong(NAME + "." + name, "a schema object");
        }
    }

    /** A form of output that only Gemini has, such as one word of an enumeration. */
    private void special(String name, @Nullable JsonNode value) {
        if (value != null) {
            extras.add(new Extras.Extra(NAME + "." + name, value, Severity.WRONG));
        }
    }

    @Nullable ReasoningOptions reasoning() throws MalformedRequest {
        Fields thinking = config == null ? null : config.object("thinkingConfig");
        if (thinking == null) {
            return null;
        }
        Boolean visible = thinking.flag("includeThoughts");
        Effort effort = level(thinking);
        Long budget = thinking.whole("thinkingBudget");
        if (budget != null && budget < 0) {
            JsonNode value = thinking.take("thinkingBudget");
            if (value != null) {
                String path = thinking.path("thinkingBudget");
                extras.add(new Extras.Extra(path, value, Severity.SILENT));
            }
            budget = null;
        }
        if (effort == null && budget != null) {
            effort = Efforts.ofGeminiBudget(budget);
        }
        return effort == null && visible == null
                ? null
                : new ReasoningOptions(effort, budget, null, visible, null);
    }

    private static @Nullable Effort level(Fields thinking) throws MalformedRequest {
        String word = thinking.string("thinkingLevel");
        if (word == null || word.endsWith("UNSPECIFIED")) {
            return null;
        }
        Effort effort = Effort.named(word).orElse(null);
        if (effort == null || effort == Effort.NONE || effort.compareTo(Effort.HIGH) > 0) {
            throw Fields.wrong(
                    thinking.path("thinkingLevel"), "one of MINIMAL, LOW, MEDIUM and HIGH");
        }
        return effort;
    }

    Sampling sampling() throws MalformedRequest {
        if (config == null) {
            return Sampling.NONE;
        }
        Long top = config.whole("logprobs");
        return new Sampling(
                config.number("temperature"),
                config.number("topP"),
                config.whole("topK"),
                config.number("frequencyPenalty"),
                config.number("presencePenalty"),
                config.whole("seed"),
                null,
                config.flag("responseLogprobs"),
                top == null ? null : Math.clamp(top, 0, 1000));
    }

    ChatRequest.Limits limits() throws MalformedRequest {
        if (config == null) {
            return ChatRequest.Limits.NONE;
        }
        Long limit = config.whole("maxOutputTokens");
        if (limit != null && limit < 1) {
            throw Fields.wrong(config.path("maxOutputTokens"), "a whole number of at least 1");
        }
        Long choices = config.whole("candidateCount");
        if (choices != null && (choices < 1 || choices > 128)) {
            throw Fields.wrong(config.path("candidateCount"), "a whole number from 1 to 128");
        }
        List<String> stops = new ArrayList<>();
        for (JsonNode stop : config.list("stopSequences")) {
            if (!stop.isString()) {
                throw Fields.wrong(config.path("stopSequences"), "an array of strings");
            }
            stops.add(stop.stringValue());
        }
        return new ChatRequest.Limits(limit, stops, choices == null ? 1 : choices.intValue());
    }

    /** Adds what nobody took to the extras. */
    void rest() throws MalformedRequest {
        if (config == null) {
            return;
        }
        boolean textOnly = true;
        for (JsonNode modality : config.list("responseModalities")) {
            textOnly &= modality.asString("").equalsIgnoreCase("TEXT");
        }
        config.extra(textOnly ? Severity.SILENT : Severity.WRONG, "responseModalities");
        config.extra(Severity.SILENT, "mediaResolution", "enableEnhancedCivicAnswers");
    }
}
