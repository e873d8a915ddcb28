package dev.sluice.dialect.anthropic.request;

import static dev.sluice.chat.Protocol.ANTHROPIC;

import dev.sluice.chat.ChatRequest;
import dev.sluice.chat.Loss;
import dev.sluice.chat.OutputFormat;
import dev.sluice.chat.Parameter;
import dev.sluice.chat.Tool;
import dev.sluice.chat.ToolChoice;
import dev.sluice.dialect.ToolNames;
import dev.sluice.dialect.anthropic.wire.AnthropicOutputTool;
import dev.sluice.dialect.json.Json;
import dev.sluice.dialect.json.JsonSchemas;
import dev.sluice.dialect.rules.Fields;
import dev.sluice.dialect.rules.Losses;
import dev.sluice.dialect.rules.Turns;
import dev.sluice.dialect.rules.tool.CustomTools;
import dev.sluice.dialect.trait.Trait;
import dev.sluice.dialect.trait.UpstreamTraits;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The tools of a request for a Messages upstream (wire-contract §2.5). For one request. */
final class AnthropicToolWriter {
    private final ChatRequest request;
    private final UpstreamTraits traits;
    private final Losses losses;
    private final AnthropicCacheMarks marks;
    private final ToolNames names;

    AnthropicToolWriter(
            ChatRequest request, UpstreamTraits traits, Losses losses, AnthropicCacheMarks marks) {
        this.request = request;
        this.traits = traits;
        this.losses = losses;
        this.marks = marks;
        List<String> all = new ArrayList<>();
        for (Tool tool : request.tools()) {
            if (!(tool instanceof Tool.Hosted)) {
                all.add(tool.name());
            }
        }
        all.addAll(Turns.calledTools(request.messages()));
        this.names = ToolNames.under(ToolNames.Rule.ANTHROPIC, all);
        if (!names.collisions().isEmpty()) {
            losses.refused(Parameter.TOOLS, "two tool names become the same for the upstream.");
        }
    }

    ToolNames names() {
        return names;
    }

    /** {@return the tools of free text, which Anthropic has none of} */
    Set<String> unwrapped() {
        return request.tools().stream()
                .filter(Tool.Custom.class::isInstance)
                .map(Tool::name)
                .collect(Collectors.toSet());
    }

    /** {@return the tool that stands for a schema of the output, or null where none must} */
    @Nullable String outputTool() {
        return request.outputFormat() instanceof OutputFormat.JsonSchema format
                        && !traits.has(Trait.OUTPUT_CONFIG)
                ? AnthropicOutputTool.name(format.schema())
                : null;
    }

    /** {@return whether some tool must be called} */
    boolean forces() {
        ToolChoice choice = request.toolChoice();
        return outputTool() != null
                || (choice != null && choice.forces() && !request.tools().isEmpty());
    }

    void write(ObjectNode body) {
        ArrayNode array = body.arrayNode();
        for (Tool tool : offered()) {
            switch (tool) {
                case Tool.Function function -> function(array, function);
                case Tool.Custom custom -> custom(array, custom);
                case Tool.Hosted hosted -> hosted(array, hosted);
            }
        }
        boolean others = !array.isEmpty();
        if (outputTool() != null
                && request.outputFormat() instanceof OutputFormat.JsonSchema format) {
            array.add(
                    AnthropicOutputTool.definition(
                            JsonSchemas.described(format.schema(), format.description())));
        }
        if (array.isEmpty()) {
            return;
        }
        body.set("tools", array);
        ObjectNode choice = outputTool() == null ? choice() : outputChoice(others);
        parallel(body, choice);
    }

    private void parallel(ObjectNode body, @Nullable ObjectNode choice) {
        Boolean parallel = request.parallelToolCalls();
        ObjectNode told = choice;
        if (told == null && Boolean.FALSE.equals(parallel)) {
            told = Json.mapper().createObjectNode().put("type", "auto");
        }
        if (told == null) {
            return;
        }
        boolean none = told.path("type").asString("").equals("none");
        if (parallel != null && !none && (!parallel || request.origin() == ANTHROPIC)) {
            told.put("disable_parallel_tool_use", !parallel);
        }
        body.set("tool_choice", told);
    }

