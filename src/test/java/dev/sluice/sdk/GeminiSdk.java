package dev.sluice.sdk;

import com.google.genai.Client;
import com.google.genai.ResponseStream;
import com.google.genai.types.Content;
import com.google.genai.types.FunctionDeclaration;
import com.google.genai.types.FunctionResponse;
import com.google.genai.types.GenerateContentConfig;
import com.google.genai.types.GenerateContentResponse;
import com.google.genai.types.GenerateContentResponseUsageMetadata;
import com.google.genai.types.HttpOptions;
import com.google.genai.types.HttpRetryOptions;
import com.google.genai.types.Part;
import com.google.genai.types.Schema;
import com.google.genai.types.ThinkingConfig;
import com.google.genai.types.Tool;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import tools.jackson.databind.json.JsonMapper;

/** Google's client. */
final class GeminiSdk implements SdkClient {
    private final Client client;

    GeminiSdk(String url, String key) {
        this.client =
                Client.builder()
                        .apiKey(key)
                        .httpOptions(
                                HttpOptions.builder()
                                        .baseUrl(url)
                                        .timeout(30_000)
                                        .retryOptions(HttpRetryOptions.builder().attempts(1))
                                        .build())
                        .build();
    }

    @Override
    public Heard ask(Ask ask) {
        GenerateContentResponse answer =
                client.models.generateContent(ask.model(), contents(ask), config(ask));
        return heard(List.of(answer));
    }

    @Override
    public Heard stream(Ask ask) {
        List<GenerateContentResponse> pieces = new ArrayList<>();
        try (ResponseStream<GenerateContentResponse> stream =
                client.models.generateContentStream(ask.model(), contents(ask), config(ask))) {
            stream.forEach(pieces::add);
        }
        return heard(pieces);
    }

    private static GenerateContentConfig config(Ask ask) {
        GenerateContentConfig.Builder config =
                GenerateContentConfig.builder().maxOutputTokens((int) ask.maxTokens());
        if (!ask.system().isEmpty()) {
            config.systemInstruction(Content.fromParts(Part.fromText(ask.system())));
        }
        if (ask.tool()) {
            config.tools(
                    Tool.builder()
                            .functionDeclarations(
                                    FunctionDeclaration.builder()
                                            .name(Ask.TOOL)
                                            .description("The weather of a city")
                                            .parameters(city())));
        }
        if (ask.reasoning()) {
            config.thinkingConfig(
                    ThinkingConfig.builder().includeThoughts(true).thinkingBudget(2000));
        }
        if (ask.schema()) {
            config.responseMimeType("application/json").responseSchema(city());
        }
        return config.build();
    }

    private static Schema city() {
        return Schema.builder()
                .type("OBJECT")
                .properties(Map.of("city", Schema.builder().type("STRING").build()))
                .required("city")
                .build();
    }

    private static List<Content> contents(Ask ask) {
        List<Content> contents = new ArrayList<>();
        List<Part> asked = new ArrayList<>(List.of(Part.fromText(ask.prompt())));
        if (ask.image()) {
            asked.add(Part.fromBytes(Base64.getDecoder().decode(Ask.PICTURE), "image/png"));
        }
        contents.add(Content.builder().role("user").parts(asked).build());
        for (Ask.Turn turn : ask.answered()) {
            contents.add((Content) Objects.requireNonNull(turn.heard().message()));
            List<Part> results =
                    turn.heard().calls().stream()
                            .map(call ->
                                    Part.builder()
                                            .functionResponse(response(call, turn.result()))
                                            .build())
                            .toList();
            contents.add(Content.builder().role("user").parts(results).build());
        }
        return contents;
    }

    private static FunctionResponse response(Heard.Call call, String result) {
        FunctionResponse.Builder response =
                FunctionResponse.builder().name(call.name()).response(Map.of("output", result));
        return call.id().isEmpty() ? response.build() : response.id(call.id()).build();
    }

    private static Heard heard(List<GenerateContentResponse> pieces) {
        StringBuilder text = new StringBuilder();
        StringBuilder reasoning = new StringBuilder();
        List<Heard.Call> calls = new ArrayList<>();
        List<Part> parts = new ArrayList<>();
        String finish = "";
        long input = -1;
        long output = -1;
        for (GenerateContentResponse piece : pieces) {
            List<Part> said =
                    piece.candidates()
                            .filter(candidates -> !candidates.isEmpty())
                            .flatMap(candidates -> candidates.getFirst().content())
                            .flatMap(Content::parts)
                            .orElse(List.of());
            parts.addAll(said);
            said.forEach(part -> hear(part, text, reasoning, calls));
            String reason =
                    piece.candidates()
                            .filter(candidates -> !candidates.isEmpty())
                            .flatMap(candidates -> candidates.getFirst().finishReason())
                            .map(Object::toString)
                            .orElse("");
            finish = reason.isEmpty() ? finish : reason;
            if (piece.usageMetadata().isPresent()) {
                GenerateContentResponseUsageMetadata usage = piece.usageMetadata().get();
                input = usage.promptTokenCount().orElse(0);
                output =
                        (long) usage.candidatesTokenCount().orElse(0)
                                + usage.thoughtsTokenCount().orElse(0);
            }
        }
        String stop =
                switch (finish) {
                    case "STOP" -> calls.isEmpty() ? "stop" : "calls";
                    case "MAX_TOKENS" -> "length";
                    default -> finish;
                };
        return new Heard(
                text.toString(),
                reasoning.toString(),
                calls,
                stop,
                input,
                output,
                Content.builder().role("model").parts(parts).build());
    }

    private static void hear(
            Part part, StringBuilder text, StringBuilder reasoning, List<Heard.Call> calls) {
        part.text()
                .ifPresent(said -> (part.thought().orElse(false) ? reasoning : text).append(said));
        part.functionCall()
                .ifPresent(call ->
                        calls.add(
                                new Heard.Call(
                                        call.id().orElse(""),
                                        call.name().orElse(""),
                                        JsonMapper.shared()
                                                .writeValueAsString(
                                                        call.args().orElse(Map.of())))));
    }

    @Override
    public void close() {
        client.close();
    }
}
