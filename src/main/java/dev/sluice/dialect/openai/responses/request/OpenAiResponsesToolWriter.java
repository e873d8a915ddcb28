package dev.sluice.dialect.openai.responses.request;

import static dev.sluice.chat.Protocol.OPENAI_RESPONSES;

import dev.sluice.chat.ChatRequest;
import dev.sluice.chat.Parameter;
import dev.sluice.chat.Tool;
import dev.sluice.chat.ToolChoice;
import dev.sluice.dialect.ToolNames;
import dev.sluice.dialect.json.JsonSchemas;
import dev.sluice.dialect.openai.responses.wire.NamespacedTools;
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

/** The tools of a request for an upstream, or repeated to a client (wire-contract §2.5). */
public final class OpenAiResponsesToolWriter {
    private final ChatRequest request;
    private final UpstreamTraits traits;
    private final Losses losses;
    private final ToolNames names;

    /** Whether the upstream knows namespaces, as OpenAI does and its imitators do not. */
    private final boolean grouped;

    public OpenAiResponsesToolWriter(ChatRequest request, UpstreamTraits traits, Losses losses) {
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
        this.grouped = request.origin() == OPENAI_RESPONSES && traits.has(Trait.OPENAI_FIELDS);
        if (grouped) {
            all.removeIf(NamespacedTools::isIn);
        }
        this.names = ToolNames.under(ToolNames.Rule.OPENAI, all);
        if (!names.collisions().isEmpty()) {
            losses.refused(Parameter.TOOLS, "two tool names become the same for the upstream.");
        }
    }

    ToolNames names() {
        return names;
    }

    public void write(ObjectNode body, Set<String> customAsFunctions) {
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
        body.set("tools", grouped ? NamespacedTools.grouped(array) : array);
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
        object.put("name", names.upstream(function.name()));
        if (function.description() != null) {
            object.put("description", function.description());
        }
        boolean own = request.origin() == OPENAI_RESPONSES;
        if (!own) {
            object.set("parameters", JsonSchemas.parameters(function.parameters()));
        } else if (function.parameters() != null) {
            object.set("parameters", function.parameters());
        }
        strict(object, function, own);
        Fields.restore(object, function.extras(), OPENAI_RESPONSES);
        losses.extras(function.extras(), OPENAI_RESPONSES, "tools");
    }

    /** Silence means yes here and no elsewhere: who said nothing elsewhere is told as no. */
    private void strict(ObjectNode object, Tool.Function function, boolean own) {
        Boolean strict = function.strict();
        if (!traits.has(Trait.STRICT_TOOLS)) {
            if (Boolean.TRUE.equals(strict)) {
                losses.weakenedTool("strict", function.name());
            }
        } else if (strict != null) {
            object.put("strict", strict);
        } else if (!own) {
            object.put("strict", false);
        }
    }

    private void custom(ArrayNode array, Tool.Custom custom, Set<String> customAsFunctions) {
        boolean asFunction = customAsFunctions.contains(custom.name());
        ObjectNode object = array.addObject().put("type", asFunction ? "function" : "custom");
        object.put("name", names.upstream(custom.name()));
        if (custom.description() != null) {
            object.put("description", custom.description());
        }
        if (asFunction) {
            object.set("parameters", CustomTools.parameters());
            object.put("strict", false);
            if (custom.format() != null) {
                losses.weakenedTool("format", custom.name());
            }
        } else if (custom.format() != null) {
            object.set("format", CustomTools.flat(custom.format()));
        }
        Fields.restore(object, custom.extras(), OPENAI_RESPONSES);
        losses.extras(custom.extras(), OPENAI_RESPONSES, "tools");
    }

    private void hosted(ArrayNode array, Tool.Hosted hosted) {
        if (hosted.origin() == OPENAI_RESPONSES) {
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
                NamespacedTools.name(
                        body.putObject("tool_choice").put("type", custom ? "custom" : "function"),
                        names.upstream(one.name()));
            }
            case ToolChoice.Among among -> among(body, among, customAsFunctions);
            case ToolChoice.Foreign foreign -> {
                if (foreign.origin() == OPENAI_RESPONSES) {
                    body.set("tool_choice", foreign.json());
                } else {
                    losses.refused(Parameter.TOOL_CHOICE, "not supported by the upstream.");
                }
            }
        }
    }

    private void among(ObjectNode body, ToolChoice.Among among, Set<String> customAsFunctions) {
        String mode = among.required() ? traits.word(Trait.TOOL_CHOICE_REQUIRED_WORD) : "auto";
        if (!traits.has(Trait.OPENAI_FIELDS)) {
            body.put("tool_choice", mode);
            return;
        }
        ObjectNode allowed = body.putObject("tool_choice").put("type", "allowed_tools");
        allowed.put("mode", mode);
        ArrayNode tools = allowed.putArray("tools");
        for (String name : among.names()) {
            String type = type(name, customAsFunctions);
            ObjectNode tool = tools.addObject().put("type", type);
            if (type.equals("function") || type.equals("custom")) {
                NamespacedTools.name(tool, names.upstream(name));
            }
        }
    }

    private String type(String name, Set<String> customAsFunctions) {
        for (Tool tool : request.tools()) {
            if (tool.name().equals(name) && !(tool instanceof Tool.Function)) {
                boolean custom = tool instanceof Tool.Custom && !customAsFunctions.contains(name);
                return custom ? "custom" : tool instanceof Tool.Hosted ? name : "function";
            }
        }
        return "function";
    }
}
