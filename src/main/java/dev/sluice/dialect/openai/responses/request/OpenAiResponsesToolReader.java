package dev.sluice.dialect.openai.responses.request;

import static dev.sluice.chat.Protocol.OPENAI_RESPONSES;

import dev.sluice.chat.Tool;
import dev.sluice.chat.ToolChoice;
import dev.sluice.dialect.MalformedRequest;
import dev.sluice.dialect.openai.responses.wire.NamespacedTools;
import dev.sluice.dialect.rules.CacheMarks;
import dev.sluice.dialect.rules.Fields;
import dev.sluice.dialect.rules.tool.CustomTools;
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
            String path = "tools[" + i + "]";
            if (nodes.get(i).path("type").asString("").equals(NamespacedTools.TYPE)) {
                namespace(Fields.of(nodes.get(i), path), tools);
            } else {
                tools.add(tool(nodes.get(i), null, path));
            }
        }
        return tools;
    }

    /** Tools of a namespace stand among the others; the first one tells what they are for. */
    private static void namespace(Fields space, List<Tool> tools) throws MalformedRequest {
        String name = space.requiredString("name");
        String description = space.string("description");
        List<JsonNode> nodes = space.list("tools");
        for (int i = 0; i < nodes.size(); i++) {
            Tool tool = tool(nodes.get(i), name, space.path("tools[" + i + "]"));
            tools.add(
                    i == 0 && description != null && !description.equals(name)
                            ? explained(tool, description)
                            : tool);
        }
    }

    private static Tool explained(Tool tool, String purpose) {
        return switch (tool) {
            case Tool.Function function ->
                    new Tool.Function(
                            function.name(),
                            purpose(purpose, function.description()),
                            function.parameters(),
                            function.strict(),
                            function.cache(),
                            function.extras());
            case Tool.Custom custom ->
                    new Tool.Custom(
                            custom.name(),
                            purpose(purpose, custom.description()),
                            custom.format(),
                            custom.extras());
            case Tool.Hosted hosted -> hosted;
        };
    }

    private static String purpose(String ofAll, @Nullable String own) {
        return own == null ? ofAll : ofAll + "\n\n" + own;
    }

    static @Nullable ToolChoice choice(Fields request) throws MalformedRequest {
        JsonNode choice = request.take("tool_choice");
        if (choice == null) {
            return null;
        }
        return choice.isObject() ? named(choice) : word(choice, "tool_choice");
    }

    private static Tool tool(JsonNode node, @Nullable String namespace, String path)
            throws MalformedRequest {
        Fields tool = Fields.of(node, path);
        return switch (tool.requiredString("type")) {
            case "function" -> function(tool, namespace);
            case "custom" ->
                    new Tool.Custom(
                            NamespacedTools.joined(namespace, tool.requiredString("name")),
                            tool.string("description"),
                            CustomTools.nested(tool.take("format")),
                            tool.rest(OPENAI_RESPONSES));
            default -> new Tool.Hosted(OPENAI_RESPONSES, node.path("type").stringValue(), node);
        };
    }

    private static Tool function(Fields tool, @Nullable String namespace) throws MalformedRequest {
        JsonNode mark = tool.take("cache_control");
        Fields nested = tool.object("function");
        Fields function = nested == null ? tool : nested;
        String name = NamespacedTools.joined(namespace, function.requiredString("name"));
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
                String namespace = choice.string(NamespacedTools.TYPE);
                yield new ToolChoice.One(
                        NamespacedTools.joined(namespace, name), type.equals("custom"));
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
            names.add(
                    own
                            ? NamespacedTools.joined(
                                    tool.string(NamespacedTools.TYPE), tool.requiredString("name"))
                            : type);
        }
        return new ToolChoice.Among(required, names);
    }
}
