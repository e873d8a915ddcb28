package dev.sluice.simulator.openai.chat;

import dev.sluice.simulator.behaviour.Behaviour;
import dev.sluice.simulator.behaviour.Directive;
import dev.sluice.simulator.script.Json;
import dev.sluice.simulator.script.Script;
import dev.sluice.simulator.script.Script.Use;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The pieces that a plain answer and a chunk have in common. */
final class ChatWords {
    private ChatWords() {}

    /** {@return the head of an answer or a chunk} */
    static ObjectNode head(String object, Script script, long created) {
        return Json.object()
                .put("id", id(script))
                .put("object", object)
                .put("created", created)
                .put("model", script.model())
                .put("service_tier", "default")
                .put("system_fingerprint", "fp_simulator");
    }

    static String id(Script script) {
        return "chatcmpl-" + script.fingerprint().hex("chat", 0);
    }

    static String callId(Script script, int choice, int index) {
        return "call_" + script.fingerprint().hex("call", choice * 1_000 + index);
    }

    static String finishReason(Script script, Behaviour behaviour) {
        return switch (script.stop()) {
            case DONE, STOP_SEQUENCE -> "stop";
            case LENGTH -> "length";
            case FILTER -> "content_filter";
            case CALLS -> behaviour.text(Directive.CALL_FINISH, "tool_calls");
        };
    }

    static ObjectNode usage(Use use) {
        return usage(use, use.output());
    }

    /** {@return usage as it stands when so much of the output has been sent} */
    static ObjectNode usage(Use use, int output) {
        ObjectNode usage = Json.object();
        usage.put("prompt_tokens", use.input());
        usage.put("completion_tokens", output);
        usage.put("total_tokens", use.input() + output);
        ObjectNode prompt = usage.putObject("prompt_tokens_details");
        prompt.put("cached_tokens", use.cached()).put("audio_tokens", 0);
        if (use.cacheWrite() > 0) {
            prompt.put("cache_write_tokens", use.cacheWrite());
        }
        usage.putObject("completion_tokens_details")
                .put("reasoning_tokens", use.reasoning())
                .put("audio_tokens", 0)
                .put("accepted_prediction_tokens", 0)
                .put("rejected_prediction_tokens", 0);
        return usage;
    }

    /** Puts reasoning in where the vendor in question has it. */
    static void putReasoning(ObjectNode to, String text, Script script, Behaviour behaviour) {
        switch (behaviour.text(Directive.REASONING_FIELD, "reasoning_content")) {
            case "reasoning" -> to.put("reasoning", text);
            case "details" -> {
                to.put("reasoning", text);
                ArrayNode details = to.putArray("reasoning_details");
                details.addObject()
                        .put("type", "reasoning.text")
                        .put("text", text)
                        .put("signature", script.fingerprint().seal(0))
                        .put("format", "anthropic-claude-v1")
                        .put("index", 0);
            }
            default -> to.put("reasoning_content", text);
        }
    }

    /** {@return the text's pieces, the reasoning before them where it is part of the text} */
    static List<String> text(Script script, Behaviour behaviour) {
        if (!isInline(behaviour) || !script.showsReasoning()) {
            return script.text();
        }
        List<String> pieces = new ArrayList<>();
        pieces.add("<think>");
        pieces.addAll(script.reasoning());
        pieces.add("</think>\n\n");
        pieces.addAll(script.text());
        return pieces;
    }

    static boolean isInline(Behaviour behaviour) {
        return behaviour.is(Directive.REASONING_FIELD, "think");
    }
}
