package dev.sluice.simulator.openai.tasks;

import dev.sluice.simulator.endpoint.Answer;
import dev.sluice.simulator.endpoint.Frame;
import dev.sluice.simulator.endpoint.Refusal;
import dev.sluice.simulator.openai.Fields;
import dev.sluice.simulator.openai.tasks.Task.Job;
import dev.sluice.simulator.script.Json;
import dev.sluice.simulator.script.Tokens;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Images of eight by eight pixels in a colour that follows from the prompt. */
public final class Images {
    private static final int SIDE = 8;
    private static final int OUTPUT_TOKENS = 272;

    private final Clock clock;

    public Images(Clock clock) {
        this.clock = clock;
    }

    /** {@code POST /v1/images/generations}. */
    public Answer.Content generate(Job job) throws Refusal {
        int count = Fields.count(job.body(), "n", 1, 10);
        ObjectNode answer = answer(job.body().path("prompt").asString(null), count, 0);
        for (String field : List.of("size", "quality")) {
            String asked = job.body().path(field).asString("auto");
            if (!asked.equals("auto")) {
                answer.put(field, asked);
            }
        }
        return Fields.flag(job.body(), "stream") ? stream(answer) : Answer.json(answer);
    }

    /** A first sketch, then the image with what it used. */
    private static Answer.Content stream(ObjectNode answer) {
        String image = answer.path("data").path(0).path("b64_json").asString();
        ObjectNode sketch = Json.object().put("type", "image_generation.partial_image");
        sketch.put("b64_json", image).put("partial_image_index", 0);
        ObjectNode whole = Json.object().put("type", "image_generation.completed");
        whole.put("b64_json", image).set("usage", answer.path("usage"));
        whole.set("size", answer.path("size"));
        whole.set("quality", answer.path("quality"));
        return Answer.events(
                List.of(
                                Frame.event(
                                        Frame.Kind.OUTPUT,
                                        "image_generation.partial_image",
                                        sketch),
                                Frame.event(
                                        Frame.Kind.TERMINATOR, "image_generation.completed", whole))
                        .iterator());
    }

    /**
     * {@return the answer to a prompt}
     *
     * @param inputs how many images came with it
     */
    ObjectNode answer(@Nullable String prompt, int count, int inputs) throws Refusal {
        if (prompt == null || prompt.isEmpty()) {
            throw Fields.missing("prompt");
        }
        ObjectNode answer = Json.object().put("created", clock.instant().getEpochSecond());
        answer.put("background", "opaque").put("output_format", "png").put("size", "1024x1024");
        answer.put("quality", "low");
        ArrayNode data = answer.putArray("data");
        for (int i = 0; i < count; i++) {
            byte[] png = png(prompt.hashCode() + i);
            data.addObject().put("b64_json", Base64.getEncoder().encodeToString(png));
        }
        int text = Tokens.of(prompt);
        int image = inputs * 256;
        ObjectNode usage = answer.putObject("usage");
        usage.put("input_tokens", text + image).put("output_tokens", OUTPUT_TOKENS * count);
        usage.put("total_tokens", text + image + OUTPUT_TOKENS * count);
        usage.putObject("input_tokens_details").put("text_tokens", text).put("image_tokens", image);
        return answer;
    }

    /** {@return an image of one colour, the lowest 24 bits of the number} */
    private static byte[] png(int colour) {
        byte[] rows = new byte[SIDE * (1 + SIDE * 3)];
        for (int i = 0; i < rows.length; i++) {
            int column = i % (1 + SIDE * 3);
            rows[i] = (byte) (column == 0 ? 0 : colour >> (8 * ((column - 1) % 3)));
        }
        ByteArrayOutputStream png = new ByteArrayOutputStream();
        png.writeBytes(new byte[] {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'});
        byte[] header =
                ByteBuffer.allocate(13)
                        .putInt(SIDE)
                        .putInt(SIDE)
                        .put(new byte[] {8, 2, 0, 0, 0})
                        .array();
        chunk(png, "IHDR", header);
        chunk(png, "IDAT", deflated(rows));
        chunk(png, "IEND", new byte[0]);
        return png.toByteArray();
    }

    private static void chunk(ByteArrayOutputStream png, String type, byte[] content) {
        ByteBuffer chunk = ByteBuffer.allocate(content.length + 12).putInt(content.length);
        chunk.put(Frame.bytes(type)).put(content);
        CRC32 sum = new CRC32();
        sum.update(chunk.array(), 4, content.length + 4);
        png.writeBytes(chunk.putInt((int) sum.getValue()).array());
    }

    private static byte[] deflated(byte[] bytes) {
        try (Deflater deflater = new Deflater()) {
            deflater.setInput(bytes);
            deflater.finish();
            byte[] room = new byte[bytes.length + 64];
            int length = deflater.deflate(room);
            return Arrays.copyOf(room, length);
        }
    }
}
