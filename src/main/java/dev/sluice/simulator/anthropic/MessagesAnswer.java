package dev.sluice.simulator.anthropic;

import dev.sluice.simulator.behaviour.Behaviour;
import dev.sluice.simulator.behaviour.Directive;
import dev.sluice.simulator.script.Json;
import dev.sluice.simulator.script.Script;
import dev.sluice.simulator.script.Script.Call;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Writes a plain answer. */
final class MessagesAnswer {
    private MessagesAnswer() {}

    static ObjectNode of(Script script, Behaviour behaviour) {
        ObjectNode message = MessagesWords.head(script);
        ArrayNode content = message.withArray("content");
        if (script.reasons()) {
            String text = script.hiddenReasoning() ? "" : script.wholeReasoning();
            content.add(MessagesWords.thinking(script, text, true));
        }
        String text = script.wholeText();
        if (!text.isEmpty()) {
            content.addObject().put("type", "text").put("text", text);
        }
        for (Call call : script.calls()) {
            // A call that was cut short is no object and cannot be said.
            Json.read(call.arguments())
                    .ifPresent(input ->
                            content.add(MessagesWords.toolUse(script, call).set("input", input)));
        }
        MessagesWords.putStop(message, script);
        if (!behaviour.is(Directive.USAGE, "missing")) {
            message.set("usage", MessagesWords.usage(script.use(), script.use().output()));
        }
        return message;
    }
}