    /** Only some tools may be called: Anthropic is given no others. */
    private List<Tool> offered() {
        if (request.toolChoice() instanceof ToolChoice.Among among) {
            return request.tools().stream()
                    .filter(tool -> among.names().contains(tool.name()))
                    .toList();
        }
        return request.tools();
    }

    private void function(ArrayNode array, Tool.Function function) {
        ObjectNode tool = array.addObject().put("name", names.upstream(function.name()));
        if (function.description() != null) {
            tool.put("description", function.description());
        }
        tool.set("input_schema", schema(function));
        Boolean strict = function.strict();
        if (strict != null && (strict || request.origin() == ANTHROPIC)) {
            if (traits.has(Trait.STRICT_TOOLS)) {
                tool.put("strict", strict);
            } else if (strict) {
                losses.weakenedTool("strict", function.name());
            }
        }
        marks.mark(tool, function.cache());
        Fields.restore(tool, function.extras(), ANTHROPIC);
        losses.extras(function.extras(), ANTHROPIC, "tools");
    }

    private JsonNode schema(Tool.Function function) {
        JsonNode given = function.parameters();
        if (given != null && request.origin() == ANTHROPIC) {
            return given;
        }
        AnthropicSchemas.Flat flat = AnthropicSchemas.input(given);
        String of = "the parameters of " + function.name();
        if (flat.refused()) {
            losses.refused(Parameter.TOOLS, of + " must be an object.");
        } else if (flat.weakened()) {
            String why = "tools: alternatives at the top of " + of + " are not supported.";
            losses.add(new Loss("changed:parameters", Loss.Severity.WEAKER, "tools", why));
        }
        return flat.schema();
    }

    private void custom(ArrayNode array, Tool.Custom custom) {
        ObjectNode tool = array.addObject().put("name", names.upstream(custom.name()));
        if (custom.description() != null) {
            tool.put("description", custom.description());
        }
        tool.set("input_schema", CustomTools.parameters());
        if (custom.format() != null) {
            losses.weakenedTool("format", custom.name());
        }
        losses.extras(custom.extras(), ANTHROPIC, "tools");
    }

    private void hosted(ArrayNode array, Tool.Hosted hosted) {
        if (hosted.origin() == ANTHROPIC) {
            array.add(hosted.json());
        } else {
            losses.noSuchTool(hosted);
        }
    }

    private @Nullable ObjectNode choice() {
        ObjectNode object = Json.mapper().createObjectNode();
        return switch (request.toolChoice()) {
            case null -> null;
            case ToolChoice.Auto _ -> object.put("type", "auto");
            case ToolChoice.None _ -> object.put("type", "none");
            case ToolChoice.Required _ -> object.put("type", "any");
            case ToolChoice.One one ->
                    object.put("type", "tool").put("name", names.upstream(one.name()));
            case ToolChoice.Among among -> object.put("type", among.required() ? "any" : "auto");
            case ToolChoice.Foreign foreign -> {
                if (foreign.origin() == ANTHROPIC && foreign.json() instanceof ObjectNode own) {
                    yield own.deepCopy();
                }
                losses.refused(Parameter.TOOL_CHOICE, "not supported by the upstream.");
                yield null;
            }
        };
    }

    /** The answer comes by the output's tool, or one of the client's is called first. */
    private ObjectNode outputChoice(boolean others) {
        ObjectNode object = Json.mapper().createObjectNode();
        if (request.toolChoice() instanceof ToolChoice.One one) {
            return object.put("type", "tool").put("name", names.upstream(one.name()));
        }
        if (others && !(request.toolChoice() instanceof ToolChoice.None)) {
            return object.put("type", "any");
        }
        return object.put("type", "tool").put("name", outputTool());
    }
}
