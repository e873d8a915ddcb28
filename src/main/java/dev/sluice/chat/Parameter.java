package dev.sluice.chat;

import org.jspecify.annotations.Nullable;

/**
 * The parameters of {@link ChatRequest}, each by its short code and by the path it has in every
 * protocol, so that a client reads its own name of what was lost (wire-contract §2.3).
 */
public enum Parameter {
    MAX_OUTPUT_TOKENS(
            "max_tokens",
            "max_completion_tokens",
            "max_output_tokens",
            "max_tokens",
            "generationConfig.maxOutputTokens"),
    TEMPERATURE(
            "temperature",
            "temperature",
            "temperature",
            "temperature",
            "generationConfig.temperature"),
    TOP_P("top_p", "top_p", "top_p", "top_p", "generationConfig.topP"),
    TOP_K("top_k", "top_k", "top_k", "top_k", "generationConfig.topK"),
    STOP("stop", "stop", "stop", "stop_sequences", "generationConfig.stopSequences"),
    SEED("seed", "seed", "seed", "seed", "generationConfig.seed"),
    FREQUENCY_PENALTY(
            "frequency_penalty",
            "frequency_penalty",
            "frequency_penalty",
            "frequency_penalty",
            "generationConfig.frequencyPenalty"),
    PRESENCE_PENALTY(
            "presence_penalty",
            "presence_penalty",
            "presence_penalty",
            "presence_penalty",
            "generationConfig.presencePenalty"),
    LOGIT_BIAS("logit_bias", "logit_bias", "logit_bias", "logit_bias", "logit_bias"),
    CHOICES("n", "n", "n", "n", "generationConfig.candidateCount"),
    LOGPROBS(
            "logprobs",
            "logprobs",
            "top_logprobs",
            "logprobs",
            "generationConfig.responseLogprobs"),
    TOOLS("tools", "tools", "tools", "tools", "tools"),
    TOOL_CHOICE(
            "tool_choice",
            "tool_choice",
            "tool_choice",
            "tool_choice",
            "toolConfig.functionCallingConfig"),
    PARALLEL_TOOL_CALLS(
            "parallel_tool_calls",
            "parallel_tool_calls",
            "parallel_tool_calls",
            "tool_choice.disable_parallel_tool_use",
            "parallel_tool_calls"),
    OUTPUT_FORMAT(
            "response_format",
            "response_format",
            "text.format",
            "output_config.format",
            "generationConfig.responseMimeType"),
    REASONING(
            "reasoning_effort",
            "reasoning_effort",
            "reasoning",
            "thinking",
            "generationConfig.thinkingConfig"),
    VERBOSITY("verbosity", "verbosity", "text.verbosity", "verbosity", "verbosity"),
    END_USER("user", "safety_identifier", "safety_identifier", "metadata.user_id", "user"),
    METADATA("metadata", "metadata", "metadata", "metadata", "labels"),
    TIER("service_tier", "service_tier", "service_tier", "service_tier", "serviceTier"),
    STORE("store", "store", "store", "store", "store"),
    CACHE_KEY(
            "prompt_cache_key",
            "prompt_cache_key",
            "prompt_cache_key",
            "prompt_cache_key",
            "prompt_cache_key"),
    CACHE_MARKS(
            "cache_control",
            "prompt_cache_breakpoint",
            "prompt_cache_breakpoint",
            "cache_control",
            "cache_control"),
    MESSAGES("messages", "messages", "input", "messages", "contents"),
    SYSTEM("system", "messages", "instructions", "system", "systemInstruction");

    private final String code;
    private final String chat;
    private final String responses;
    private final String anthropic;
    private final String gemini;

    Parameter(String code, String chat, String responses, String anthropic, String gemini) {
        this.code = code;
        this.chat = chat;
        this.responses = responses;
        this.anthropic = anthropic;
        this.gemini = gemini;
    }

    /** {@return the word that stands for it in a loss code} */
    public String code() {
        return code;
    }

    /** {@return its path in a request of that protocol} */
    public String pathIn(Protocol protocol) {
        return switch (protocol) {
            case OPENAI_CHAT -> chat;
            case OPENAI_RESPONSES -> responses;
            case ANTHROPIC -> anthropic;
            case GEMINI -> gemini;
        };
    }

    /** {@return the loss of it as a whole} */
    public Loss dropped(Protocol client, Loss.Severity severity) {
        return loss("dropped", client, severity, null);
    }

    /**
     * @param verb {@code dropped}, {@code clamped} or {@code changed}
     * @param why a sentence, or null for the usual one
     */
    public Loss loss(String verb, Protocol client, Loss.Severity severity, @Nullable String why) {
        String path = pathIn(client);
        String message = why == null ? path + ": not supported by the upstream." : why;
        return new Loss(verb + ":" + code, severity, path, message);
    }
}
