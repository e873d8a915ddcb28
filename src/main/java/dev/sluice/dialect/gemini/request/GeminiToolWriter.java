package dev.sluice.dialect.gemini.request;

import static dev.sluice.chat.Protocol.GEMINI;

import dev.sluice.chat.ChatRequest;
import dev.sluice.chat.Parameter;
import dev.sluice.chat.Tool;
import dev.sluice.chat.ToolChoice;
import dev.sluice.dialect.ToolNames;
import dev.sluice.dialect.json.JsonSchemas;
import dev.sluice.dialect.rules.Fields;
import dev.sluice.dialect.rules.Losses;
import dev.sluice.dialect.rules.Turns;
import dev.sluice.dialect.rules.tool.CustomTools;
import dev.sluice.dialect.trait.Trait;
import dev.sluice.dialect.trait.UpstreamTraits;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The tools of a request for a Gemini upstream (wire-contract §2.5). For one request. */
final class GeminiToolWriter {
    private final ChatRequest request;
    private final UpstreamTraits traits;
    private final Losses losses;
    private final ToolNames names;

    GeminiToolWriter(ChatRequest request, UpstreamTraits traits, Losses losses) {
        this.request = request;
        this.traits = traits;
        this.losses = losses;
        List<String> all = new ArrayList<>();
        for (Tool tool : request.tools()) {
            if (!(tool instanceof Tool.Hosted)) {
                all.add(tool.name());
            }
        }
        all.addAll(Turns.calledTools(request.messages()));
        this.names = ToolNames.under(ToolNames.Rule.GEMINI, all);
        if (!names.collisions().isEmpty()) {
            losses.refused(Parameter.TOOLS, "two tool names become the same for the upstream.");
        }
    }

    ToolNames names() {
        return names;
    }

    /** {@return the tools of free text, which Gemini has none of} */
    Set<String> unwrapped() {
        return request.tools().stream()
                .filter(Tool.Custom.class::isInstance)
                .map(Tool::name)
                .collect(Collectors.toSet());
    }

    void write(ObjectNode body) {
        ArrayNode tools = body.arrayNode();
        ArrayNode declarations = body.arrayNode();
        for (Tool tool : offered()) {
            switch (tool) {
                case Tool.Function function -> function(declarations, function);
                case Tool.Custom custom -> custom(declarations, custom);
                case Tool.Hosted hosted -> hosted(tools, hosted);
            }
        }
        boolean functions = !declarations.isEmpty();
        if (functions) {
            tools.insertObject(0).set("functionDeclarations", declarations);
        }
        if (!tools.isEmpty()) {
            body.set("tools", tools);
        }
        choice(body, functions);
    }

    /** Where some tools may be called but none must, Gemini is given no others. */
    private List<Tool> offered() {
        if (request.toolChoice() instanceof ToolChoice.Among among
                && !among.required()
                && !isValidated()) {
            return request.tools().stream()
                    .filter(tool ->
                            tool instanceof Tool.Hosted || among.names().contains(tool.name()))
                    .toList();
        }
        return request.tools();
    }

    private void function(ArrayNode declarations, Tool.Function function) {
        ObjectNode declaration =
                declarations.addObject().put("name", names.upstream(function.name()));
        if (function.description() != null) {
            declaration.put("description", function.description());
        }
        if (function.parameters() != null && !takesNothing(function.parameters())) {
            parameters(declaration, function.name(), function.parameters());
        }
        Fields.restore(declaration, function.extras(), GEMINI);
        losses.extras(function.extras(), GEMINI, "tools");
    }

    /** Google refuses an object of no properties; silence says the same. */
    private static boolean takesNothing(JsonNode schema) {
        boolean object = schema.path("type").asString("object").equals("object");
        boolean more =
                schema.properties().stream()
                        .map(Map.Entry::getKey)
                        .anyMatch(name ->
                                name.equals("$ref")
                                        || name.equals("anyOf")
                                        || name.equals("oneOf")
                                        || name.equals("allOf"));
        boolean free =
                schema.path("additionalProperties").isObject()
                        || schema.path("additionalProperties").asBoolean(false);
        return object && schema.path("properties").isEmpty() && !more && !free;
    }

    private void parameters(ObjectNode declaration, String tool, JsonNode schema) {
        boolean full = traits.has(Trait.FULL_JSON_SCHEMA);
        JsonSchemas.Fitted fitted =
                full ? JsonSchemas.forGemini(schema) : JsonSchemas.forOlderGemini(schema);
        declaration.set(full ? "parametersJsonSchema" : "parameters", fitted.schema());
        GeminiConfigWriter.lost(fitted).forEach(keyword -> losses.weakenedTool(keyword, tool));
    }

    private void custom(ArrayNode declarations, Tool.Custom custom) {
        ObjectNode declaration =
                declarations.addObject().put("name", names.upstream(custom.name()));
        if (custom.description() != null) {
            declaration.put("description", custom.description());
        }
        parameters(declaration, custom.name(), CustomTools.parameters());
        if (custom.format() != null) {
            losses.weakenedTool("format", custom.name());
        }
        losses.extras(custom.extras(), GEMINI, "tools");
    }

    private void hosted(ArrayNode tools, Tool.Hosted hosted) {
        if (hosted.origin() == GEMINI) {
            tools.add(hosted.json());
        } else {
            losses.noSuchTool(hosted);
        }
    }

    private boolean isValidated() {
        return request.extras().in(GEMINI).stream()
                .anyMatch(extra -> extra.path().equals(GeminiToolReader.MODE));
    }

    /** Arguments that must follow their schema are a mode here. */
    private boolean wantsStrict() {
        return traits.has(Trait.STRICT_TOOLS)
                && request.tools().stream()
                        .anyMatch(tool ->
                                tool instanceof Tool.Function function
                                        && Boolean.TRUE.equals(function.strict()));
    }

    private void choice(ObjectNode body, boolean functions) {
        ToolChoice choice = request.toolChoice();
        if (choice instanceof ToolChoice.Foreign) {
            losses.refused(Parameter.TOOL_CHOICE, "not supported by the upstream.");
            return;
        }
        String mode = mode(choice);
        if (mode.isEmpty() || !functions) {
            return;
        }
        ObjectNode calling =
                body.putObject("toolConfig").putObject("functionCallingConfig").put("mode", mode);
        List<String> allowed =
                switch (choice) {
                    case ToolChoice.One one -> List.of(one.name());
                    case ToolChoice.Among among when among.required() || isValidated() ->
                            among.names();
                    case null, default -> List.of();
                };
        if (!allowed.isEmpty()) {
            ArrayNode array = calling.putArray("allowedFunctionNames");
            allowed.forEach(name -> array.add(names.upstream(name)));
        }
    }

    private String mode(@Nullable ToolChoice choice) {
        boolean strict = isValidated() || wantsStrict();
        return switch (choice) {
            case null -> strict ? "VALIDATED" : "";
            case ToolChoice.Auto _ -> strict ? "VALIDATED" : "AUTO";
            case ToolChoice.None _ -> "NONE";
            case ToolChoice.Required _, ToolChoice.One _ -> "ANY";
            case ToolChoice.Among among -> among.required() ? "ANY" : strict ? "VALIDATED" : "AUTO";
            case ToolChoice.Foreign _ -> "";
        };
    }
}
