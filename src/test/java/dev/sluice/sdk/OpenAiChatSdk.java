package dev.sluice.sdk;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.JsonValue;
import com.openai.core.http.StreamResponse;
import com.openai.helpers.ChatCompletionAccumulator;
import com.openai.models.FunctionDefinition;
import com.openai.models.FunctionParameters;
import com.openai.models.ReasoningEffort;
import com.openai.models.ResponseFormatJsonSchema;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionContentPart;
import com.openai.models.chat.completions.ChatCompletionContentPartImage;
import com.openai.models.chat.completions.ChatCompletionContentPartText;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.chat.completions.ChatCompletionFunctionTool;
import com.openai.models.chat.completions.ChatCompletionMessage;
import com.openai.models.chat.completions.ChatCompletionStreamOptions;
import com.openai.models.chat.completions.ChatCompletionToolMessageParam;
import com.openai.models.completions.CompletionUsage;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * OpenAI's client, speaking Chat Completions. The reasoning that vendors add is no part of its
 * model and is read from the further properties.
 */
@SuppressWarnings("deprecation")
final class OpenAiChatSdk implements SdkClient {
    private final OpenAIClient client;

    OpenAiChatSdk(String url, String key) {
        this.client =
                OpenAIOkHttpClient.builder().apiKey(key).baseUrl(url + "/v1").maxRetries(0).build();
    }

    @Override
    public Heard ask(Ask ask) {
        return heard(client.chat().completions().create(params(ask).build()), "");
    }

    @Override
    public Heard stream(Ask ask) {
        ChatCompletionCreateParams params =
                params(ask)
                        .streamOptions(
                                ChatCompletionStreamOptions.builder().includeUsage(true).build())
                        .build();
        ChatCompletionAccumulator whole = ChatCompletionAccumulator.create();
        StringBuilder reasoning = new StringBuilder();
        try (StreamResponse<ChatCompletionChunk> stream =
                client.chat().completions().createStreaming(params)) {
            stream.stream()
                    .peek(whole::accumulate)
                    .flatMap(chunk -> chunk.choices().stream())
                    .forEach(choice ->
                            reasoning.append(thought(choice.delta()._additionalProperties())));
        }
        return heard(whole.chatCompletion(), reasoning.toString());
    }

    private static ChatCompletionCreateParams.Builder params(Ask ask) {
        ChatCompletionCreateParams.Builder params =
                ChatCompletionCreateParams.builder()
                        .model(ask.model())
                        .maxCompletionTokens(ask.maxTokens());
        if (!ask.system().isEmpty()) {
            params.addSystemMessage(ask.system());
        }
        if (ask.image()) {
            params.addUserMessageOfArrayOfContentParts(
                    List.of(
                            ChatCompletionContentPart.ofText(
                                    ChatCompletionContentPartText.builder()
                                            .text(ask.prompt())
                                            .build()),
                            ChatCompletionContentPart.ofImageUrl(
                                    ChatCompletionContentPartImage.builder()
                                            .imageUrl(
                                                    ChatCompletionContentPartImage.ImageUrl
                                                            .builder()
                                                            .url(
                                                                    "data:image/png;base64,"
                                                                            + Ask.PICTURE)
                                                            .build())
                                            .build())));
        } else {
            params.addUserMessage(ask.prompt());
        }
        if (ask.tool()) {
            params.addTool(weather());
        }
        if (ask.reasoning()) {
            params.reasoningEffort(ReasoningEffort.MEDIUM);
        }
        if (ask.schema()) {
            params.responseFormat(schema());
        }
        for (Ask.Turn turn : ask.answered()) {
            params.addMessage(
                    (ChatCompletionMessage) Objects.requireNonNull(turn.heard().message()));
            for (Heard.Call call : turn.heard().calls()) {
                params.addMessage(
                        ChatCompletionToolMessageParam.builder()
                                .toolCallId(call.id())
                                .content(turn.result())
                                .build());
            }
        }
        return params;
    }

    private static ChatCompletionFunctionTool weather() {
        return ChatCompletionFunctionTool.builder()
                .function(
                        FunctionDefinition.builder()
                                .name(Ask.TOOL)
                                .description("The weather of a city")
                                .parameters(
                                        FunctionParameters.builder()
                                                .additionalProperties(citySchema())
                                                .build())
                                .build())
                .build();
    }

    static Map<String, JsonValue> citySchema() {
        return Map.of(
                "type", JsonValue.from("object"),
                "properties", JsonValue.from(Map.of("city", Map.of("type", "string"))),
                "required", JsonValue.from(List.of("city")),
                "additionalProperties", JsonValue.from(false));
    }

    private static ResponseFormatJsonSchema schema() {
        return ResponseFormatJsonSchema.builder()
                .jsonSchema(
                        ResponseFormatJsonSchema.JsonSchema.builder()
                                .name("place")
                                .strict(true)
                                .schema(
                                        ResponseFormatJsonSchema.JsonSchema.Schema.builder()
                                                .additionalProperties(citySchema())
                                                .build())
                                .build())
                .build();
    }

    private static String thought(Map<String, JsonValue> properties) {
        JsonValue said = properties.get("reasoning_content");
        return said == null ? "" : Objects.requireNonNullElse(said.convert(String.class), "");
    }

    private static Heard heard(ChatCompletion answer, String streamedReasoning) {
        ChatCompletion.Choice choice = answer.choices().getFirst();
        ChatCompletionMessage message = choice.message();
        List<Heard.Call> calls = new ArrayList<>();
        message.toolCalls()
                .orElse(List.of())
                .forEach(call ->
                        calls.add(
                                new Heard.Call(
                                        call.asFunction().id(),
                                        call.asFunction().function().name(),
                                        call.asFunction().function().arguments())));
        String stop =
                choice.finishReason().asString().equals("tool_calls")
                        ? "calls"
                        : choice.finishReason().asString();
        return new Heard(
                message.content().orElse(""),
                streamedReasoning + thought(message._additionalProperties()),
                calls,
                stop,
                answer.usage().map(CompletionUsage::promptTokens).orElse(-1L),
                answer.usage().map(CompletionUsage::completionTokens).orElse(-1L),
                message);
    }

    @Override
    public void close() {
        client.close();
    }
}
