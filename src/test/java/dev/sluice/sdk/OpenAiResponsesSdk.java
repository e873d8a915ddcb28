package dev.sluice.sdk;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.http.StreamResponse;
import com.openai.helpers.ResponseAccumulator;
import com.openai.models.Reasoning;
import com.openai.models.ReasoningEffort;
import com.openai.models.responses.FunctionTool;
import com.openai.models.responses.Response;
import com.openai.models.responses.ResponseCreateParams;
import com.openai.models.responses.ResponseFormatTextJsonSchemaConfig;
import com.openai.models.responses.ResponseIncludable;
import com.openai.models.responses.ResponseInputImage;
import com.openai.models.responses.ResponseInputItem;
import com.openai.models.responses.ResponseOutputItem;
import com.openai.models.responses.ResponseReasoningItem;
import com.openai.models.responses.ResponseStatus;
import com.openai.models.responses.ResponseStreamEvent;
import com.openai.models.responses.ResponseTextConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** OpenAI's client, speaking Responses. */
final class OpenAiResponsesSdk implements SdkClient {
    private final OpenAIClient client;

    OpenAiResponsesSdk(String url, String key) {
        this.client =
                OpenAIOkHttpClient.builder().apiKey(key).baseUrl(url + "/v1").maxRetries(0).build();
    }

    @Override
    public Heard ask(Ask ask) {
        return heard(client.responses().create(params(ask)));
    }

    @Override
    public Heard stream(Ask ask) {
        ResponseAccumulator whole = ResponseAccumulator.create();
        try (StreamResponse<ResponseStreamEvent> stream =
                client.responses().createStreaming(params(ask))) {
            stream.stream()
                    .forEach(event -> {
                        event.error()
                                .ifPresent(error -> {
                                    throw new IllegalStateException(error.message());
                                });
                        whole.accumulate(event);
                    });
        }
        return heard(whole.response());
    }

    private static ResponseCreateParams params(Ask ask) {
        ResponseCreateParams.Builder params =
                ResponseCreateParams.builder()
                        .model(ask.model())
                        .store(false)
                        .maxOutputTokens(ask.maxTokens());
        if (!ask.system().isEmpty()) {
            params.instructions(ask.system());
        }
        if (ask.tool()) {
            params.addTool(
                    FunctionTool.builder()
                            .name(Ask.TOOL)
                            .description("The weather of a city")
                            .strict(true)
                            .parameters(
                                    FunctionTool.Parameters.builder()
                                            .additionalProperties(OpenAiChatSdk.citySchema())
                                            .build())
                            .build());
        }
        if (ask.reasoning()) {
            params.reasoning(
                    Reasoning.builder()
                            .effort(ReasoningEffort.MEDIUM)
                            .summary(Reasoning.Summary.AUTO)
                            .build());
            params.include(List.of(ResponseIncludable.REASONING_ENCRYPTED_CONTENT));
        }
        if (ask.schema()) {
            params.text(
                    ResponseTextConfig.builder()
                            .format(
                                    ResponseFormatTextJsonSchemaConfig.builder()
                                            .name("place")
                                            .strict(true)
                                            .schema(
                                                    ResponseFormatTextJsonSchemaConfig.Schema
                                                            .builder()
                                                            .additionalProperties(
                                                                    OpenAiChatSdk.citySchema())
                                                            .build())
                                            .build())
                            .build());
        }
        return params.inputOfResponse(input(ask)).build();
    }

    private static List<ResponseInputItem> input(Ask ask) {
        List<ResponseInputItem> items = new ArrayList<>();
        ResponseInputItem.Message.Builder message =
                ResponseInputItem.Message.builder()
                        .role(ResponseInputItem.Message.Role.USER)
                        .addInputTextContent(ask.prompt());
        if (ask.image()) {
            message.addContent(
                    ResponseInputImage.builder()
                            .detail(ResponseInputImage.Detail.AUTO)
                            .imageUrl("data:image/png;base64," + Ask.PICTURE)
                            .build());
        }
        items.add(ResponseInputItem.ofMessage(message.build()));
        for (Ask.Turn turn : ask.answered()) {
            Response earlier = (Response) Objects.requireNonNull(turn.heard().message());
            for (ResponseOutputItem item : earlier.output()) {
                item.reasoning().ifPresent(it -> items.add(ResponseInputItem.ofReasoning(it)));
                item.message()
                        .ifPresent(it -> items.add(ResponseInputItem.ofResponseOutputMessage(it)));
                item.functionCall()
                        .ifPresent(it -> items.add(ResponseInputItem.ofFunctionCall(it)));
            }
            for (Heard.Call call : turn.heard().calls()) {
                items.add(
                        ResponseInputItem.ofFunctionCallOutput(
                                ResponseInputItem.FunctionCallOutput.builder()
                                        .callId(call.id())
                                        .output(turn.result())
                                        .build()));
            }
        }
        return items;
    }

    private static Heard heard(Response answer) {
        StringBuilder text = new StringBuilder();
        StringBuilder reasoning = new StringBuilder();
        List<Heard.Call> calls = new ArrayList<>();
        for (ResponseOutputItem item : answer.output()) {
            item.message()
                    .ifPresent(message ->
                            message.content()
                                    .forEach(part ->
                                            part.outputText()
                                                    .ifPresent(said -> text.append(said.text()))));
            item.reasoning().ifPresent(thought -> reasoning.append(summary(thought)));
            item.functionCall()
                    .ifPresent(call ->
                            calls.add(
                                    new Heard.Call(call.callId(), call.name(), call.arguments())));
        }
        boolean cut = answer.status().orElseThrow().equals(ResponseStatus.INCOMPLETE);
        String why =
                answer.incompleteDetails()
                        .flatMap(Response.IncompleteDetails::reason)
                        .map(Response.IncompleteDetails.Reason::asString)
                        .orElse("");
        String stop =
                cut
                        ? (why.equals("max_output_tokens") ? "length" : why)
                        : calls.isEmpty() ? "stop" : "calls";
        return new Heard(
                text.toString(),
                reasoning.toString(),
                calls,
                stop,
                answer.usage().map(usage -> usage.inputTokens()).orElse(-1L),
                answer.usage().map(usage -> usage.outputTokens()).orElse(-1L),
                answer);
    }

    private static String summary(ResponseReasoningItem thought) {
        StringBuilder text = new StringBuilder();
        thought.summary().forEach(part -> text.append(part.text()));
        thought.content().ifPresent(parts -> parts.forEach(part -> text.append(part.text())));
        return text.toString();
    }

    @Override
    public void close() {
        client.close();
    }
}
