package dev.sluice.dialect;

import java.util.Arrays;
import java.util.Optional;

/**
 * In what an upstream, or a model of it, may differ from its protocol (wire-contract §1.5, §1.3).
 * Each is a flag of the configuration by its wire name; the default is the protocol's own meaning,
 * as its inventor's current models have it.
 */
public enum Trait {
    /** Takes the role {@code developer}; otherwise {@code system} is sent. */
    DEVELOPER_ROLE("developerRole", "true"),
    /** The field of the output limit in Chat. */
    MAX_TOKENS_FIELD("maxTokensField", "max_completion_tokens"),
    /** Takes {@code stream_options}. */
    STREAM_OPTIONS("streamOptions", "true"),
    /** Chat: wants earlier reasoning back in assistant turns, in this field; empty for none. */
    REASONING_IN("reasoningIn", ""),
    /** Takes an amount of reasoning at all. */
    REASONING_EFFORT("reasoningEffort", "true"),
    /** Chat: takes function tools together with an amount of reasoning (GPT 5.4 on does not). */
    EFFORT_WITH_TOOLS("effortWithTools", "true"),
    /** Takes tools of free text; otherwise functions with one string stand for them. */
    CUSTOM_TOOLS("customTools", "true"),
    /**
     * Takes what only OpenAI itself has in Chat: {@code metadata}, {@code store}, {@code
     * service_tier}, {@code prompt_cache_key}, {@code safety_identifier}, {@code verbosity}, {@code
     * allowed_tools}.
     */
    OPENAI_FIELDS("openAiFields", "true"),
    /**
     * Chat: how a part is marked for caching: {@code breakpoint} (OpenAI from gpt-5.6 on), {@code
     * cache_control} (vendors that serve Claude), or empty for not at all.
     */
    CACHE_MARKS("cacheMarks", ""),
    /** The word that forces some tool call in Chat. */
    TOOL_CHOICE_REQUIRED_WORD("toolChoiceRequiredWord", "required"),
    /** Takes {@code parallel_tool_calls}. */
    PARALLEL_TOOL_CALLS("parallelToolCalls", "true"),
    /** Takes a schema for its output; otherwise a JSON object is asked for. */
    JSON_SCHEMA("jsonSchema", "true"),
    /** Takes {@code strict} on tools. */
    STRICT_TOOLS("strictTools", "true"),
    /** Fetches images by their address. */
    IMAGE_URL("imageUrl", "true"),
    /** Takes images in tool results. */
    TOOL_RESULT_IMAGES("toolResultImages", "true"),
    /** Takes system messages at the head only. */
    SYSTEM_ONLY_FIRST("systemOnlyFirst", "false"),
    /** Takes temperature, top_p, top_k and penalties. */
    SAMPLING("sampling", "true"),
    /** Takes {@code top_k} in Chat. */
    TOP_K("topK", "false"),
    /** Wants {@code content:""} rather than null beside tool calls. */
    EMPTY_CONTENT("emptyContent", "false"),
    /** Takes an assistant message as the last one, and goes on with it. */
    PREFILL("prefill", "false"),
    /** Splits {@code <think>} out of text. */
    THINK_TAGS("thinkTags", "false"),
    /** How Anthropic's thinking is asked for: {@code adaptive} or {@code budget}. */
    THINKING("thinking", "adaptive"),
    /** Whether thinking may be switched off. */
    THINKING_OFF("thinkingOff", "true"),
    /** The highest effort: {@code high}, {@code xhigh} or {@code max}. */
    MAX_EFFORT("maxEffort", "max"),
    /** The lowest effort: {@code none}, {@code minimal} or {@code low}. */
    MIN_EFFORT("minEffort", "none"),
    /** Takes temperature and top_p together. */
    TEMPERATURE_WITH_TOP_P("temperatureWithTopP", "true"),
    /** Anthropic: takes a system message amid the conversation. */
    SYSTEM_ANYWHERE("systemAnywhere", "false"),
    /** Anthropic: takes {@code output_config.format}; otherwise a forced tool stands for it. */
    OUTPUT_CONFIG("outputConfig", "true"),
    /** Takes a time to live in {@code cache_control}; empty takes no cache marks at all. */
    CACHE_TTL("cacheTtl", "true"),
    /** Anthropic: which betas may be passed on, a comma list; {@code *} for all. */
    BETAS("betas", "*"),
    /** Gemini: {@code level} (from 3 on) or {@code budget} (2.5). */
    GEMINI_THINKING("geminiThinking", "level"),
    /** Gemini: takes an id in {@code functionCall}; Vertex does not. */
    FUNCTION_CALL_ID("functionCallId", "true"),
    /** Gemini: takes full JSON Schema; otherwise the OpenAPI subset is sent. */
    FULL_JSON_SCHEMA("fullJsonSchema", "true"),
    /** Gemini: demands a thought signature on calls; absent ones are replaced by the sentinel. */
    THOUGHT_SIGNATURES("thoughtSignatures", "true"),
    /** Gemini: takes a form of output together with tools; models before 3 do not. */
    JSON_WITH_TOOLS("jsonWithTools", "true"),
    /** Gemini: counts the tokens of a whole request; Vertex takes the prompt alone. */
    COUNT_WHOLE_REQUEST("countWholeRequest", "true"),
    /** Takes {@code labels} (Vertex). */
    LABELS("labels", "false");

    private final String wireName;
    private final String standard;

    Trait(String wireName, String standard) {
        this.wireName = wireName;
        this.standard = standard;
    }

    public String wireName() {
        return wireName;
    }

    /** {@return the protocol's own meaning} */
    public String standard() {
        return standard;
    }

    public static Optional<Trait> named(String wireName) {
        return Arrays.stream(values()).filter(t -> t.wireName.equals(wireName)).findFirst();
    }
}
