package dev.sluice.simulator.openai.tasks;

import dev.sluice.simulator.behaviour.Directive;
import dev.sluice.simulator.endpoint.Answer;
import dev.sluice.simulator.endpoint.Frame;
import dev.sluice.simulator.endpoint.Refusal;
import dev.sluice.simulator.openai.Fields;
import dev.sluice.simulator.openai.tasks.Task.Job;
import dev.sluice.simulator.script.Json;
import dev.sluice.simulator.script.Tokens;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Base64;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import tools.jackson.databind.node.ObjectNode;

/**
 * {@code POST /v1/audio/speech}: a tone as a WAV file, ten milliseconds for every character of the
 * input, streamed in pieces.
 */
public final class Speech {
    private static final int RATE = 8_000;
    private static final int HEADER = 44;
    private static final int PIECE = 1_024;
    private static final int MAX_SAMPLES = RATE * 60;

    private Speech() {}

    public static Answer.Content answer(Job job) throws Refusal {
        String input = job.body().path("input").asString("");
        if (input.isEmpty()) {
            throw Fields.missing("input");
        }
        byte[] wav = wav(Math.min(MAX_SAMPLES, input.length() * RATE / 100));
        int piece = job.behaviour().bytes(Directive.CHUNK_BYTES, PIECE);
        int pieces = (wav.length + piece - 1) / piece;
        Stream<byte[]> sound =
                IntStream.range(0, pieces)
                        .mapToObj(i ->
                                Arrays.copyOfRange(
                                        wav, i * piece, Math.min(wav.length, (i + 1) * piece)));
        if (job.body().path("stream_format").asString("").equals("sse")) {
            return Answer.events(
                    Stream.concat(sound.map(Speech::delta), Stream.of(done(input, pieces)))
                            .iterator());
        }
        return new Answer.Events(
                "audio/wav", sound.map(bytes -> new Frame(Frame.Kind.OUTPUT, bytes)).iterator());
    }

    private static Frame delta(byte[] sound) {
        ObjectNode delta = Json.object().put("type", "speech.audio.delta");
        delta.put("audio", Base64.getEncoder().encodeToString(sound));
        return Frame.data(Frame.Kind.OUTPUT, delta);
    }

    private static Frame done(String input, int pieces) {
        ObjectNode done = Json.object().put("type", "speech.audio.done");
        int tokens = Tokens.of(input);
        done.putObject("usage")
                .put("input_tokens", tokens)
                .put("output_tokens", pieces)
                .put("total_tokens", tokens + pieces);
        return Frame.data(Frame.Kind.TERMINATOR, done);
    }

    /** {@return a tone of 440 Hz: one channel, eight bits a sample} */
    private static byte[] wav(int samples) {
        ByteBuffer wav = ByteBuffer.allocate(HEADER + samples).order(ByteOrder.LITTLE_ENDIAN);
        wav.put(Frame.bytes("RIFF")).putInt(HEADER - 8 + samples).put(Frame.bytes("WAVEfmt "));
        wav.putInt(16).putShort((short) 1).putShort((short) 1);
        wav.putInt(RATE).putInt(RATE).putShort((short) 1).putShort((short) 8);
        wav.put(Frame.bytes("data")).putInt(samples);
        for (int i = 0; i < samples; i++) {
            wav.put((byte) (128 + 100 * Math.sin(2 * Math.PI * 440 * i / RATE)));
        }
        return wav.array();
    }
}
