package dev.sluice.simulator.openai.responses;

import dev.sluice.simulator.behaviour.Directive;
import dev.sluice.simulator.script.Json;
import dev.sluice.simulator.script.Script;
import dev.sluice.simulator.script.Script.Call;
import dev.sluice.simulator.script.Script.Stop;
import dev.sluice.simulator.script.Script.Use;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Writes the response object, and its items one by one, at any stage of its making. */
final class ResponseObject {
    private final ResponsesRequest request;
    private final Script script;
    private final long created;

    ResponseObject(ResponsesRequest request, Script script, long created) {
        this.request = request;
        this.script = script;
        this.created = created;
    }

    String id() {
        return "resp_" + script.fingerprint().hex("response", 0);
    }

    /** {@return it with all its output} */
    ObjectNode ended() {
        ObjectNode response = inStatus(isWhole() ? "completed" : "incomplete");
        if (!isWhole()) {
            response.putObject("incomplete_details")
                    .put(
                            "reason",
                            script.stop() == Stop.LENGTH ? "max_output_tokens" : "content_filter");
        }
        ArrayNode output = response.withArray("output");
        if (script.reasons()) {
            output.add(reasoning(true));
        }
        if (!script.text().isEmpty()) {
            output.add(message(itemStatus(), script.wholeText()));
        }
        for (Call call : script.calls()) {
            output.add(call(call, call.complete() ? "completed" : "incomplete", call.arguments()));
        }
        if (!request.ask().behaviour().is(Directive.USAGE, "missing")) {
            response.set("usage", usage(script.use()));
        }
        return response;
    }

    /** {@return it without output} */
    ObjectNode inStatus(String status) {
        JsonNode body = request.body();
        ObjectNode response = Json.object().put("id", id()).put("object", "response");
        response.put("created_at", created).put("status", status);
        response.put("background", request.background());
        response.putNull("error").putNull("incomplete_details");
        echo(response, "instructions", null);
        echo(response, "max_output_tokens", null);
        response.putNull("max_tool_calls").put("model", script.model()).putArray("output");
        response.put("parallel_tool_calls", body.path("parallel_tool_calls").asBoolean(true));
        echo(response, "previous_response_id", null);
        echo(response, "reasoning", Json.object().putNull("effort").putNull("summary"));
        response.put("service_tier", "default").put("store", request.stored());
        response.put("temperature", body.path("temperature").asDouble(1));
        ObjectNode text = Json.object();
        text.putObject("format").put("type", "text");
        echo(response, "text", text);
        echo(response, "tool_choice", Json.object().stringNode("auto"));
        echo(response, "tools", Json.array());
        response.put("top_logprobs", 0).put("top_p", body.path("top_p").asDouble(1));
        response.put("truncation", "disabled").putNull("usage").putNull("user");
        echo(response, "metadata", Json.object());
        return response;
    }

    boolean isWhole() {
        return script.stop() != Stop.LENGTH && script.stop() != Stop.FILTER;
    }

    String itemStatus() {
        return isWhole() ? "completed" : "incomplete";
    }

    ObjectNode reasoning(boolean done) {
        ObjectNode item = Json.object().put("id", itemId("rs", 0)).put("type", "reasoning");
        ArrayNode summary = item.putArray("summary");
        if (done && script.showsReasoning()) {
            summary.add(summaryPart(script.wholeReasoning()));
        }
        if (request.sealed()) {
            item.put("encrypted_content", script.fingerprint().seal(0));
        }
        return item;
    }

    static ObjectNode summaryPart(String text) {
        return Json.object().put("type", "summary_text").put("text", text);
    }

    /**
     * {@return the message}
     *
     * @param text null while there is none
     */
    ObjectNode message(String status, @Nullable String text) {
        ObjectNode item = Json.object().put("id", itemId("msg", 0)).put("type", "message");
        item.put("status", status);
        ArrayNode content = item.putArray("content");
        if (text != null) {
            content.add(textPart(text));
        }
        return item.put("role", "assistant");
    }

    static ObjectNode textPart(String text) {
        ObjectNode part = Json.object().put("type", "output_text");
        part.putArray("annotations");
        part.putArray("logprobs");
        return part.put("text", text);
    }

    ObjectNode call(Call call, String status, String arguments) {
        return Json.object()
                .put("id", itemId("fc", call.index()))
                .put("type", "function_call")
                .put("status", status)
                .put("arguments", arguments)
                .put("call_id", "call_" + script.fingerprint().hex("call", call.index()))
                .put("name", call.name());
    }

    String itemId(String prefix, int index) {
        return prefix + "_" + script.fingerprint().hex(prefix, index);
    }

    private void echo(ObjectNode response, String name, @Nullable JsonNode otherwise) {
        JsonNode given = request.body().path(name);
        boolean absent = given.isMissingNode() || given.isNull();
        response.set(name, absent ? otherwise : given);
    }

    private static ObjectNode usage(Use use) {
        ObjectNode usage = Json.object().put("input_tokens", use.input());
        usage.putObject("input_tokens_details")
                .put("cached_tokens", use.cached())
                .put("cache_write_tokens", use.cacheWrite());
        usage.put("output_tokens", use.output());
        usage.putObject("output_tokens_details").put("reasoning_tokens", use.reasoning());
        return usage.put("total_tokens", use.total());
    }
}
