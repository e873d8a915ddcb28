package dev.sluice.dialect.openai.chat.request;

import static dev.sluice.chat.Protocol.OPENAI_CHAT;

import dev.sluice.chat.ChatRequest;
import dev.sluice.chat.Extras;
import dev.sluice.chat.Loss.Severity;
import dev.sluice.chat.Message;
import dev.sluice.chat.OutputFormat;
import dev.sluice.chat.ReasoningOptions;
import dev.sluice.chat.ReasoningOptions.Effort;
import dev.sluice.chat.Sampling;
import dev.sluice.dialect.Envelope;
import dev.sluice.dialect.MalformedRequest;
import dev.sluice.dialect.json.Json;
import dev.sluice.dialect.openai.chat.peek.OpenAiChatRequestPeeker;
import dev.sluice.dialect.rules.Fields;
import dev.sluice.dialect.rules.Turns;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** A client's Chat request in the canonical form (wire-contract §1.1). For one request. */
public final class OpenAiChatRequestReader {
    private final Fields request;

    private OpenAiChatRequestReader(Fields request) {
        this.request = request;
    }

    public static ChatRequest read(byte[] body, Envelope envelope) throws MalformedRequest {
        OpenAiChatRequestPeeker.peek(body);
        try {
            Fields request = Fields.of(Json.tree(body), "");
            return new OpenAiChatRequestReader(request).read(envelope);
        } catch (JacksonException e) {
            throw Json.malformed(e);
        }
    }

    private ChatRequest read(Envelope envelope) throws MalformedRequest {
        String model = request.string("model");
        Boolean stream = request.flag("stream");
        ChatRequest.Builder builder =
                ChatRequest.builder(OPENAI_CHAT)
                        .model(model == null ? envelope.model() : model)
                        .stream(stream == null ? envelope.stream() : stream, wantsUsage())
                        .messages(messages())
                        .tools(OpenAiChatToolReader.tools(request))
                        .toolChoice(OpenAiChatToolReader.choice(request))
                        .parallelToolCalls(request.flag("parallel_tool_calls"))
                        .outputFormat(outputFormat())
                        .verbosity(request.string("verbosity"))
                        .reasoning(reasoning())
                        .sampling(sampling())
                        .limits(limits())
                        .service(service());
        return builder.extras(extras()).build();
    }

    private boolean wantsUsage() throws MalformedRequest {
        Fields options = request.object("stream_options");
        if (options == null) {
            return false;
        }
        Boolean wanted = options.flag("include_usage");
        options.extra(Severity.SILENT, "include_obfuscation");
        return Boolean.TRUE.equals(wanted);
    }

    private List<Message> messages() throws MalformedRequest {
        List<JsonNode> nodes = request.list("messages");
        if (nodes.isEmpty()) {
            throw Fields.wrong("messages", "an array of at least one message");
        }
        OpenAiChatMessageReader reader = new OpenAiChatMessageReader();
        List<Message> messages = new ArrayList<>(nodes.size());
        for (int i = 0; i < nodes.size(); i++) {
            messages.add(reader.read(nodes.get(i), i));
        }
        return Turns.settled(messages);
    }

    private @Nullable OutputFormat outputFormat() throws MalformedRequest {
        Fields format = request.object("response_format");
        if (format == null) {
            return null;
        }
        String type = format.requiredString("type");
        return switch (type) {
            case "text" -> new OutputFormat.Text();
            case "json_object" -> new OutputFormat.JsonObject();
            case "json_schema" -> {
                Fields described = format.requiredObject("json_schema");
                JsonNode schema = described.take("schema");
                yield new OutputFormat.JsonSchema(
                        described.string("name"),
                        described.string("description"),
                        schema == null ? Json.mapper().createObjectNode() : schema,
                        described.flag("strict"));
            }
            default ->
                    throw Fields.wrong(
                            format.path("type"), "one of text, json_object and json_schema");
        };
    }

