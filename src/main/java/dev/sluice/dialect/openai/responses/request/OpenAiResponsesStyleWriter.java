package dev.sluice.dialect.openai.responses.request;

import static dev.sluice.chat.Protocol.OPENAI_RESPONSES;

import dev.sluice.chat.ChatRequest;
import dev.sluice.chat.OutputFormat;
import dev.sluice.chat.Parameter;
import dev.sluice.chat.ReasoningOptions;
import dev.sluice.chat.ReasoningOptions.Effort;
import dev.sluice.dialect.json.Json;
import dev.sluice.dialect.rules.Efforts;
import dev.sluice.dialect.rules.Losses;
import dev.sluice.dialect.trait.Trait;
import dev.sluice.dialect.trait.UpstreamTraits;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * The form of the text, its verbosity and the amount of reasoning, for an upstream or repeated to a
 * client (wire-contract §2.6, §2.7).
 */
public final class OpenAiResponsesStyleWriter {
    private final ChatRequest request;
    private final UpstreamTraits traits;
    private final Losses losses;
    private final ObjectNode body;

    public OpenAiResponsesStyleWriter(
            ChatRequest request, UpstreamTraits traits, Losses losses, ObjectNode body) {
        this.request = request;
        this.traits = traits;
        this.losses = losses;
        this.body = body;
    }

    public void write() {
        outputFormat();
        reasoning();
    }

    private void outputFormat() {
        OutputFormat format = request.outputFormat();
        switch (format) {
            case null -> {
                // The provider's own.
            }
            case OutputFormat.Text _ -> format().put("type", "text");
            case OutputFormat.JsonObject _ -> format().put("type", "json_object");
            case OutputFormat.JsonSchema schema -> schema(schema);
        }
        if (request.verbosity() == null) {
            return;
        }
        if (traits.has(Trait.OPENAI_FIELDS)) {
            body.withObject("/text").put("verbosity", request.verbosity());
        } else {
            losses.dropped(Parameter.VERBOSITY);
        }
    }

    private ObjectNode format() {
        return body.putObject("text").putObject("format");
    }

    private void schema(OutputFormat.JsonSchema schema) {
        ObjectNode described = format();
        if (!traits.has(Trait.JSON_SCHEMA)) {
            described.put("type", "json_object");
            losses.changed(Parameter.OUTPUT_FORMAT);
            return;
        }
        described.put("type", "json_schema");
        described.put("name", Objects.requireNonNullElse(schema.name(), "response"));
        if (schema.description() != null) {
            described.put("description", schema.description());
        }
        described.set("schema", schema.schema());
        Boolean strict = schema.strict();
        if (strict != null) {
            described.put("strict", strict);
        } else if (request.origin() != OPENAI_RESPONSES) {
            described.put("strict", false);
        }
    }

    private void reasoning() {
        ReasoningOptions options = request.reasoning();
        if (options == null) {
            return;
        }
        if (!traits.has(Trait.REASONING_EFFORT)) {
            losses.dropped(Parameter.REASONING);
            return;
        }
        Effort asked = Efforts.of(options);
        Effort sent = asked == null ? null : nearest(asked);
        if (sent != asked) {
            losses.changed(Parameter.REASONING);
        }
        ObjectNode reasoning = Json.mapper().createObjectNode();
        if (sent != null) {
            reasoning.put("effort", sent.wireName());
        }
        String summary = summary(options);
        if (summary != null && sent != Effort.NONE) {
            reasoning.put("summary", summary);
        }
        if (!reasoning.isEmpty()) {
            body.set("reasoning", reasoning);
        }
    }

    /** Other protocols' words for how much to show mean nothing here. */
    private @Nullable String summary(ReasoningOptions options) {
        if (request.origin() == OPENAI_RESPONSES) {
            return options.style();
        }
        return Boolean.TRUE.equals(options.visible()) ? "auto" : null;
    }

    private Effort nearest(Effort effort) {
        Effort least = Effort.named(traits.word(Trait.MIN_EFFORT)).orElse(Effort.NONE);
        Effort most = Effort.named(traits.word(Trait.MAX_EFFORT)).orElse(Effort.MAX);
        return Efforts.within(effort, least, most);
    }
}
