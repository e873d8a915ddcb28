package dev.sluice.dialect.openai.responses.answer;

import dev.sluice.chat.ChatAnswer;
import dev.sluice.chat.ChatRequest;
import dev.sluice.chat.Message;
import dev.sluice.chat.Part;
import dev.sluice.chat.StopReason;
import dev.sluice.chat.Usage;
import dev.sluice.dialect.ClientView;
import dev.sluice.dialect.json.Json;
import dev.sluice.dialect.openai.responses.request.OpenAiResponsesStyleWriter;
import dev.sluice.dialect.openai.responses.request.OpenAiResponsesToolWriter;
import dev.sluice.dialect.openai.responses.wire.OpenAiResponsesReasoning;
import dev.sluice.dialect.openai.responses.wire.OpenAiResponsesStopReasons;
import dev.sluice.dialect.rules.Losses;
import dev.sluice.dialect.rules.Seals;
import dev.sluice.dialect.trait.UpstreamTraits;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** An answer for a client, with the echo of its request that it expects (wire-contract §1.2). */
public final class OpenAiResponsesAnswerWriter {
    private OpenAiResponsesAnswerWriter() {}

    public static byte[] write(ChatAnswer answer, ClientView view) {
        ObjectNode response = begun(view);
        ArrayNode output = Json.mapper().createArrayNode();
        StopReason reason = StopReason.STOP;
        if (!answer.choices().isEmpty()) {
            ChatAnswer.Choice choice = answer.choices().getFirst();
            reason = choice.reason();
            JsonNode logprobs = choice.logprobs();
            for (Part part : Seals.besideTexts(choice.parts())) {
                ObjectNode item = item(part, id(view, output.size()), logprobs, view);
                if (item != null) {
                    output.add(item);
                    logprobs = part instanceof Part.Text ? null : logprobs;
                }
            }
        }
        finish(response, reason, output, answer.usage());
        return Json.bytes(response);
    }

    /** {@return the answer before anything is known of it} */
    static ObjectNode begun(ClientView view) {
        ChatRequest request = view.request();
        ObjectNode response =
                Json.mapper()
                        .createObjectNode()
                        .put("id", "resp_" + view.id())
                        .put("object", "response")
                        .put("created_at", view.created().getEpochSecond())
                        .put("status", "in_progress")
                        .put("background", false);
        response.putNull("error");
        response.putNull("incomplete_details");
        response.put("instructions", instructions(request));
        response.put("max_output_tokens", request.limits().maxOutputTokens());
        response.put("model", view.model());
        response.putArray("output");
        response.put("parallel_tool_calls", !Boolean.FALSE.equals(request.parallelToolCalls()));
        response.putNull("previous_response_id");
        response.put("store", false);
        response.put("temperature", request.sampling().temperature());
        repeatOptions(response, request, view.model());
        response.put("top_p", request.sampling().topP()).put("truncation", "disabled");
        response.putNull("usage");
        ObjectNode metadata = response.putObject("metadata");
        request.service().metadata().forEach(metadata::put);
        return response;
    }

    private static void repeatOptions(ObjectNode response, ChatRequest request, String model) {
        response.putObject("reasoning").putNull("effort").putNull("summary");
        response.putObject("text").putObject("format").put("type", "text");
        response.put("tool_choice", "auto").putArray("tools");
        UpstreamTraits plain = UpstreamTraits.standard("openai", model);
        Losses none = new Losses(request.origin());
        new OpenAiResponsesStyleWriter(request, plain, none, response).write();
        new OpenAiResponsesToolWriter(request, plain, none).write(response, Set.of());
    }

    private static @Nullable String instructions(ChatRequest request) {
        Message first = request.messages().isEmpty() ? null : request.messages().getFirst();
        return first != null
                        && first.path().equals("instructions")
                        && first.parts().getFirst() instanceof Part.Text text
                ? text.text()
                : null;
    }

    static void finish(
            ObjectNode response, StopReason reason, ArrayNode output, @Nullable Usage usage) {
        String incomplete = OpenAiResponsesStopReasons.incomplete(reason);
        response.put("status", incomplete == null ? "completed" : "incomplete");
        if (incomplete != null) {
            response.putObject("incomplete_details").put("reason", incomplete);
        }
        if (reason == StopReason.BROKEN) {
            response.put("status", "failed");
            response.putObject("error")
                    .put("code", "server_error")
                    .put("message", OpenAiResponsesStopReasons.BROKEN_OFF);
        }
        response.set("output", output);
        if (usage != null) {
            response.set("usage", usage(usage));
        }
    }

    static String id(ClientView view, int index) {
        return view.id() + "_" + index;
    }

    private static ObjectNode usage(Usage usage) {
        ObjectNode node = Json.mapper().createObjectNode().put("input_tokens", usage.inputTotal());
        ObjectNode input = node.putObject("input_tokens_details");
        input.put("cached_tokens", usage.cacheRead());
        input.put("cache_write_tokens", usage.cacheWrite());
        node.put("output_tokens", usage.outputTotal());
        node.putObject("output_tokens_details").put("reasoning_tokens", usage.reasoning());
        return node.put("total_tokens", usage.total());
    }

    private static @Nullable ObjectNode item(
            Part part, String id, @Nullable JsonNode logprobs, ClientView view) {
        return switch (part) {
            case Part.Text text -> {
                ArrayNode annotations = Json.mapper().createArrayNode();
                text.annotations().stream()
                        .map(OpenAiResponsesItems::annotation)
                        .filter(Objects::nonNull)
                        .forEach(annotations::add);
                ArrayNode shown =
                        logprobs != null && logprobs.path("content") instanceof ArrayNode array
                                ? array
                                : Json.mapper().createArrayNode();
                yield text.text().isEmpty()
                        ? null
                        : OpenAiResponsesItems.text("msg_" + id, text.text(), annotations, shown);
            }
            case Part.Refusal refusal ->
                    OpenAiResponsesItems.message(
                            "msg_" + id, OpenAiResponsesItems.refusalPart(refusal.text()));
            case Part.Reasoning thought -> {
                ChatRequest request = view.request();
                boolean seals =
                        OpenAiResponsesItems.showsSeals(
                                request.service().store(), request.extras());
                yield thought.text().isEmpty() && !(seals && thought.seal() != null)
                        ? null
                        : OpenAiResponsesItems.reasoning(
                                OpenAiResponsesReasoning.MADE_ID + id,
                                thought.text(),
                                seals ? thought.seal() : null);
            }
            case Part.ToolCall call ->
                    OpenAiResponsesItems.call(
                            (call.custom() ? "ctc_" : "fc_") + id,
                            call.custom() || !call.arguments().isEmpty()
                                    ? call
                                    : call.withArguments("{}"));
            case Part.Image _, Part.Foreign _ -> OpenAiResponsesItems.whole("ig_" + id, part);
            case Part.File _, Part.Audio _, Part.Video _, Part.ToolResult _ -> null;
        };
    }
}
