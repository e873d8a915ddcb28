package dev.sluice.simulator.anthropic;

import dev.sluice.simulator.script.Json;
import dev.sluice.simulator.script.Script;
import dev.sluice.simulator.script.Script.Call;
import dev.sluice.simulator.script.Script.Use;
import tools.jackson.databind.node.ObjectNode;

/** The pieces that a plain answer and a stream have in common. */
final class MessagesWords {
    private MessagesWords() {}

    /** {@return a message without content, and not ended} */
    static ObjectNode head(Script script) {
        ObjectNode message = Json.object();
        message.put("id", "msg_" + script.fingerprint().hex("message", 0));
        message.put("type", "message").put("role", "assistant").put("model", script.model());
        message.putArray("content");
        return message.putNull("stop_reason").putNull("stop_sequence");
    }

    static void putStop(ObjectNode to, Script script) {
        to.put("stop_reason", stopReason(script)).put("stop_sequence", script.stopSequence());
    }

    private static String stopReason(Script script) {
        return switch (script.stop()) {
            case DONE -> "end_turn";
            case STOP_SEQUENCE -> "stop_sequence";
            case LENGTH -> "max_tokens";
            case CALLS -> "tool_use";
            case FILTER -> "refusal";
        };
    }

    /** {@return usage when so much of the output has been sent; input excludes the caches} */
    static ObjectNode usage(Use use, int output) {
        int fresh = Math.max(0, use.input() - use.cached() - use.cacheWrite());
        ObjectNode usage = Json.object().put("input_tokens", fresh);
        usage.put("cache_creation_input_tokens", use.cacheWrite());
        usage.put("cache_read_input_tokens", use.cached());
        usage.putObject("cache_creation")
                .put("ephemeral_5m_input_tokens", use.cacheWrite())
                .put("ephemeral_1h_input_tokens", 0);
        return usage.put("output_tokens", output).put("service_tier", "standard");
    }

    static ObjectNode thinking(Script script, String text, boolean sealed) {
        return Json.object()
                .put("type", "thinking")
                .put("thinking", text)
                .put("signature", sealed ? script.fingerprint().seal(0) : "");
    }

    static ObjectNode toolUse(Script script, Call call) {
        ObjectNode block = Json.object().put("type", "tool_use");
        block.put("id", "toolu_" + script.fingerprint().hex("call", call.index()));
        return block.put("name", call.name());
    }
}
