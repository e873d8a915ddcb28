package dev.sluice.simulator.openai.tasks;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sluice.simulator.endpoint.Answer;
import dev.sluice.simulator.endpoint.Frame;
import dev.sluice.simulator.endpoint.Frame.Kind;
import dev.sluice.simulator.endpoint.Frames;
import dev.sluice.simulator.endpoint.Incoming;
import dev.sluice.simulator.endpoint.Refusal;
import dev.sluice.simulator.openai.Fields;
import dev.sluice.simulator.script.Json;
import dev.sluice.simulator.script.Tokens;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import tools.jackson.databind.node.ObjectNode;

/** {@code POST /v1/audio/transcriptions}: says how large the sound was. */
final class Transcriptions {
    private Transcriptions() {}

    static Answer.Content answer(Multipart form, Incoming incoming) throws Refusal {
        List<Multipart.Part> files = form.files("file");
        if (files.isEmpty()) {
            throw Fields.missing("file");
        }
        int bytes = files.getFirst().content().length;
        String text = "A sound of " + bytes + " bytes.";
        if ("true".equals(form.text("stream"))) {
            return stream(text, bytes);
        }
        String format = Objects.requireNonNullElse(form.text("response_format"), "json");
        return switch (format) {
            case "text" ->
                    new Answer.Whole("text/plain; charset=utf-8", (text + "\n").getBytes(UTF_8));
            case "srt" ->
                    new Answer.Whole(
                            "text/plain; charset=utf-8",
                            ("1\n00:00:00,000 --> 00:00:01,000\n" + text + "\n\n").getBytes(UTF_8));
            case "verbose_json" -> Answer.json(verbose(text));
            default -> {
                ObjectNode body = Json.object().put("text", text);
                body.set("usage", usage(text, bytes));
                yield Answer.json(body);
            }
        };
    }

    private static Answer.Content stream(String text, int bytes) {
        int middle = text.indexOf(' ', text.length() / 2);
        List<String> pieces = List.of(text.substring(0, middle), text.substring(middle));
        ObjectNode done = Json.object().put("type", "transcript.text.done").put("text", text);
        done.set("usage", usage(text, bytes));
        return Answer.events(
                Frames.concat(
                                List.of(
                                        pieces.stream().map(Transcriptions::delta),
                                        Stream.of(Frame.data(Kind.TERMINATOR, done))))
                        .iterator());
    }

    private static Frame delta(String piece) {
        return Frame.data(
                Kind.OUTPUT,
                Json.object().put("type", "transcript.text.delta").put("delta", piece));
    }

    private static ObjectNode verbose(String text) {
        ObjectNode body = Json.object().put("task", "transcribe").put("language", "english");
        body.put("duration", 1.0).put("text", text);
        body.putArray("segments")
                .addObject()
                .put("id", 0)
                .put("start", 0.0)
                .put("end", 1.0)
                .put("text", text);
        body.putObject("usage").put("type", "duration").put("seconds", 1);
        return body;
    }

    private static ObjectNode usage(String text, int bytes) {
        int input = (bytes + 1_023) / 1_024;
        int output = Tokens.of(text);
        ObjectNode usage = Json.object().put("type", "tokens");
        usage.put("input_tokens", input).put("output_tokens", output);
        usage.put("total_tokens", input + output);
        usage.putObject("input_token_details").put("text_tokens", 0).put("audio_tokens", input);
        return usage;
    }
}
