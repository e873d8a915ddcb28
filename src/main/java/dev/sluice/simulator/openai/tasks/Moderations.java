package dev.sluice.simulator.openai.tasks;

import dev.sluice.simulator.endpoint.Answer;
import dev.sluice.simulator.endpoint.Refusal;
import dev.sluice.simulator.openai.Fields;
import dev.sluice.simulator.openai.tasks.Task.Job;
import dev.sluice.simulator.script.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code POST /v1/moderations}: a text that speaks of killing is violence, nothing else is. */
public final class Moderations {
    private static final List<String> CATEGORIES =
            List.of(
                    "harassment",
                    "harassment/threatening",
                    "hate",
                    "hate/threatening",
                    "illicit",
                    "illicit/violent",
                    "self-harm",
                    "self-harm/instructions",
                    "self-harm/intent",
                    "sexual",
                    "sexual/minors",
                    "violence",
                    "violence/graphic");

    private Moderations() {}

    public static Answer.Content answer(Job job) throws Refusal {
        List<String> texts = texts(job.body().path("input"));
        if (texts.isEmpty()) {
            throw Fields.missing("input");
        }
        ObjectNode answer = Json.object();
        answer.put("id", "modr-" + job.incoming().fingerprint().hex("moderation", 0));
        answer.put("model", job.model());
        ArrayNode results = answer.putArray("results");
        texts.forEach(text -> results.add(result(text)));
        return Answer.json(answer);
    }

    private static List<String> texts(JsonNode input) {
        List<String> texts = new ArrayList<>(Fields.texts(input));
        for (JsonNode part : input) {
            if (part.isObject()) {
                texts.add(part.path("text").asString(""));
            }
        }
        return texts;
    }

    private static ObjectNode result(String text) {
        boolean violent = text.toLowerCase(Locale.ROOT).contains("kill");
        ObjectNode result = Json.object().put("flagged", violent);
        ObjectNode categories = result.putObject("categories");
        ObjectNode scores = result.putObject("category_scores");
        ObjectNode applied = result.putObject("category_applied_input_types");
        for (String category : CATEGORIES) {
            boolean hit = violent && category.equals("violence");
            categories.put(category, hit);
            scores.put(category, hit ? 0.97 : 0.0001);
            applied.putArray(category).add("text");
        }
        return result;
    }
}
