package dev.sluice.dialect.anthropic.request;

import static dev.sluice.chat.Protocol.ANTHROPIC;

import dev.sluice.chat.Loss.Severity;
import dev.sluice.chat.Part;
import dev.sluice.chat.Tool;
import dev.sluice.chat.ToolChoice;
import dev.sluice.dialect.MalformedRequest;
import dev.sluice.dialect.rules.CacheMarks;
import dev.sluice.dialect.rules.Fields;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The tools of a Messages request and the choice among them. */
final class AnthropicToolReader {
    private AnthropicToolReader() {}

    static List<Tool> tools(Fields request) throws MalformedRequest {
        List<JsonNode> nodes = request.list("tools");
        List<Tool> tools = new ArrayList<>(nodes.size());
        for (int i = 0; i < nodes.size(); i++) {
            tools.add(tool(nodes.get(i), "tools[" + i + "]"));
        }
        return tools;
    }

    static @Nullable ToolChoice choice(@Nullable Fields choice) throws MalformedRequest {
        if (choice == null) {
            return null;
        }
        String type = choice.requiredString("type");
        return switch (type) {
            case "auto" -> new ToolChoice.Auto();
            case "any" -> new ToolChoice.Required();
            case "none" -> new ToolChoice.None();
            case "tool" -> new ToolChoice.One(choice.requiredString("name"), false);
            default -> throw Fields.wrong("tool_choice.type", "one of auto, any, tool and none");
        };
    }

    /** {@return whether several calls at a time are allowed; null where nothing was said} */
    static @Nullable Boolean parallel(@Nullable Fields choice) throws MalformedRequest {
        Boolean disabled = choice == null ? null : choice.flag("disable_parallel_tool_use");
        return disabled == null ? null : !disabled;
    }

    private static Tool tool(JsonNode node, String path) throws MalformedRequest {
        Fields tool = Fields.of(node, path);
        String type = tool.string("type");
        if (type != null && !type.equals("custom")) {
            return new Tool.Hosted(ANTHROPIC, type, node);
        }
        String name = tool.requiredString("name");
        String description = tool.string("description");
        JsonNode schema = tool.take("input_schema");
        if (schema == null || !schema.isObject()) {
            throw Fields.wrong(tool.path("input_schema"), "a JSON Schema object");
        }
        Boolean strict = tool.flag("strict");
        Part.CacheMark cache = CacheMarks.read(tool.take("cache_control"));
        tool.extra(Severity.SILENT, "eager_input_streaming");
        return new Tool.Function(name, description, schema, strict, cache, tool.rest(ANTHROPIC));
    }
}
