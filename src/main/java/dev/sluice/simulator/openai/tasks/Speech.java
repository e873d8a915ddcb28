package dev.sluice.simulator.openai.tasks;

import dev.sluice.simulator.behaviour.Directive;
import dev.sluice.simulator.endpoint.Answer;
import dev.sluice.simulator.endpoint.Frame;
import dev.sluice.simulator.endpoint.Refusal;
import dev.sluice.simulator.openai.Fields;
import dev.sluice.simulator.openai.tasks.Task.Job;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.stream.IntStream;
import java.util.stream.Stream;

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
        Stream<Frame> frames =
                IntStream.range(0, pieces)
                        .mapToObj(i ->
                                new Frame(
                                        Frame.Kind.OUTPUT,
                                        Arrays.copyOfRange(
                                                wav,
                                                i * piece,
                                                Math.min(wav.length, (i + 1) * piece))));
        return new Answer.Events("audio/wav", frames.iterator());
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
