package dev.sluice.simulator.openai.chat;

import dev.sluice.simulator.behaviour.Behaviour;
import dev.sluice.simulator.behaviour.Directive;
import dev.sluice.simulator.script.Ask;
import dev.sluice.simulator.script.Json;
import dev.sluice.simulator.script.Script;
import dev.sluice.simulator.script.Script.Call;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Writes a plain answer. */
final class ChatAnswer {
    private ChatAnswer() {}

    static ObjectNode of(Ask ask, Script script, long created) {
        ObjectNode answer = ChatWords.head("chat.completion", script, created);
        ArrayNode choices = answer.putArray("choices");
        for (int i = 0; i < ask.choices(); i++) {
            ObjectNode choice = choices.addObject().put("index", i);
            choice.set("message", message(script, ask.behaviour(), i));
            choice.putNull("logprobs");
            choice.put("finish_reason", ChatWords.finishReason(script, ask.behaviour()));
        }
        if (!ask.behaviour().is(Directive.USAGE, "missing")) {
            answer.set("usage", ChatWords.usage(script.use()));
        }
        return answer;
    }

    private static ObjectNode message(Script script, Behaviour behaviour, int choice) {
        ObjectNode message = Json.object().put("role", "assistant");
        String text = String.join("", ChatWords.text(script, behaviour));
        message.put("content", text.isEmpty() && !script.calls().isEmpty() ? null : text);
        if (script.showsReasoning() && !ChatWords.isInline(behaviour)) {
            ChatWords.putReasoning(message, script.wholeReasoning(), script, behaviour);
        }
        message.putNull("refusal");
        message.putArray("annotations");
        if (!script.calls().isEmpty()) {
            ArrayNode calls = message.putArray("tool_calls");
            for (Call call : script.calls()) {
                ObjectNode node = calls.addObject();
                node.put("id", ChatWords.callId(script, choice, call.index()));
                node.put("type", "function");
                node.putObject("function")
                        .put("name", call.name())
                        .put("arguments", call.arguments());
            }
        }
        return message;
    }
}
