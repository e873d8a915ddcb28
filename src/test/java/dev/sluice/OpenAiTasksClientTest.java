package dev.sluice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.http.HttpResponse;
import com.openai.core.http.StreamResponse;
import com.openai.errors.BadRequestException;
import com.openai.errors.NotFoundException;
import com.openai.models.audio.speech.SpeechCreateParams;
import com.openai.models.audio.transcriptions.TranscriptionCreateParams;
import com.openai.models.audio.transcriptions.TranscriptionStreamEvent;
import com.openai.models.completions.Completion;
import com.openai.models.completions.CompletionCreateParams;
import com.openai.models.embeddings.CreateEmbeddingResponse;
import com.openai.models.embeddings.EmbeddingCreateParams;
import com.openai.models.images.ImageEditParams;
import com.openai.models.images.ImageGenStreamEvent;
import com.openai.models.images.ImageGenerateParams;
import com.openai.models.moderations.ModerationCreateParams;
import java.io.ByteArrayInputStream;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import javax.imageio.ImageIO;
import javax.sound.sampled.AudioSystem;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** The official OpenAI client for Java: everything that is no conversation. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OpenAiTasksClientTest {
    private RunningGateway gateway;
    private OpenAIClient client;

    @BeforeAll
    void start(@TempDir Path data) throws Exception {
        gateway = RunningGateway.in(data, Map.of());
        client =
                OpenAIOkHttpClient.builder()
                        .apiKey(gateway.apiKey())
                        .baseUrl(gateway.url() + "/v1")
                        .maxRetries(0)
                        .build();
    }

    @AfterAll
    void stop() {
        client.close();
        gateway.close();
    }

    @Test
    void readsEmbeddings() {
        CreateEmbeddingResponse answer =
                client.embeddings()
                        .create(
                                EmbeddingCreateParams.builder()
                                        .model("simulator/sim-1")
                                        .inputOfArrayOfStrings(List.of("a", "b"))
                                        .build());

        assertThat(answer.data()).hasSize(2);
        assertThat(answer.usage().promptTokens()).isEqualTo(2);
    }

    @Test
    void readsCompletionsPlainAndStreamed() {
        CompletionCreateParams asked =
                CompletionCreateParams.builder().model("sim-1").prompt("Hi").build();
        String streamed;
        try (StreamResponse<Completion> stream = client.completions().createStreaming(asked)) {
            streamed =
                    stream.stream()
                            .flatMap(chunk -> chunk.choices().stream())
                            .map(choice -> choice.text())
                            .collect(Collectors.joining());
        }

        assertThat(client.completions().create(asked).choices().getFirst().text())
                .isEqualTo("You wrote: Hi");
        assertThat(streamed).isEqualTo("You wrote: Hi");
    }

    @Test
    void readsModerations() {
        assertThat(
                        client.moderations()
                                .create(
                                        ModerationCreateParams.builder()
                                                .model("sim-1")
                                                .input("I kill you")
                                                .build())
                                .results()
                                .getFirst()
                                .flagged())
                .isTrue();
    }

    @Test
    void readsImagesMadeAndEdited() throws Exception {
        String png =
                client.images()
                        .generate(
                                ImageGenerateParams.builder().model("sim-1").prompt("blue").build())
                        .data()
                        .orElseThrow()
                        .getFirst()
                        .b64Json()
                        .orElseThrow();
        byte[] image = Base64.getDecoder().decode(png);
        ImageEditParams edit =
                ImageEditParams.builder()
                        .image(new ByteArrayInputStream(image))
                        .prompt("bluer")
                        .model("sim-1")
                        .build();

        assertThat(ImageIO.read(new ByteArrayInputStream(image)).getWidth()).isEqualTo(8);
        assertThat(client.images().edit(edit).data().orElseThrow()).hasSize(1);
    }

    @Test
    void readsAStreamedImage() {
        ImageGenerateParams asked =
                ImageGenerateParams.builder().model("sim-1").prompt("blue").build();
        List<ImageGenStreamEvent> events;
        try (StreamResponse<ImageGenStreamEvent> stream =
                client.images().generateStreaming(asked)) {
            events = stream.stream().toList();
        }

        assertThat(events).hasSize(2);
        assertThat(events.getLast().isGenerationCompleted()).isTrue();
    }

    @Test
    void hearsSpeechAndHasItTranscribed() throws Exception {
        SpeechCreateParams speech =
                SpeechCreateParams.builder().model("sim-1").voice("alloy").input("Hello").build();
        byte[] sound;
        try (HttpResponse response = client.audio().speech().create(speech)) {
            sound = response.body().readAllBytes();
        }
        List<TranscriptionStreamEvent> events;
        try (StreamResponse<TranscriptionStreamEvent> stream =
                client.audio().transcriptions().createStreaming(transcription(sound))) {
            events = stream.stream().toList();
        }

        assertThat(
                        AudioSystem.getAudioInputStream(new ByteArrayInputStream(sound))
                                .getFrameLength())
                .isEqualTo(400);
        assertThat(
                        client.audio()
                                .transcriptions()
                                .create(transcription(sound))
                                .asTranscription()
                                .text())
                .isEqualTo("A sound of 444 bytes.");
        assertThat(events.getLast().isTranscriptTextDone()).isTrue();
    }

    private static TranscriptionCreateParams transcription(byte[] sound) {
        return TranscriptionCreateParams.builder()
                .file(new ByteArrayInputStream(sound))
                .model("simulator/sim-1")
                .build();
    }

    @Test
    void raisesItsOwnErrors() {
        EmbeddingCreateParams.Builder asked = EmbeddingCreateParams.builder().input("x");

        assertThatThrownBy(() -> client.embeddings().create(asked.model("no-such").build()))
                .isInstanceOf(NotFoundException.class);
        assertThatThrownBy(() ->
                        client.embeddings()
                                .create(asked.model("simulator/sim-1!status=400").build()))
                .isInstanceOf(BadRequestException.class);
    }
}
