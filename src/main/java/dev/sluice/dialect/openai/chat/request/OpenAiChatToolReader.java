package dev.sluice.dialect.openai.chat.request;

import static dev.sluice.chat.Protocol.OPENAI_CHAT;

import dev.sluice.chat.Extras;
import dev.sluice.chat.Tool;
import dev.sluice.chat.ToolChoice;
import dev.sluice.dialect.MalformedRequest;
import dev.sluice.dialect.rules.CacheMarks;
import dev.sluice.dialect.rules.Fields;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The tools of a Chat request and the choice among them. */
final class OpenAiChatToolReader {
    private OpenAiChatToolReader() {}

    static List<Tool> tools(Fields request) throws MalformedRequest {
        List<JsonNode> nodes = request.list("tools");
        List<Tool> tools = new ArrayList<>(nodes.size());
        for (int i = 0; i < nodes.size(); i++) {
            tools.add(tool(nodes.get(i), "tools[" + i + "]"));
        }
        List<JsonNode> old = request.list("functions");
        for (int i = 0; i < old.size(); i++) {
            Fields function = Fields.of(old.get(i), "functions[" + i + "]");
            tools.add(function(function, null, function));
        }
        return tools;
    }

    static @Nullable ToolChoice choice(Fields request) throws MalformedRequest {
        JsonNode choice = request.take("tool_choice");
        JsonNode old = request.take("function_call");
        if (choice == null && old != null) {
            return old.isObject()
                    ? new ToolChoice.One(
                            Fields.of(old, "function_call").requiredString("name"), false)
                    : word(old, "function_call");
        }
        if (choice == null) {
            return null;
        }
        Fields named = choice.isObject() ? request.object("tool_choice") : null;
        return named == null ? word(choice, "tool_choice") : named(named, choice);
    }

    private static Tool tool(JsonNode node, String path) throws MalformedRequest {
        Fields tool = Fields.of(node, path);
        String type = tool.string("type");
        if (type == null || type.equals("function")) {
            JsonNode mark = tool.take("cache_control");
            Fields function = tool.object("function");
            return function(function == null ? tool : function, mark, tool);
        }
        if (type.equals("custom")) {
            Fields custom = tool.requiredObject("custom");
            return new Tool.Custom(
                    custom.requiredString("name"),
                    custom.string("description"),
                    custom.take("format"),
                    tool.rest(OPENAI_CHAT));
        }
        return new Tool.Hosted(OPENAI_CHAT, type, node);
    }

    /**
     * @param tool which holds the function, or is it
     */
    private static Tool function(Fields function, @Nullable JsonNode mark, Fields tool)
            throws MalformedRequest {
        String name = function.requiredString("name");
        String description = function.string("description");
        JsonNode parameters = function.take("parameters");
        if (parameters != null && !parameters.isObject()) {
            throw Fields.wrong(function.path("parameters"), "a JSON Schema object");
        }
        Boolean strict = function.flag("strict");
        Extras extras = tool.rest(OPENAI_CHAT);
        return new Tool.Function(
                name, description, parameters, strict, CacheMarks.read(mark), extras);
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

    private static ToolChoice named(Fields choice, JsonNode node) throws MalformedRequest {
        String type = choice.requiredString("type");
        return switch (type) {
            case "function", "custom" -> {
                Fields tool = choice.object(type);
                String name = (tool == null ? choice : tool).requiredString("name");
                yield new ToolChoice.One(name, type.equals("custom"));
            }
            case "allowed_tools" -> among(choice.requiredObject("allowed_tools"));
            case "auto", "none", "required", "any" -> word(node.path("type"), "tool_choice.type");
            default -> {
                choice.rest(OPENAI_CHAT);
                yield new ToolChoice.Foreign(OPENAI_CHAT, node);
            }
        };
    }

    private static ToolChoice among(Fields allowed) throws MalformedRequest {
        boolean required = "required".equals(allowed.string("mode"));
        List<String> names = new ArrayList<>();
        List<JsonNode> tools = allowed.list("tools");
        for (int i = 0; i < tools.size(); i++) {
            Fields tool = Fields.of(tools.get(i), allowed.path("tools[" + i + "]"));
            String type = tool.requiredString("type");
            Fields body = tool.object(type);
            names.add((body == null ? tool : body).requiredString("name"));
        }
        return new ToolChoice.Among(required, names);
    }
}
