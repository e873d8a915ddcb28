package dev.sluice.simulator.openai.tasks;

import dev.sluice.simulator.endpoint.Answer;
import dev.sluice.simulator.endpoint.Refusal;
import dev.sluice.simulator.openai.Fields;
import dev.sluice.simulator.openai.tasks.Task.Job;
import dev.sluice.simulator.script.Json;
import dev.sluice.simulator.script.Tokens;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * {@code POST /v1/rerank} as Cohere, Jina and SiliconFlow have it: a document scores by the share
 * of the query's words in it.
 */
public final class Rerank {
    private Rerank() {}

    private record Scored(int index, String text, double score) {}

    public static Answer.Content answer(Job job) throws Refusal {
        JsonNode body = job.body();
        if (!body.path("query").isString()) {
            throw Fields.missing("query");
        }
        if (body.path("documents").isEmpty()) {
            throw Fields.missing("documents");
        }
        String query = body.path("query").stringValue();
        List<Scored> scored = score(query, body.path("documents"));
        Integer asked = Fields.limit(body, "top_n", 1);
        int top = asked == null ? scored.size() : Math.min(asked, scored.size());
        int tokens = scored.stream().mapToInt(one -> Tokens.of(one.text())).sum();
        ObjectNode answer = Json.object();
        answer.put("id", job.incoming().fingerprint().hex("rerank", 0)).put("model", job.model());
        boolean texts = body.path("return_documents").asBoolean(false);
        answer.set("results", results(scored.subList(0, top), texts));
        answer.putObject("usage").put("total_tokens", tokens + Tokens.of(query));
        return Answer.json(answer);
    }

    private static ArrayNode results(List<Scored> best, boolean texts) {
        ArrayNode results = Json.array();
        for (Scored one : best) {
            ObjectNode result = results.addObject().put("index", one.index());
            result.put("relevance_score", one.score());
            if (texts) {
                result.putObject("document").put("text", one.text());
            }
        }
        return results;
    }

    private static List<Scored> score(String query, JsonNode documents) {
        List<String> words = words(query);
        List<Scored> scored = new ArrayList<>();
        for (JsonNode document : documents) {
            String text = document.asString(document.path("text").asString(""));
            Set<String> there = Set.copyOf(words(text));
            long found = words.stream().filter(there::contains).count();
            scored.add(new Scored(scored.size(), text, (double) found / Math.max(1, words.size())));
        }
        scored.sort(Comparator.comparingDouble(Scored::score).reversed());
        return scored;
    }

    private static List<String> words(String text) {
        return List.of(text.toLowerCase(Locale.ROOT).split("\\W+", -1)).stream()
                .filter(word -> !word.isEmpty())
                .distinct()
                .toList();
    }
}
