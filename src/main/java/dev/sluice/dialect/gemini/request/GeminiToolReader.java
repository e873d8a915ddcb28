package dev.sluice.dialect.gemini.request;

import static dev.sluice.chat.Protocol.GEMINI;

import dev.sluice.chat.Extras;
import dev.sluice.chat.Loss.Severity;
import dev.sluice.chat.Tool;
import dev.sluice.chat.ToolChoice;
import dev.sluice.dialect.MalformedRequest;
import dev.sluice.dialect.json.Json;
import dev.sluice.dialect.json.JsonSchemas;
import dev.sluice.dialect.rules.Fields;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The tools of a request and the choice among them. For one request. */
final class GeminiToolReader {
    /** The mode, kept among the extras where it says more than the choice does. */
    static final String MODE = "toolConfig.functionCallingConfig.mode";

    private static final String DECLARATIONS = "functionDeclarations";

    private final Fields request;
    private final List<Extras.Extra> extras;

    /**
     * @param extras where what is left over goes
     */
    GeminiToolReader(Fields request, List<Extras.Extra> extras) {
        this.request = request;
        this.extras = extras;
    }

    List<Tool> tools() throws MalformedRequest {
        List<Tool> tools = new ArrayList<>();
        List<JsonNode> nodes = GeminiMessageReader.list(request, "tools");
        for (int i = 0; i < nodes.size(); i++) {
            Fields tool = Fields.of(nodes.get(i), "tools[" + i + "]");
            List<JsonNode> functions = GeminiMessageReader.list(tool, DECLARATIONS);
            for (int k = 0; k < functions.size(); k++) {
                String path = tool.path(DECLARATIONS + "[" + k + "]");
                tools.add(function(Fields.of(functions.get(k), path)));
            }
            for (Map.Entry<String, JsonNode> field : nodes.get(i).properties()) {
                if (!field.getKey().equals(DECLARATIONS) && !field.getValue().isNull()) {
                    ObjectNode alone = Json.mapper().createObjectNode();
                    alone.set(field.getKey(), field.getValue());
                    tools.add(new Tool.Hosted(GEMINI, field.getKey(), alone));
                }
            }
        }
        return tools;
    }

    private static Tool function(Fields function) throws MalformedRequest {
        String name = function.requiredString("name");
        if (name.isEmpty()) {
            throw Fields.wrong(function.path("name"), "a string that is not empty");
        }
        String description = function.string("description");
        JsonNode openApi = function.take("parameters");
        JsonNode jsonSchema = function.take("parametersJsonSchema");
        if (openApi != null && !openApi.isObject()) {
            throw Fields.wrong(function.path("parameters"), "a schema object");
        }
        if (jsonSchema != null && !jsonSchema.isObject()) {
            throw Fields.wrong(function.path("parametersJsonSchema"), "a JSON Schema object");
        }
        JsonNode schema =
                jsonSchema == null && openApi != null
                        ? JsonSchemas.fromGemini(openApi)
                        : jsonSchema;
        function.extra(Severity.WEAKER, "response", "responseJsonSchema");
        return new Tool.Function(name, description, schema, null, null, function.rest(GEMINI));
    }

    @Nullable ToolChoice choice() throws MalformedRequest {
        Fields config = request.object("toolConfig");
        Fields calling = config == null ? null : config.object("functionCallingConfig");
        ToolChoice choice = calling == null ? null : choice(calling);
        if (calling != null) {
            calling.extra(Severity.SILENT, "streamFunctionCallArguments");
        }
        return choice;
    }

    private @Nullable ToolChoice choice(Fields calling) throws MalformedRequest {
        String mode = calling.string("mode");
        List<String> names = new ArrayList<>();
        for (JsonNode name : calling.list("allowedFunctionNames")) {
            if (!name.isString()) {
                throw Fields.wrong(calling.path("allowedFunctionNames"), "an array of strings");
            }
            names.add(name.stringValue());
        }
        return switch (mode == null ? "" : mode.toUpperCase(Locale.ROOT)) {
            case "", "MODE_UNSPECIFIED" -> null;
            case "AUTO" -> new ToolChoice.Auto();
            case "NONE" -> new ToolChoice.None();
            case "ANY" -> required(names);
            case "VALIDATED" -> {
                JsonNode value = Json.mapper().getNodeFactory().stringNode("VALIDATED");
                extras.add(new Extras.Extra(MODE, value, Severity.WEAKER));
                yield names.isEmpty() ? new ToolChoice.Auto() : new ToolChoice.Among(false, names);
            }
            default ->
                    throw Fields.wrong(
                            calling.path("mode"), "one of AUTO, ANY, NONE and VALIDATED");
        };
    }

    private static ToolChoice required(List<String> names) {
        return switch (names.size()) {
            case 0 -> new ToolChoice.Required();
            case 1 -> new ToolChoice.One(names.getFirst(), false);
            default -> new ToolChoice.Among(true, names);
        };
    }
}