    /** OpenAI's own word, or OpenRouter's object; asking for reasoning is asking to see it. */
    private @Nullable ReasoningOptions reasoning() throws MalformedRequest {
        Effort effort = effort(request.string("reasoning_effort"), "reasoning_effort");
        Fields object = request.object("reasoning");
        if (object == null) {
            return effort == null ? null : shown(effort, null, null, true);
        }
        Effort asked = effort(object.string("effort"), "reasoning.effort");
        Boolean enabled = object.flag("enabled");
        boolean hidden = Boolean.TRUE.equals(object.flag("exclude"));
        return shown(effort == null ? asked : effort, object.whole("max_tokens"), enabled, !hidden);
    }

    private static @Nullable Effort effort(@Nullable String word, String path)
            throws MalformedRequest {
        Effort effort = word == null ? null : Effort.named(word).orElse(null);
        if (word != null && effort == null) {
            throw Fields.wrong(path, "one of none, minimal, low, medium, high, xhigh and max");
        }
        return effort;
    }

    private static ReasoningOptions shown(
            @Nullable Effort effort,
            @Nullable Long budget,
            @Nullable Boolean enabled,
            boolean visible) {
        ReasoningOptions asked = new ReasoningOptions(effort, budget, enabled, visible, null);
        return asked.isOff() ? ReasoningOptions.effort(Effort.NONE) : asked;
    }

    private Sampling sampling() throws MalformedRequest {
        Long topLogprobs = request.whole("top_logprobs");
        return new Sampling(
                request.number("temperature"),
                request.number("top_p"),
                request.whole("top_k"),
                request.number("frequency_penalty"),
                request.number("presence_penalty"),
                request.whole("seed"),
                request.take("logit_bias"),
                request.flag("logprobs"),
                topLogprobs == null ? null : Math.clamp(topLogprobs, 0, 100));
    }

    private ChatRequest.Limits limits() throws MalformedRequest {
        Long limit = request.whole("max_completion_tokens");
        Long old = request.whole("max_tokens");
        Long choices = request.whole("n");
        return new ChatRequest.Limits(
                limit == null ? old : limit, stop(), choices == null ? 1 : choices.intValue());
    }

    private List<String> stop() throws MalformedRequest {
        JsonNode stop = request.take("stop");
        if (stop == null) {
            return List.of();
        }
        if (stop.isString()) {
            return List.of(stop.stringValue());
        }
        List<String> texts = new ArrayList<>();
        for (JsonNode text : Fields.elements(stop)) {
            if (!text.isString()) {
                throw Fields.wrong("stop", "a string or an array of strings");
            }
            texts.add(text.stringValue());
        }
        if (!stop.isArray()) {
            throw Fields.wrong("stop", "a string or an array of strings");
        }
        return texts;
    }

    private ChatRequest.Service service() throws MalformedRequest {
        String endUser = request.string("safety_identifier");
        String user = request.string("user");
        return new ChatRequest.Service(
                endUser == null ? user : endUser,
                metadata(),
                request.string("service_tier"),
                request.flag("store"),
                request.string("prompt_cache_key"));
    }

    private Map<String, String> metadata() throws MalformedRequest {
        JsonNode node = request.take("metadata");
        Map<String, String> metadata = new LinkedHashMap<>();
        if (node == null) {
            return metadata;
        }
        for (Map.Entry<String, JsonNode> field : Fields.requireObject(node, "metadata")) {
            if (!field.getValue().isString()) {
                throw Fields.wrong("metadata", "an object of strings");
            }
            metadata.put(field.getKey(), field.getValue().stringValue());
        }
        return metadata;
    }

    private Extras extras() throws MalformedRequest {
        request.extra(Severity.SILENT, "prompt_cache_retention", "prompt_cache_options");
        request.extra(Severity.WEAKER, "prediction", "moderation");
        request.extra(Severity.WRONG, "web_search_options", "audio");
        boolean textAlone =
                request.list("modalities").stream()
                        .allMatch(modality -> modality.asString("").equals("text"));
        request.extra(textAlone ? Severity.SILENT : Severity.WRONG, "modalities");
        return request.rest(OPENAI_CHAT);
    }
}
