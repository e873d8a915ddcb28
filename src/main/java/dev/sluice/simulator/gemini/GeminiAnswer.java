package dev.sluice.simulator.gemini;

import dev.sluice.simulator.behaviour.Directive;
import dev.sluice.simulator.script.Ask;
import dev.sluice.simulator.script.Json;
import dev.sluice.simulator.script.Script;
import dev.sluice.simulator.script.Script.Call;
import dev.sluice.simulator.script.Script.Use;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Writes answers and the chunks of a stream, which look the same. */
final class GeminiAnswer {
    private final Ask ask;
    private final Script script;

    GeminiAnswer(Ask ask, Script script) {
        this.ask = ask;
        this.script = script;
    }

    ObjectNode whole() {
        List<ObjectNode> parts = new ArrayList<>();
        if (script.showsReasoning()) {
            parts.add(text(script.wholeReasoning()).put("thought", true));
        }
        if (!script.text().isEmpty()) {
            parts.add(sealed(text(script.wholeText())));
        }
        script.calls().forEach(call -> call(call).ifPresent(parts::add));
        return body(parts, true, script.use());
    }

    /** {@return the last chunk, which says why the answer ends} */
    ObjectNode last() {
        ObjectNode empty = script.calls().isEmpty() ? sealed(text("")) : text("");
        return body(List.of(empty), true, script.use());
    }

    /**
     * {@return a chunk on the way}
     *
     * @param use what was used up to here
     */
    ObjectNode chunk(ObjectNode part, Use use) {
        return body(List.of(part), false, use);
    }

    static ObjectNode text(String text) {
        return Json.object().put("text", text);
    }

    /** {@return the call as one whole part, or nothing where it was cut short} */
    Optional<ObjectNode> call(Call call) {
        return Json.read(call.arguments())
                .map(arguments -> {
                    ObjectNode part = Json.object();
                    part.putObject("functionCall").put("name", call.name()).set("args", arguments);
                    return call.index() == 0 ? sealed(part) : part;
                });
    }

    private ObjectNode sealed(ObjectNode part) {
        return script.reasons() ? part.put("thoughtSignature", script.fingerprint().seal(0)) : part;
    }

    private ObjectNode body(List<ObjectNode> parts, boolean ends, Use use) {
        ObjectNode body = Json.object();
        ArrayNode candidates = body.putArray("candidates");
        for (int i = 0; i < ask.choices(); i++) {
            ObjectNode candidate = candidates.addObject();
            ObjectNode content = candidate.putObject("content");
            content.putArray("parts").addAll(parts);
            content.put("role", "model");
            if (ends) {
                candidate.put("finishReason", finishReason());
            }
            candidate.put("index", i);
        }
        if (!ask.behaviour().is(Directive.USAGE, "missing")) {
            body.set("usageMetadata", usage(use, ends ? script.use() : null));
        }
        body.put("modelVersion", script.model());
        return body.put("responseId", script.fingerprint().hex("response", 0));
    }

    private String finishReason() {
        return switch (script.stop()) {
            case DONE, STOP_SEQUENCE, CALLS -> "STOP";
            case LENGTH -> "MAX_TOKENS";
            case FILTER -> "SAFETY";
        };
    }

    private static ObjectNode usage(Use use, @Nullable Use ended) {
        ObjectNode usage = Json.object().put("promptTokenCount", use.input());
        int answered = Math.max(0, use.output() - use.reasoning());
        usage.put("candidatesTokenCount", answered);
        usage.put("totalTokenCount", use.total());
        usage.putArray("promptTokensDetails")
                .addObject()
                .put("modality", "TEXT")
                .put("tokenCount", use.input());
        if (use.reasoning() > 0) {
            usage.put("thoughtsTokenCount", use.reasoning());
        }
        if (ended != null && ended.cached() > 0) {
            usage.put("cachedContentTokenCount", ended.cached());
        }
        return usage;
    }
}
