package dev.sluice;

import static dev.sluice.FormCaller.END;
import static dev.sluice.FormCaller.field;
import static dev.sluice.FormCaller.file;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Forms with files, served and refused. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FormEndpointsTest {
    private static final JsonMapper JSON = JsonMapper.shared();

    private FormCaller forms;

    @BeforeAll
    void start(@TempDir Path folder) throws Exception {
        forms = FormCaller.in(folder);
    }

    @AfterAll
    void stop() {
        forms.close();
    }

    @BeforeEach
    void forget() {
        forms.gateway().simulator().sightings().reset();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aFormGoesOnAsItWasButForTheModel(boolean modelFirst) throws Exception {
        String model = field("model", "simulator/sim-1");
        String file = file("file", "x".repeat(200_000));
        String form =
                modelFirst ? model + file + END : file + model + field("language", "en") + END;
        HttpResponse<String> answer = forms.post("audio/transcriptions", form);

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(JSON.readTree(answer.body()).path("text").asString())
                .isEqualTo("A sound of 200000 bytes.");
        assertThat(forms.seen().bodyText()).isEqualTo(form.replace("simulator/sim-1", "sim-1"));
        JsonNode record = forms.record(answer);
        assertThat(record.path("ending").asString()).isEqualTo("completed");
        assertThat(record.path("model").asString()).isEqualTo("simulator/sim-1");
        assertThat(record.path("request_bytes").asLong()).isEqualTo(form.length());
        assertThat(record.path("usage").path("origin").asString()).isEqualTo("provider");
        assertThat(record.path("usage").path("input_tokens").asLong()).isEqualTo(196);
        assertThat(record.path("usage").path("audio_tokens").asLong()).isEqualTo(196);
    }

    @Test
    void aFormWithoutAModelGetsTheKeys() throws Exception {
        String key =
                forms.gateway()
                        .admin(
                                "POST",
                                "/admin/keys",
                                "{\"name\":\"preset\",\"default_model\":\"sim-1\"}")
                        .path("key_value")
                        .asString();
        HttpResponse<String> answer =
                forms.send(
                        forms.request("audio/transcriptions", key)
                                .POST(
                                        HttpRequest.BodyPublishers.ofString(
                                                file("file", "RIFF") + END))
                                .build());

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(forms.seen().bodyText())
                .isEqualTo(field("model", "sim-1") + file("file", "RIFF") + END);
    }

    @ParameterizedTest
    @CsvSource({
        "audio/transcriptions, file, verbose_json, audio_seconds:1",
        "audio/translations, file, text, A sound of 4 bytes.",
        "images/edits, image, b64_json, b64_json",
        "images/variations, image, b64_json, b64_json"
    })
    void everyFormIsServed(String path, String file, String format, String told) throws Exception {
        String form =
                field("model", "sim-1")
                        + field("response_format", format)
                        + field("prompt", "make it red")
                        + file(file, "RIFF")
                        + END;
        HttpResponse<String> answer = forms.post(path, form);

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(forms.record(answer).path("ending").asString()).isEqualTo("completed");
        assertThat((answer.body() + forms.record(answer).path("usage")).replace("\"", ""))
                .contains(told);
    }

    @Test
    void aStreamedTranscriptionReportsItsUsage() throws Exception {
        HttpResponse<String> answer =
                forms.post(
                        "audio/transcriptions",
                        field("model", "sim-1")
                                + field("stream", "true")
                                + file("file", "RIFF")
                                + END);

        assertThat(answer.body())
                .contains("transcript.text.delta")
                .contains("transcript.text.done");
        JsonNode record = forms.record(answer);
        assertThat(record.path("ending").asString()).isEqualTo("completed");
        assertThat(record.path("stream").asBoolean()).isTrue();
        assertThat(record.path("usage").path("origin").asString()).isEqualTo("provider");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\'',
            value = {
                "multipart/form-data                  | x                     | boundary",
                "multipart/form-data; boundary=a@b    | x                     | boundary",
                "multipart/form-data; boundary=B-o-U  | hello                 | byte 0",
                "multipart/form-data; boundary=B-o-U  | {model}               | ends before",
                "multipart/form-data; boundary=B-o-U  | {model}{model}{end}   | twice",
                "multipart/form-data; boundary=B-o-U  | {file}{model}         | ends before",
                "multipart/form-data; boundary=B-o-U  | {model}{file}         | ends before",
                "multipart/form-data; boundary=B-o-U  | {model}{file}{model}{end} | twice",
                "multipart/form-data; boundary=B-o-U  | {model}{file}--B-o-Ux | line end",
            })
    void aMalformedFormIsRefusedNamingThePlace(String type, String body, String told)
            throws Exception {
        String form =
                body.replace("{model}", field("model", "sim-1"))
                        .replace("{file}", file("file", "x".repeat(300_000)))
                        .replace("{end}", END);
        HttpResponse<String> answer =
                forms.send(
                        forms.request("audio/transcriptions", forms.gateway().apiKey())
                                .setHeader("content-type", type)
                                .POST(HttpRequest.BodyPublishers.ofString(form))
                                .build());

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
        JsonNode error = JSON.readTree(answer.body()).path("error");
        assertThat(error.path("code").asString()).isEqualTo("invalid_multipart");
        assertThat(error.path("message").asString()).contains(told);
        assertThat(forms.record(answer).path("fault").asString()).isEqualTo("client");
        assertThat(forms.gateway().simulator().sightings().all())
                .noneMatch(sighting -> sighting.status() == 200);
    }

    @Test
    void aFormWhereJsonBelongsIsRefused() throws Exception {
        HttpResponse<String> answer = forms.post("embeddings", field("model", "sim-1") + END);

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body()).contains("application/json");
    }
}
