package dev.sluice.dialect.openai.responses;

import static dev.sluice.chat.Protocol.OPENAI_RESPONSES;

import dev.sluice.chat.Tool;
import dev.sluice.chat.ToolChoice;
import dev.sluice.dialect.MalformedRequest;
import dev.sluice.dialect.rules.CacheMarks;
import dev.sluice.dialect.rules.CustomTools;
import dev.sluice.dialect.rules.Fields;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The tools of a request and the choice among them. */
final class OpenAiResponsesToolReader {
    private OpenAiResponsesToolReader() {}

    static List<Tool> tools(Fields request) throws MalformedRequest {
        List<JsonNode> nodes = request.list("tools");
        List<Tool> tools = new ArrayList<>(nodes.size());
        for (int i = 0; i < nodes.size(); i++) {
            tools.add(tool(nodes.get(i), "tools[" + i + "]"));
        }
        return tools;
    }

    static @Nullable ToolChoice choice(Fields request) throws MalformedRequest {
        JsonNode choice = request.take("tool_choice");
        if (choice == null) {
            return null;
        }
        return choice.isObject() ? named(choice) : word(choice, "tool_choice");
    }

    private static Tool tool(JsonNode node, String path) throws MalformedRequest {
        Fields tool = Fields.of(node, path);
        return switch (tool.requiredString("type")) {
            case "function" -> function(tool);
            case "custom" ->
                    new Tool.Custom(
                            tool.requiredString("name"),
                            tool.string("description"),
                            CustomTools.nested(tool.take("format")),
                            tool.rest(OPENAI_RESPONSES));
            default -> new Tool.Hosted(OPENAI_RESPONSES, node.path("type").stringValue(), node);
        };
    }

    private static Tool function(Fields tool) throws MalformedRequest {
        JsonNode mark = tool.take("cache_control");
        Fields nested = tool.object("function");
        Fields function = nested == null ? tool : nested;
        String name = function.requiredString("name");
        String description = function.string("description");
        JsonNode parameters = function.take("parameters");
        if (parameters != null && !parameters.isObject()) {
            throw Fields.wrong(function.path("parameters"), "a JSON Schema object");
        }
        Boolean strict = function.flag("strict");
        return new Tool.Function(
                name,
                description,
                parameters,
                strict,
                CacheMarks.read(mark),
                function.rest(OPENAI_RESPONSES));
    }

    private static ToolChoice word(JsonNode node, String path) throws MalformedRequest {
        return switch (node.asString("")) {
            case "auto" -> new ToolChoice.Auto();
            case "none" -> new ToolChoice.None();
            case "required", "any" -> new ToolChoice.Required();
            default ->
                    throw Fields.wrong(
                            path,
                            "\"auto\", \"none\", \"required\" or an object that names a tool");
        };
    }

    private static ToolChoice named(JsonNode node) throws MalformedRequest {
        Fields choice = Fields.of(node, "tool_choice");
        String type = choice.requiredString("type");
        return switch (type) {
            case "function", "custom" -> {
                Fields tool = choice.object(type);
                String name = (tool == null ? choice : tool).requiredString("name");
                yield new ToolChoice.One(name, type.equals("custom"));
            }
            case "allowed_tools" -> among(choice);
            case "auto", "none", "required", "any" -> word(node.path("type"), "tool_choice.type");
            default -> new ToolChoice.Foreign(OPENAI_RESPONSES, node);
        };
    }

    /** A hosted tool has no name but its type. */
    private static ToolChoice among(Fields allowed) throws MalformedRequest {
        boolean required = "required".equals(allowed.string("mode"));
        List<String> names = new ArrayList<>();
        List<JsonNode> tools = allowed.list("tools");
        for (int i = 0; i < tools.size(); i++) {
            Fields tool = Fields.of(tools.get(i), allowed.path("tools[" + i + "]"));
            String type = tool.requiredString("type");
            boolean own = type.equals("function") || type.equals("custom");
            names.add(own ? tool.requiredString("name") : type);
        }
        return new ToolChoice.Among(required, names);
    }
}
