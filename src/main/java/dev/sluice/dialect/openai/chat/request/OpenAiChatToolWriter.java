package dev.sluice.dialect.openai.chat.request;

import static dev.sluice.chat.Protocol.OPENAI_CHAT;

import dev.sluice.chat.ChatRequest;
import dev.sluice.chat.Parameter;
import dev.sluice.chat.Tool;
import dev.sluice.chat.ToolChoice;
import dev.sluice.dialect.ToolNames;
import dev.sluice.dialect.json.JsonSchemas;
import dev.sluice.dialect.rules.CacheMarks;
import dev.sluice.dialect.rules.Fields;
import dev.sluice.dialect.rules.Losses;
import dev.sluice.dialect.rules.Turns;
import dev.sluice.dialect.rules.tool.CustomTools;
import dev.sluice.dialect.trait.Trait;
import dev.sluice.dialect.trait.UpstreamTraits;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The tools of a request for a Chat upstream (wire-contract §2.5). For one request. */
final class OpenAiChatToolWriter {
    private final ChatRequest request;
    private final UpstreamTraits traits;
    private final Losses losses;
    private final ToolNames names;

    OpenAiChatToolWriter(ChatRequest request, UpstreamTraits traits, Losses losses) {
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
        this.names = ToolNames.under(ToolNames.Rule.OPENAI, all);
        if (!names.collisions().isEmpty()) {
            losses.refused(Parameter.TOOLS, "two tool names become the same for the upstream.");
        }
    }

    ToolNames names() {
        return names;
    }

    void write(ObjectNode body, Set<String> customAsFunctions) {
        ArrayNode array = body.arrayNode();
        for (Tool tool : offered()) {
            switch (tool) {
                case Tool.Function function -> function(array, function);
                case Tool.Custom custom -> custom(array, custom, customAsFunctions);
                case Tool.Hosted hosted -> hosted(array, hosted);
            }
        }
        if (array.isEmpty()) {
            return;
        }
        body.set("tools", array);
        if (request.toolChoice() != null) {
            choice(body, request.toolChoice(), customAsFunctions);
        }
        if (request.parallelToolCalls() == null) {
            return;
        }
        if (traits.has(Trait.PARALLEL_TOOL_CALLS)) {
            body.put("parallel_tool_calls", request.parallelToolCalls());
        } else if (!request.parallelToolCalls()) {
            losses.dropped(Parameter.PARALLEL_TOOL_CALLS);
        }
    }

    /** Vendors know no list of allowed tools: they are offered no others. */
    private List<Tool> offered() {
        if (request.toolChoice() instanceof ToolChoice.Among among
                && !traits.has(Trait.OPENAI_FIELDS)) {
            return request.tools().stream()
                    .filter(tool -> among.names().contains(tool.name()))
                    .toList();
        }
        return request.tools();
    }

    private void function(ArrayNode array, Tool.Function function) {
        ObjectNode object = array.addObject().put("type", "function");
        ObjectNode body = object.putObject("function");
        body.put("name", names.upstream(function.name()));
        if (function.description() != null) {
            body.put("description", function.description());
        }
        boolean own = request.origin() == OPENAI_CHAT;
        if (function.parameters() != null) {
            body.set(
                    "parameters",
                    own ? function.parameters() : JsonSchemas.parameters(function.parameters()));
        }
        Boolean strict = function.strict();
        if (strict != null && (strict || own)) {
            if (traits.has(Trait.STRICT_TOOLS)) {
                body.put("strict", strict);
            } else if (strict) {
                losses.weakenedTool("strict", function.name());
            }
        }
        if (function.cache() != null && traits.word(Trait.CACHE_MARKS).equals("cache_control")) {
            ObjectNode mark = object.putObject("cache_control").put("type", "ephemeral");
            String time = CacheMarks.timeToLive(function.cache());
            if (time != null && traits.has(Trait.CACHE_TTL)) {
                mark.put("ttl", time);
            }
        }
        Fields.restore(object, function.extras(), OPENAI_CHAT);
        losses.extras(function.extras(), OPENAI_CHAT, "tools");
    }

    private void custom(ArrayNode array, Tool.Custom custom, Set<String> customAsFunctions) {
        boolean asFunction = customAsFunctions.contains(custom.name());
        String type = asFunction ? "function" : "custom";
        ObjectNode object = array.addObject().put("type", type);
        ObjectNode body = object.putObject(type).put("name", names.upstream(custom.name()));
        if (custom.description() != null) {
            body.put("description", custom.description());
        }
        if (asFunction) {
            body.set("parameters", CustomTools.parameters());
            if (custom.format() != null) {
                losses.weakenedTool("format", custom.name());
            }
        } else if (custom.format() != null) {
            body.set("format", custom.format());
        }
        Fields.restore(object, custom.extras(), OPENAI_CHAT);
        losses.extras(custom.extras(), OPENAI_CHAT, "tools");
    }

    private void hosted(ArrayNode array, Tool.Hosted hosted) {
        if (hosted.origin() == OPENAI_CHAT) {
            array.add(hosted.json());
        } else {
            losses.noSuchTool(hosted);
        }
    }

    private void choice(ObjectNode body, ToolChoice choice, Set<String> customAsFunctions) {
        switch (choice) {
            case ToolChoice.Auto _ -> body.put("tool_choice", "auto");
            case ToolChoice.None _ -> body.put("tool_choice", "none");
            case ToolChoice.Required _ ->
                    body.put("tool_choice", traits.word(Trait.TOOL_CHOICE_REQUIRED_WORD));
            case ToolChoice.One one -> {
                boolean custom = one.custom() && !customAsFunctions.contains(one.name());
                named(body.putObject("tool_choice"), one.name(), custom);
            }
            case ToolChoice.Among among -> among(body, among, customAsFunctions);
            case ToolChoice.Foreign foreign -> {
                if (foreign.origin() == OPENAI_CHAT) {
                    body.set("tool_choice", foreign.json());
                } else {
                    losses.refused(Parameter.TOOL_CHOICE, "not supported by the upstream.");
                }
            }
        }
    }

    private void named(ObjectNode object, String name, boolean custom) {
        String type = custom ? "custom" : "function";
        object.put("type", type).putObject(type).put("name", names.upstream(name));
    }

    private void among(ObjectNode body, ToolChoice.Among among, Set<String> customAsFunctions) {
        if (!traits.has(Trait.OPENAI_FIELDS)) {
            body.put(
                    "tool_choice",
                    among.required() ? traits.word(Trait.TOOL_CHOICE_REQUIRED_WORD) : "auto");
            return;
        }
        ObjectNode allowed =
                body.putObject("tool_choice")
                        .put("type", "allowed_tools")
                        .putObject("allowed_tools");
        allowed.put("mode", among.required() ? "required" : "auto");
        ArrayNode tools = allowed.putArray("tools");
        for (String name : among.names()) {
            boolean custom = isCustom(name) && !customAsFunctions.contains(name);
            named(tools.addObject(), name, custom);
        }
    }

    private boolean isCustom(String name) {
        return request.tools().stream()
                .anyMatch(tool -> tool instanceof Tool.Custom && tool.name().equals(name));
    }
}
