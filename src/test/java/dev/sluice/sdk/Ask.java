package dev.sluice.sdk;

import java.util.List;

/**
 * What is asked of a client, whatever its protocol.
 *
 * @param system what the system says; empty for nothing
 * @param image whether a small picture goes along
 * @param tool whether the function {@code weather(city)} is offered
 * @param reasoning whether the model is to think, and show it
 * @param schema whether the answer must be an object with a string {@code city}
 * @param answered the earlier turn and what its calls gave; empty for none
 */
public record Ask(
        String model,
        String system,
        String prompt,
        boolean image,
        boolean tool,
        boolean reasoning,
        boolean schema,
        long maxTokens,
        List<Turn> answered) {
    public static final String TOOL = "weather";
    public static final String PICTURE =
            "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

    /** An earlier answer with calls, and what each of them gave. */
    public record Turn(Heard heard, String result) {}

    public static Ask of(String model, String prompt) {
        return new Ask(model, "", prompt, false, false, false, false, 1000, List.of());
    }

    public Ask withSystem(String words) {
        return new Ask(model, words, prompt, image, tool, reasoning, schema, maxTokens, answered);
    }

    public Ask withImage() {
        return new Ask(model, system, prompt, true, tool, reasoning, schema, maxTokens, answered);
    }

    public Ask withTool() {
        return new Ask(model, system, prompt, image, true, reasoning, schema, maxTokens, answered);
    }

    public Ask withReasoning() {
        return new Ask(model, system, prompt, image, tool, true, schema, 4000, answered);
    }

    public Ask withSchema() {
        return new Ask(model, system, prompt, image, tool, reasoning, true, maxTokens, answered);
    }

    public Ask limitedTo(long tokens) {
        return new Ask(model, system, prompt, image, tool, reasoning, schema, tokens, answered);
    }

    /** {@return the next turn, in which every call gave that} */
    public Ask after(Heard heard, String result) {
        return new Ask(
                model,
                system,
                prompt,
                image,
                tool,
                reasoning,
                schema,
                maxTokens,
                List.of(new Turn(heard, result)));
    }
}
