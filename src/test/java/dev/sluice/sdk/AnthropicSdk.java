package dev.sluice.sdk;

import com.anthropic.client.AnthropicClient;
import com.anthropic.client.okhttp.AnthropicOkHttpClient;
import com.anthropic.core.JsonValue;
import com.anthropic.core.http.StreamResponse;
import com.anthropic.helpers.MessageAccumulator;
import com.anthropic.models.messages.Base64ImageSource;
import com.anthropic.models.messages.ContentBlockParam;
import com.anthropic.models.messages.ImageBlockParam;
import com.anthropic.models.messages.JsonOutputFormat;
import com.anthropic.models.messages.Message;
import com.anthropic.models.messages.MessageContentParam;
import com.anthropic.models.messages.MessageCreateParams;
import com.anthropic.models.messages.OutputConfig;
import com.anthropic.models.messages.RawMessageStreamEvent;
import com.anthropic.models.messages.TextBlockParam;
import com.anthropic.models.messages.Tool;
import com.anthropic.models.messages.ToolResultBlockParam;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import tools.jackson.databind.json.JsonMapper;

/** Anthropic's client. */
final class AnthropicSdk implements SdkClient {
    private final AnthropicClient client;

    AnthropicSdk(String url, String key) {
        this.client =
                AnthropicOkHttpClient.builder().apiKey(key).baseUrl(url).maxRetries(0).build();
    }

    @Override
    public Heard ask(Ask ask) {
        return heard(client.messages().create(params(ask)));
    }

    @Override
    public Heard stream(Ask ask) {
        MessageAccumulator whole = MessageAccumulator.create();
        try (StreamResponse<RawMessageStreamEvent> stream =
                client.messages().createStreaming(params(ask))) {
            stream.stream().forEach(whole::accumulate);
        }
        return heard(whole.message());
    }

    private static MessageCreateParams params(Ask ask) {
        MessageCreateParams.Builder params =
                MessageCreateParams.builder().model(ask.model()).maxTokens(ask.maxTokens());
        if (!ask.system().isEmpty()) {
            params.system(ask.system());
        }
        if (ask.image()) {
            params.addUserMessage(
                    MessageContentParam.ofContentBlockParams(
                            List.of(
                                    ContentBlockParam.ofText(
                                            TextBlockParam.builder().text(ask.prompt()).build()),
                                    ContentBlockParam.ofImage(
                                            ImageBlockParam.builder()
                                                    .source(
                                                            Base64ImageSource.builder()
                                                                    .mediaType(
                                                                            Base64ImageSource
                                                                                    .MediaType
                                                                                    .IMAGE_PNG)
                                                                    .data(Ask.PICTURE)
                                                                    .build())
                                                    .build()))));
        } else {
            params.addUserMessage(ask.prompt());
        }
        if (ask.tool()) {
            params.addTool(weather());
        }
        if (ask.reasoning()) {
            params.enabledThinking(2000);
        }
        if (ask.schema()) {
            params.outputConfig(
                    OutputConfig.builder()
                            .format(
                                    JsonOutputFormat.builder()
                                            .schema(
                                                    JsonOutputFormat.Schema.builder()
                                                            .additionalProperties(citySchema())
                                                            .build())
                                            .build())
                            .build());
        }
        for (Ask.Turn turn : ask.answered()) {
            params.addMessage((Message) Objects.requireNonNull(turn.heard().message()));
            params.addUserMessage(
                    MessageContentParam.ofContentBlockParams(
                            turn.heard().calls().stream()
                                    .map(call ->
                                            ContentBlockParam.ofToolResult(
                                                    ToolResultBlockParam.builder()
                                                            .toolUseId(call.id())
                                                            .content(turn.result())
                                                            .build()))
                                    .toList()));
        }
        return params.build();
    }

    private static Tool weather() {
        return Tool.builder()
                .name(Ask.TOOL)
                .description("The weather of a city")
                .inputSchema(
                        Tool.InputSchema.builder()
                                .properties(
                                        Tool.InputSchema.Properties.builder()
                                                .putAdditionalProperty(
                                                        "city",
                                                        JsonValue.from(Map.of("type", "string")))
                                                .build())
                                .required(List.of("city"))
                                .build())
                .build();
    }

    private static Map<String, JsonValue> citySchema() {
        return Map.of(
                "type", JsonValue.from("object"),
                "properties", JsonValue.from(Map.of("city", Map.of("type", "string"))),
                "required", JsonValue.from(List.of("city")),
                "additionalProperties", JsonValue.from(false));
    }

    private static Heard heard(Message answer) {
        StringBuilder text = new StringBuilder();
        StringBuilder reasoning = new StringBuilder();
        List<Heard.Call> calls = new ArrayList<>();
        answer.content()
                .forEach(block -> {
                    block.text().ifPresent(said -> text.append(said.text()));
                    block.thinking().ifPresent(thought -> reasoning.append(thought.thinking()));
                    block.toolUse()
                            .ifPresent(use ->
                                    calls.add(
                                            new Heard.Call(
                                                    use.id(), use.name(), json(use._input()))));
                });
        String stop =
                switch (answer.stopReason().orElseThrow().asString()) {
                    case "end_turn" -> "stop";
                    case "tool_use" -> "calls";
                    case "max_tokens" -> "length";
                    default -> answer.stopReason().orElseThrow().asString();
                };
        return new Heard(
                text.toString(),
                reasoning.toString(),
                calls,
                stop,
                answer.usage().inputTokens(),
                answer.usage().outputTokens(),
                answer);
    }

    private static String json(JsonValue input) {
        return JsonMapper.shared().writeValueAsString(input.convert(Map.class));
    }

    @Override
    public void close() {
        client.close();
    }
}
