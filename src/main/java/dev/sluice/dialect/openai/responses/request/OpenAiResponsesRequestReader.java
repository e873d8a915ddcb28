package dev.sluice.dialect.openai.responses.request;

import static dev.sluice.chat.Protocol.OPENAI_RESPONSES;

import dev.sluice.chat.ChatRequest;
import dev.sluice.chat.Extras;
import dev.sluice.chat.Loss.Severity;
import dev.sluice.chat.Message;
import dev.sluice.chat.Message.Role;
import dev.sluice.chat.OutputFormat;
import dev.sluice.chat.Part;
import dev.sluice.chat.ReasoningOptions;
import dev.sluice.chat.ReasoningOptions.Effort;
import dev.sluice.chat.Sampling;
import dev.sluice.dialect.Envelope;
import dev.sluice.dialect.MalformedRequest;
import dev.sluice.dialect.json.Json;
import dev.sluice.dialect.openai.responses.peek.OpenAiResponsesRequestPeeker;
import dev.sluice.dialect.openai.responses.wire.OpenAiResponsesReasoning;
import dev.sluice.dialect.rules.Fields;
import dev.sluice.dialect.rules.Turns;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** A client's request in the canonical form (wire-contract §1.2). For one request. */
public final class OpenAiResponsesRequestReader {
    static final String LOGPROBS = "message.output_text.logprobs";

    private final Fields request;
    private boolean continues;
    private boolean logprobs;

    private OpenAiResponsesRequestReader(Fields request) {
        this.request = request;
    }

    public static ChatRequest read(byte[] body, Envelope envelope) throws MalformedRequest {
        OpenAiResponsesRequestPeeker.peek(body);
        try {
            Fields request = Fields.of(Json.tree(body), "");
            return new OpenAiResponsesRequestReader(request).read(envelope);
        } catch (JacksonException e) {
            throw Json.malformed(e);
        }
    }

    private ChatRequest read(Envelope envelope) throws MalformedRequest {
        String model = request.string("model");
        Boolean stream = request.flag("stream");
        state();
        include();
        ChatRequest.Builder builder =
                ChatRequest.builder(OPENAI_RESPONSES)
                        .model(model == null ? envelope.model() : model)
                        .stream(stream == null ? envelope.stream() : stream, true)
                        .messages(messages())
                        .tools(OpenAiResponsesToolReader.tools(request))
                        .toolChoice(OpenAiResponsesToolReader.choice(request))
                        .parallelToolCalls(request.flag("parallel_tool_calls"))
                        .reasoning(reasoning())
                        .sampling(sampling())
                        .limits(
                                new ChatRequest.Limits(
                                        request.whole("max_output_tokens"), List.of(), 1))
                        .service(service());
        text(builder);
        return builder.extras(extras()).build();
    }

    /** What refers to something that another upstream does not have. */
    private void state() throws MalformedRequest {
        String previous = request.string("previous_response_id");
        JsonNode conversation = request.take("conversation");
        if (previous != null && conversation != null) {
            throw new MalformedRequest(
                    "Give either \"previous_response_id\" or \"conversation\", not both.",
                    "conversation");
        }
        continues = previous != null || conversation != null;
        request.extra(Severity.WRONG, "previous_response_id", "conversation", "prompt");
        boolean background = Boolean.TRUE.equals(request.flag("background"));
        request.extra(background ? Severity.WRONG : Severity.SILENT, "background");
    }

    private void include() throws MalformedRequest {
        boolean known = true;
        for (JsonNode entry : request.list("include")) {
            String name = entry.asString("");
            logprobs |= name.equals(LOGPROBS);
            known &= name.equals(LOGPROBS) || name.equals(OpenAiResponsesReasoning.ENCRYPTED);
        }
        request.extra(known ? Severity.SILENT : Severity.WEAKER, "include");
    }

    private List<Message> messages() throws MalformedRequest {
        List<Message> messages = new ArrayList<>();
        String instructions = request.string("instructions");
        if (instructions != null && !instructions.isEmpty()) {
            messages.add(
                    Message.of(Role.SYSTEM, List.of(Part.Text.of(instructions)), "instructions"));
        }
        JsonNode input = request.take("input");
        if (input == null) {
            requireState();
            return messages;
        }
        if (input.isString()) {
            List<Part> parts = List.of(Part.Text.of(input.stringValue()));
            messages.add(Message.of(Role.USER, parts, "input"));
            return messages;
        }
        List<JsonNode> items = request.list("input");
        if (items.isEmpty()) {
            requireState();
        }
        OpenAiResponsesItemReader reader = new OpenAiResponsesItemReader();
        for (int i = 0; i < items.size(); i++) {
            messages.add(reader.read(items.get(i), "input[" + i + "]"));
        }
        return continues || reader.refersToStored()
                ? Turns.merged(messages, Role.ASSISTANT, Role.TOOL)
                : Turns.settled(messages);
    }

    private void requireState() throws MalformedRequest {
        if (!continues && request.take("prompt") == null) {
            throw Fields.wrong("input", "a string or an array of at least one item");
        }
    }

    private void text(ChatRequest.Builder builder) throws MalformedRequest {
        Fields text = request.object("text");
        if (text == null) {
            return;
        }
        builder.verbosity(text.string("verbosity")).outputFormat(format(text.object("format")));
    }

    private static @Nullable OutputFormat format(@Nullable Fields format) throws MalformedRequest {
        if (format == null) {
            return null;
        }
        return switch (format.requiredString("type")) {
            case "text" -> new OutputFormat.Text();
            case "json_object" -> new OutputFormat.JsonObject();
            case "json_schema" -> {
                Fields wrapped = format.object("json_schema");
                Fields described = wrapped == null ? format : wrapped;
                JsonNode schema = described.take("schema");
                if (schema == null) {
                    throw described.missing("schema");
                }
                yield new OutputFormat.JsonSchema(
                        described.string("name"),
                        described.string("description"),
                        schema,
                        described.flag("strict"));
            }
            default ->
                    throw Fields.wrong(
                            format.path("type"), "one of text, json_object and json_schema");
        };
    }

    private @Nullable ReasoningOptions reasoning() throws MalformedRequest {
        Fields reasoning = request.object("reasoning");
        if (reasoning == null) {
            return null;
        }
        String word = reasoning.string("effort");
        String old = reasoning.string("generate_summary");
        String summary = reasoning.string("summary");
        String style = summary == null ? old : summary;
        Effort effort = word == null ? null : Effort.named(word).orElse(null);
        if (word != null && effort == null) {
            throw Fields.wrong(
                    "reasoning.effort", "one of none, minimal, low, medium, high, xhigh and max");
        }
        Boolean visible = style == null ? null : Boolean.TRUE;
        return effort == null && style == null
                ? null
                : new ReasoningOptions(effort, null, null, visible, style);
    }

    private Sampling sampling() throws MalformedRequest {
        Long topLogprobs = request.whole("top_logprobs");
        boolean shown = logprobs || (topLogprobs != null && topLogprobs > 0);
        return new Sampling(
                request.number("temperature"),
                request.number("top_p"),
                null,
                null,
                null,
                null,
                null,
                shown ? Boolean.TRUE : null,
                topLogprobs == null ? null : Math.clamp(topLogprobs, 0, 100));
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
        boolean whole = "disabled".equals(request.string("truncation"));
        request.extra(whole ? Severity.SILENT : Severity.WEAKER, "truncation");
        request.extra(
                Severity.SILENT,
                "stream_options",
                "prompt_cache_retention",
                "prompt_cache_options");
        return request.rest(OPENAI_RESPONSES);
    }
}
