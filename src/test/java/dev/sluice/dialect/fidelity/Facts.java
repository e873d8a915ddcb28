package dev.sluice.dialect.fidelity;

import dev.sluice.chat.Annotation;
import dev.sluice.chat.ChatAnswer;
import dev.sluice.chat.Media;
import dev.sluice.chat.Part;
import dev.sluice.chat.StopReason;
import dev.sluice.chat.Usage;
import dev.sluice.dialect.json.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** What an answer says, by the words of the page, however it was said. */
record Facts(Map<String, String> byName) {
    static Facts of(ChatAnswer answer) {
        Map<String, String> facts = new LinkedHashMap<>();
        if (answer.failure() != null) {
            facts.put("failure", "told");
            return new Facts(facts);
        }
        facts.put("choices", String.valueOf(answer.choices().size()));
        for (ChatAnswer.Choice choice : answer.choices()) {
            String place = answer.choices().size() > 1 ? " of choice " + choice.index() : "";
            choice(choice).forEach((name, fact) -> facts.put(name + place, fact));
        }
        if (answer.usage() != null) {
            usage(facts, answer.usage());
        }
        facts.values().removeIf(String::isEmpty);
        return new Facts(facts);
    }

    private static Map<String, String> choice(ChatAnswer.Choice choice) {
        Map<String, String> facts = new TreeMap<>();
        choice.parts().forEach(part -> part(facts, part));
        facts.put("stop reason", reason(choice));
        facts.put("stop text", Objects.requireNonNullElse(choice.stopSequence(), ""));
        facts.put("logprobs", logprobs(choice.logprobs()));
        return facts;
    }

    /** A stop text's own fact tells it from another stop. */
    private static String reason(ChatAnswer.Choice choice) {
        return choice.reason() == StopReason.STOP_SEQUENCE ? "STOP" : choice.reason().name();
    }

    private static void part(Map<String, String> facts, Part part) {
        switch (part) {
            case Part.Text text -> {
                facts.merge("text", text.text(), String::concat);
                text.annotations()
                        .forEach(note -> facts.merge("citation", note(note), String::concat));
                sealed(facts, "seal", text.seal());
            }
            case Part.Refusal refusal -> facts.merge("refusal", refusal.text(), String::concat);
            case Part.Reasoning thought -> {
                facts.merge("reasoning", thought.text(), String::concat);
                sealed(facts, "seal", thought.seal());
            }
            case Part.ToolCall call -> {
                String said = call.name() + " " + parsed(call.arguments()) + "; ";
                facts.merge(call.custom() ? "custom call" : "call", said, String::concat);
                facts.merge("id of the call", call.id() + " ", String::concat);
                sealed(facts, "seal of the call", call.seal());
            }
            case Part.Image image -> facts.merge("image", media(image.media()), String::concat);
            case Part.File file -> facts.merge("file", media(file.media()), String::concat);
            case Part.Audio audio -> facts.merge("audio", media(audio.media()), String::concat);
            case Part.Video video -> facts.merge("video", media(video.media()), String::concat);
            case Part.Foreign foreign ->
                    facts.merge("what a hosted tool did", foreign.type() + " ", String::concat);
            case Part.ToolResult _ -> {
                // Never the model's.
            }
        }
    }

    private static void sealed(Map<String, String> facts, String name, @Nullable Object seal) {
        if (seal != null) {
            facts.put(name, "there");
        }
    }

    private static String note(Annotation note) {
        return note.url() == null ? note.json() + " " : note.url() + " " + note.title() + " ";
    }

    private static String media(Media media) {
        return media instanceof Media.Inline inline ? inline.base64() + " " : media + " ";
    }

    private static Object parsed(String arguments) {
        try {
            return Json.mapper().readTree(arguments);
        } catch (JacksonException e) {
            return arguments;
        }
    }

    private static String logprobs(@Nullable JsonNode logprobs) {
        List<String> tokens = new ArrayList<>();
        if (logprobs != null) {
            for (JsonNode token : logprobs.path("content")) {
                tokens.add(token.path("token").asString("") + token.path("top_logprobs").size());
            }
        }
        return String.join(" ", tokens);
    }

    private static void usage(Map<String, String> facts, Usage usage) {
        count(facts, "input tokens", usage.inputTotal());
        count(facts, "tokens read from a cache", usage.cacheRead());
        count(facts, "tokens written to a cache", usage.cacheWrite());
        count(facts, "tokens cached for an hour", usage.cacheWriteLong());
        count(facts, "output tokens", usage.outputTotal());
        count(facts, "reasoning tokens", usage.reasoning());
        count(facts, "audio tokens", usage.audio());
    }

    private static void count(Map<String, String> facts, String name, long tokens) {
        if (tokens > 0) {
            facts.put(name, String.valueOf(tokens));
        }
    }

    /** {@return the names of what the other one says otherwise, or does not} */
    List<String> differences(Facts other) {
        List<String> names = new ArrayList<>();
        byName.forEach((name, fact) -> {
            if (!fact.equals(other.byName.get(name))) {
                names.add(name);
            }
        });
        other.byName.keySet().stream()
                .filter(name -> !byName.containsKey(name))
                .forEach(names::add);
        return names;
    }
}
