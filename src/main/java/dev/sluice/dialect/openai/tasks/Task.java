package dev.sluice.dialect.openai.tasks;

import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A task, and what is assumed of it before it has run. */
public enum Task {
    COMPLETIONS("completions", null, Answers.WORDS),
    EMBEDDINGS("embeddings", 0L, Answers.JSON),
    MODERATIONS("moderations", 0L, Answers.JSON),
    RERANK("rerank", 0L, Answers.JSON),
    IMAGE_GENERATIONS("images/generations", 8_192L, Answers.JSON),
    IMAGE_EDITS("images/edits", 8_192L, Answers.JSON),
    IMAGE_VARIATIONS("images/variations", 8_192L, Answers.JSON),
    SPEECH("audio/speech", 8_192L, Answers.SOUND),
    TRANSCRIPTIONS("audio/transcriptions", 16_384L, Answers.PLAIN_WORDS),
    TRANSLATIONS("audio/translations", 16_384L, Answers.PLAIN_WORDS);

    /** What is answered. */
    private enum Answers {
        /** JSON whose size says nothing of tokens. */
        JSON,
        /** JSON that is mostly generated text. */
        WORDS,
        /** Generated text, in JSON or without. */
        PLAIN_WORDS,
        /** Bytes of sound. */
        SOUND
    }

    private final String path;
    private final @Nullable Long mostOutputTokens;
    private final Answers answers;

    Task(String path, @Nullable Long mostOutputTokens, Answers answers) {
        this.path = path;
        this.mostOutputTokens = mostOutputTokens;
        this.answers = answers;
    }

    /** {@return the task that is asked for there, below the version segment} */
    public static Optional<Task> at(String path) {
        return Arrays.stream(values()).filter(task -> task.path.equals(path)).findFirst();
    }

    /** {@return where it is asked for, below the version segment, such as {@code audio/speech}} */
    public String path() {
        return path;
    }

    /** {@return whether its request may be a form with files} */
    public boolean takesForms() {
        return switch (this) {
            case IMAGE_EDITS, IMAGE_VARIATIONS, TRANSCRIPTIONS, TRANSLATIONS -> true;
            case COMPLETIONS, EMBEDDINGS, MODERATIONS, RERANK, IMAGE_GENERATIONS, SPEECH -> false;
        };
    }

    boolean makesImages() {
        return switch (this) {
            case IMAGE_GENERATIONS, IMAGE_EDITS, IMAGE_VARIATIONS -> true;
            case COMPLETIONS,
                    EMBEDDINGS,
                    MODERATIONS,
                    RERANK,
                    SPEECH,
                    TRANSCRIPTIONS,
                    TRANSLATIONS ->
                    false;
        };
    }

    /**
     * {@return the most tokens that one answer is taken to have, or null where the request may name
     * a limit}
     */
    @Nullable Long mostOutputTokens() {
        return mostOutputTokens;
    }

    /** {@return whether a good answer may be something else than JSON} */
    boolean answersWithoutJson() {
        return answers == Answers.PLAIN_WORDS || answers == Answers.SOUND;
    }

    /** {@return whether tokens of output can be estimated from the answer's size} */
    boolean answersInWords() {
        return answers == Answers.WORDS || answers == Answers.PLAIN_WORDS;
    }
}
