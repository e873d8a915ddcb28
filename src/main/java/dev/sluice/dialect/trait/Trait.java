package dev.sluice.dialect.trait;

import java.util.Arrays;
import java.util.Optional;

/**
 * In what an upstream, or a model of it, may differ from its protocol (wire-contract §1.5, §1.3).
 * Each is a flag of the configuration by its wire name; the default is the protocol's own meaning,
 * as its inventor's current models have it. What each means is a part of docs/translation.md.
 */
public enum Trait {
    DEVELOPER_ROLE(
            "developerRole", "true", "Takes the role `developer`; otherwise `system` is sent."),
    MAX_TOKENS_FIELD(
            "maxTokensField", "max_completion_tokens", "The field of the output limit in Chat."),
    STREAM_OPTIONS("streamOptions", "true", "Takes `stream_options`."),
    REASONING_IN(
            "reasoningIn",
            "",
            "Chat: wants earlier reasoning back in assistant turns, in this field; "
                    + "empty for none."),
    REASONING_EFFORT("reasoningEffort", "true", "Takes an amount of reasoning at all."),
    EFFORT_WITH_TOOLS(
            "effortWithTools",
            "true",
            "Chat: takes function tools together with an amount of reasoning (GPT 5.4 "
                    + "on does not)."),
    CUSTOM_TOOLS(
            "customTools",
            "true",
            "Takes tools of free text; otherwise functions with one string stand for " + "them."),
    OPENAI_FIELDS(
            "openAiFields",
            "true",
            "Takes what only OpenAI itself has in Chat: `metadata`, `store`, "
                    + "`service_tier`, `prompt_cache_key`, `safety_identifier`, `verbosity`, "
                    + "`allowed_tools`."),
    CACHE_MARKS(
            "cacheMarks",
            "",
            "Chat: how a part is marked for caching: `breakpoint` (OpenAI from "
                    + "gpt-5.6 on), `cache_control` (vendors that serve Claude), or empty for "
                    + "not at all."),
    TOOL_CHOICE_REQUIRED_WORD(
            "toolChoiceRequiredWord", "required", "The word that forces some tool call in Chat."),
    PARALLEL_TOOL_CALLS("parallelToolCalls", "true", "Takes `parallel_tool_calls`."),
    JSON_SCHEMA(
            "jsonSchema",
            "true",
            "Takes a schema for its output; otherwise a JSON object is asked for."),
    STRICT_TOOLS("strictTools", "true", "Takes `strict` on tools."),
    IMAGE_URL("imageUrl", "true", "Fetches images by their address."),
    TOOL_RESULT_IMAGES("toolResultImages", "true", "Takes images in tool results."),
    SYSTEM_ONLY_FIRST("systemOnlyFirst", "false", "Takes system messages at the head only."),
    SAMPLING("sampling", "true", "Takes temperature, top_p, top_k and penalties."),
    TOP_K("topK", "false", "Takes `top_k` in Chat."),
    EMPTY_CONTENT(
            "emptyContent", "false", "Wants `content:\"\"` rather than null beside tool calls."),
    PREFILL("prefill", "false", "Takes an assistant message as the last one, and goes on with it."),
    THINK_TAGS("thinkTags", "false", "Splits `<think>` out of text."),
    THINKING(
            "thinking",
            "adaptive",
            "How Anthropic's thinking is asked for: `adaptive` or `budget`."),
    THINKING_OFF("thinkingOff", "true", "Whether thinking may be switched off."),
    MAX_EFFORT("maxEffort", "max", "The highest effort: `high`, `xhigh` or `max`."),
    MIN_EFFORT("minEffort", "none", "The lowest effort: `none`, `minimal` or `low`."),
    TEMPERATURE_WITH_TOP_P("temperatureWithTopP", "true", "Takes temperature and top_p together."),
    SYSTEM_ANYWHERE(
            "systemAnywhere", "false", "Anthropic: takes a system message amid the conversation."),
    OUTPUT_CONFIG(
            "outputConfig",
            "true",
            "Anthropic: takes `output_config.format`; otherwise a forced tool stands " + "for it."),
    CACHE_TTL(
            "cacheTtl",
            "true",
            "Takes a time to live in `cache_control`; empty takes no cache marks at " + "all."),
    BETAS("betas", "*", "Anthropic: which betas may be passed on, a comma list; `*` for all."),
    GEMINI_THINKING("geminiThinking", "level", "Gemini: `level` (from 3 on) or `budget` (2.5)."),
    FUNCTION_CALL_ID(
            "functionCallId", "true", "Gemini: takes an id in `functionCall`; Vertex does not."),
    FULL_JSON_SCHEMA(
            "fullJsonSchema",
            "true",
            "Gemini: takes full JSON Schema; otherwise the OpenAPI subset is sent."),
    THOUGHT_SIGNATURES(
            "thoughtSignatures",
            "true",
            "Gemini: demands a thought signature on calls; absent ones are replaced "
                    + "by the sentinel."),
    JSON_WITH_TOOLS(
            "jsonWithTools",
            "true",
            "Gemini: takes a form of output together with tools; models before 3 do " + "not."),
    COUNT_WHOLE_REQUEST(
            "countWholeRequest",
            "true",
            "Gemini: counts the tokens of a whole request; Vertex takes the prompt " + "alone."),
    LABELS("labels", "false", "Takes `labels` (Vertex)."),
    PLATFORM(
            "platform",
            "",
            "Whose cloud serves it, which has paths of its own: `azure`, `bedrock` or "
                    + "`vertex`; empty for none.");

    private final String wireName;
    private final String standard;
    private final String meaning;

    Trait(String wireName, String standard, String meaning) {
        this.wireName = wireName;
        this.standard = standard;
        this.meaning = meaning;
    }

    public String wireName() {
        return wireName;
    }

    /** {@return the protocol's own meaning} */
    public String standard() {
        return standard;
    }

    /** {@return what it says of an upstream, as Markdown} */
    public String meaning() {
        return meaning;
    }

    public static Optional<Trait> named(String wireName) {
        return Arrays.stream(values()).filter(t -> t.wireName.equals(wireName)).findFirst();
    }
}
