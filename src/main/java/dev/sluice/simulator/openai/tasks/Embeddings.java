package dev.sluice.simulator.openai.tasks;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sluice.simulator.endpoint.Answer;
import dev.sluice.simulator.endpoint.Refusal;
import dev.sluice.simulator.openai.Fields;
import dev.sluice.simulator.openai.tasks.Task.Job;
import dev.sluice.simulator.script.Fingerprint;
import dev.sluice.simulator.script.Json;
import dev.sluice.simulator.script.Tokens;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code POST /v1/embeddings}: vectors of length one, drawn from the text. */
public final class Embeddings {
    private static final int DIMENSIONS = 256;

    private Embeddings() {}

    public static Answer.Content answer(Job job) throws Refusal {
        Integer asked = Fields.limit(job.body(), "dimensions", 1);
        int dimensions = asked == null ? DIMENSIONS : Math.min(asked, 8_192);
        boolean base64 = job.body().path("encoding_format").asString("float").equals("base64");
        ObjectNode answer = Json.object().put("object", "list");
        ArrayNode data = answer.putArray("data");
        int tokens = 0;
        for (Input input : inputs(job.body().path("input"))) {
            tokens += input.tokens();
            ObjectNode item = data.addObject().put("object", "embedding");
            item.put("index", data.size() - 1);
            put(item, vector(input.text(), dimensions), base64);
        }
        answer.put("model", job.model());
        answer.putObject("usage").put("prompt_tokens", tokens).put("total_tokens", tokens);
        return Answer.json(answer);
    }

    /** A text, or a list of token numbers written out. */
    private record Input(String text, int tokens) {}

    private static List<Input> inputs(JsonNode input) throws Refusal {
        List<Input> inputs = new ArrayList<>();
        Input whole = input(input);
        if (whole != null) {
            inputs.add(whole);
        } else {
            for (JsonNode element : input) {
                Input one = input(element);
                if (one == null) {
                    throw Fields.wrongType("input", "a string, or an array of strings or tokens");
                }
                inputs.add(one);
            }
        }
        if (inputs.isEmpty()) {
            throw Fields.missing("input");
        }
        return inputs;
    }

    private static @Nullable Input input(JsonNode node) {
        if (node.isString()) {
            return new Input(node.stringValue(), Tokens.of(node.stringValue()));
        }
        return node.isArray() && node.path(0).isNumber()
                ? new Input(node.toString(), node.size())
                : null;
    }

    private static float[] vector(String text, int dimensions) {
        byte[] bytes = text.getBytes(UTF_8);
        SplittableRandom random = new SplittableRandom(Fingerprint.of("", bytes).value());
        double[] raw = random.doubles(dimensions, -1, 1).toArray();
        double square = 0;
        for (double component : raw) {
            square += component * component;
        }
        double length = Math.sqrt(square);
        float[] vector = new float[dimensions];
        for (int i = 0; i < dimensions; i++) {
            vector[i] = (float) (raw[i] / length);
        }
        return vector;
    }

    private static void put(ObjectNode item, float[] vector, boolean base64) {
        if (base64) {
            ByteBuffer bytes = ByteBuffer.allocate(vector.length * Float.BYTES);
            bytes.order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().put(vector);
            item.put("embedding", Base64.getEncoder().encodeToString(bytes.array()));
            return;
        }
        ArrayNode array = item.putArray("embedding");
        for (float component : vector) {
            array.add(component);
        }
    }
}
