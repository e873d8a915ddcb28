package dev.sluice.simulator.behaviour;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Every word of the language, with what its value may be. */
public enum Directive {
    // What is said.
    CHUNKS(Group.CONTENT, "chunks", Values.count(1_000_000)),
    CHUNK_BYTES(Group.CONTENT, "chunk-bytes", Values.size()),
    REASONING(Group.CONTENT, "reasoning", Values.optional(Values.count(100_000))),
    TOOL(Group.CONTENT, "tool", Values.optional(Values.text())),
    CALLS(Group.CONTENT, "calls", Values.count(1_000)),
    FINISH(Group.CONTENT, "finish", Values.oneOf("stop", "length", "filter")),
    INPUT_TOKENS(Group.CONTENT, "input-tokens", Values.count(1_000_000_000)),
    CACHED_TOKENS(Group.CONTENT, "cached-tokens", Values.count(1_000_000_000)),
    CACHE_WRITE_TOKENS(Group.CONTENT, "cache-write-tokens", Values.count(1_000_000_000)),
    OUTPUT_TOKENS(Group.CONTENT, "output-tokens", Values.count(1_000_000_000)),
    REASONING_TOKENS(Group.CONTENT, "reasoning-tokens", Values.count(1_000_000_000)),

    // When it is said.
    DELAY(Group.TIMING, "delay", Values.duration()),
    FIRST(Group.TIMING, "first", Values.duration()),
    PACE(Group.TIMING, "pace", Values.duration()),
    KEEP_ALIVE(Group.TIMING, "keep-alive", Values.duration()),
    DRIP(Group.TIMING, "drip", Values.drip()),

    // How vendors differ.
    USAGE(Group.SHAPE, "usage", Values.oneOf("own", "finish", "cumulative", "missing")),
    TOOL_DELTAS(
            Group.SHAPE,
            "tool-deltas",
            Values.oneOf(
                    "whole",
                    "no-index",
                    "no-id",
                    "from-one",
                    "repeat-null",
                    "repeat-empty",
                    "args-done")),
    REASONING_FIELD(
            Group.SHAPE,
            "reasoning-field",
            Values.oneOf("reasoning_content", "reasoning", "details", "think", "none")),
    OPENING(Group.SHAPE, "opening", Values.oneOf("azure", "no-role")),
    CALL_FINISH(Group.SHAPE, "call-finish", Values.oneOf("stop")),
    NO_EVENT_LINES(Group.SHAPE, "no-event-lines", Values.flag()),
    CRLF(Group.SHAPE, "crlf", Values.flag()),
    COMMENTS(Group.SHAPE, "comments", Values.optional(Values.text())),
    PADDING(Group.SHAPE, "padding", Values.flag()),
    BLANK_LINES(Group.SHAPE, "blank-lines", Values.flag()),
    GZIP(Group.SHAPE, "gzip", Values.flag()),
    ALWAYS_STREAM(Group.SHAPE, "always-stream", Values.flag()),
    NEVER_STREAM(Group.SHAPE, "never-stream", Values.flag()),
    EXPIRES_IN(Group.SHAPE, "expires-in", Values.count(86_400)),
    CONTENT_TYPE(Group.SHAPE, "content-type", Values.text()),

    // What goes wrong.
    STATUS(Group.FAULT, "status", Values.count(599)),
    RETRY_AFTER(Group.DETAIL, "retry-after", Values.text()),
    BODY(
            Group.DETAIL,
            "body",
            Values.oneOf(
                    "dialect", "html", "empty", "text", "array", "detail", "object", "numeric")),
    ERROR_200(Group.FAULT, "error-200", Values.flag()),
    HTML(Group.FAULT, "html", Values.flag()),
    EMPTY(Group.FAULT, "empty", Values.flag()),
    EMPTY_STREAM(Group.FAULT, "empty-stream", Values.flag()),
    BAD_JSON(Group.FAULT, "bad-json", Values.flag()),
    HANG(Group.FAULT, "hang", Values.flag()),
    STALL(Group.FAULT, "stall", Values.optional(Values.position())),
    CUT_AFTER(Group.FAULT, "cut-after", Values.position()),
    END_AFTER(Group.FAULT, "end-after", Values.position()),
    ERROR_AFTER(Group.FAULT, "error-after", Values.position()),
    ERROR(Group.DETAIL, "error", Values.count(599)),
    ERROR_SHAPE(
            Group.DETAIL,
            "error-shape",
            Values.oneOf("dialect", "groq", "openrouter", "vllm", "flat", "bare")),
    NO_TERMINATOR(Group.FAULT, "no-terminator", Values.flag()),
    UNFINISHED(Group.FAULT, "unfinished", Values.flag()),

    // Which calls are hit.
    FAIL_FIRST(Group.CHOICE, "fail-first", Values.count(1_000_000)),
    TAG(Group.CHOICE, "tag", Values.text()),
    SEED(Group.CHOICE, "seed", Values.count(Integer.MAX_VALUE));

    /** What a directive is about. Only a FAULT can be left out by chance or by count. */
    public enum Group {
        CONTENT,
        TIMING,
        SHAPE,
        FAULT,
        DETAIL,
        CHOICE
    }

    private static final Map<String, Directive> BY_WORD =
            Arrays.stream(values())
                    .collect(Collectors.toUnmodifiableMap(Directive::word, Function.identity()));

    private final Group group;
    private final String word;

    /** A text and a test without state. */
    @SuppressWarnings("ImmutableEnumChecker")
    private final Values values;

    Directive(Group group, String word, Values values) {
        this.group = group;
        this.word = word;
        this.values = values;
    }

    public Group group() {
        return group;
    }

    public String word() {
        return word;
    }

    /** {@return what its value may be, in words} */
    public String expects() {
        return values.description();
    }

    boolean accepts(String value) {
        return values.accept(value);
    }

    static @Nullable Directive of(String word) {
        return BY_WORD.get(word);
    }

    static List<String> words() {
        return Arrays.stream(values()).map(Directive::word).toList();
    }
}
