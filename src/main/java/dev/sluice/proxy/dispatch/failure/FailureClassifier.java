package dev.sluice.proxy.dispatch.failure;

import dev.sluice.catalog.Upstream;
import dev.sluice.chat.UpstreamError;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The one home of what is known about upstreams' errors: a table, read from its top; the first
 * entry that fits decides. Statuses alone do not say it: a wrong key is 400 at one provider, an
 * empty account 429 at another (wire-contract §2.11).
 */
public final class FailureClassifier {
    private static final Set<Integer> ANY = Set.of();
    private static final Set<Integer> REFUSING = Set.of(0, 400, 403, 404, 413, 422, 451);

    /** What a seed's providers list in place of {@code retryable_status_codes} by default. */
    private static boolean isRetryableByDefault(int status) {
        return status == 429 || (status >= 500 && status <= 599);
    }

    /**
     * One entry.
     *
     * @param source which provider says it, or what prescribes it
     * @param statuses any of them, or any at all where there are none
     * @param words any of them, in lower case, in the type, the code or the message; with {@code *}
     *     between words that follow each other somewhere; none are needed where there are none
     */
    public record Entry(
            FailureClass means, String source, Set<Integer> statuses, List<String> words) {
        public Entry {
            statuses = Set.copyOf(statuses);
            words = List.copyOf(words);
        }

        private boolean fits(int status, Said said) {
            return (statuses.isEmpty() || statuses.contains(status))
                    && (words.isEmpty() || words.stream().anyMatch(word -> said.says(word, means)));
        }
    }

    /**
     * What an error says, in lower case.
     *
     * @param codes its type and code, which are the upstream's own
     * @param message which may repeat the request
     */
    private record Said(String codes, String message, Predicate<String> echo) {
        /** Words that a client could have said decide nothing that others would suffer from. */
        boolean says(String word, FailureClass means) {
            return contains(codes, word)
                    || (contains(message, word) && !(means.isWorthAnother() && isEchoed(word)));
        }

        private boolean isEchoed(String word) {
            for (String part : word.split("\\*", -1)) {
                if (!echo.test(part)) {
                    return false;
                }
            }
            return true;
        }

        private static boolean contains(String text, String word) {
            int from = 0;
            for (String part : word.split("\\*", -1)) {
                int at = text.indexOf(part, from);
                if (at < 0) {
                    return false;
                }
                from = at + part.length();
            }
            return true;
        }
    }

    /** In this order. */
    public static final List<Entry> ENTRIES =
            List.of(
                    // Too long for the model.
                    on(
                            FailureClass.CONTEXT_OVERFLOW,
                            "OpenAI and vendors like it: code and message",
                            REFUSING,
                            "context_length_exceeded",
                            "maximum context length",
                            "reduce the length of the messages"),
                    on(
                            FailureClass.CONTEXT_OVERFLOW,
                            "Anthropic: message",
                            REFUSING,
                            "prompt is too long",
                            "exceed context limit"),
                    on(
                            FailureClass.CONTEXT_OVERFLOW,
                            "Gemini: message of INVALID_ARGUMENT",
                            REFUSING,
                            "exceeds the maximum number of tokens",
                            "input token count"),
                    on(
                            FailureClass.CONTEXT_OVERFLOW,
                            "llama.cpp, Ollama, OpenAI Responses: message",
                            REFUSING,
                            "exceeds the available context size",
                            "exceed_context_size",
                            "context window"),
                    // Content that the upstream will not answer.
                    on(
                            FailureClass.CONTENT_REFUSED,
                            "OpenAI: codes",
                            REFUSING,
                            "content_policy_violation",
                            "invalid_prompt",
                            "moderation_blocked"),
                    on(
                            FailureClass.CONTENT_REFUSED,
                            "Azure: code, inner code, message",
                            REFUSING,
                            "content_filter",
                            "responsibleaipolicyviolation",
                            "content management policy"),
                    on(
                            FailureClass.CONTENT_REFUSED,
                            "Anthropic: message",
                            REFUSING,
                            "blocked by content filtering policy"),
                    on(
                            FailureClass.CONTENT_REFUSED,
                            "OpenRouter: message of a 403",
                            Set.of(403),
                            "requires moderation",
                            "was flagged"),
                    on(
                            FailureClass.CONTENT_REFUSED,
                            "Gemini: block reason",
                            REFUSING,
                            "prohibited_content"),
                    on(
                            FailureClass.CONTENT_REFUSED,
                            "DashScope: code; DeepSeek: message",
                            REFUSING,
                            "data_inspection_failed",
                            "content exists risk"),
                    // Where the gateway calls from.
                    on(
                            FailureClass.REGION,
                            "OpenAI: code of a 403",
                            REFUSING,
                            "unsupported_country_region_territory"),
                    on(
                            FailureClass.REGION,
                            "Gemini: message of FAILED_PRECONDITION, 400",
                            REFUSING,
                            "user location is not supported"),
                    on(
                            FailureClass.REGION,
                            "Anthropic and others: message of a 403",
                            Set.of(403, 451),
                            "not available in your region",
                            "not available in your country",
                            "unsupported region"),
                    // What the request refers to.
                    on(
                            FailureClass.CALLER,
                            "OpenAI Responses: 404 for what a request refers to",
                            Set.of(404),
                            "previous_response",
                            "conversation",
                            "item with id",
                            "no such file",
                            "cachedcontent"),
                    on(
                            FailureClass.CALLER,
                            "OpenAI: a model that is asked for what it does not do",
                            Set.of(400, 403, 404),
                            "not supported in the v1/",
                            "did you mean to use v1/",
                            "not a chat model",
                            "not allowed to generate embeddings from this model"),
                    // The model.
                    on(
                            FailureClass.MODEL_GONE,
                            "OpenAI, vLLM: code; also for projects without access",
                            Set.of(0, 400, 403, 404, 422),
                            "model_not_found",
                            "does not have access to model"),
                    on(
                            FailureClass.MODEL_GONE,
                            "Groq: code; Gemini, Vertex: message; Azure: code",
                            Set.of(0, 400, 404),
                            "model_decommissioned",
                            "publisher model",
                            "is not found for api version",
                            "deploymentnotfound"),
                    on(
                            FailureClass.MODEL_GONE,
                            "OpenRouter, DeepSeek: messages",
                            Set.of(400, 404),
                            "not a valid model id",
                            "no endpoints found",
                            "model not exist"),
                    on(
                            FailureClass.MODEL_GONE,
                            "Anthropic, vLLM: type of a 404",
                            Set.of(404),
                            "not_found_error",
                            "notfounderror"),
                    on(
                            FailureClass.MODEL_GONE,
                            "Ollama, Fireworks, xAI, Together: message of a 404",
                            Set.of(404),
                            "model*not found",
                            "model*does not exist",
                            "model*not available",
                            "unable to access model",
                            "no such model",
                            "unknown model"),
                    // The account behind the key.
                    on(
                            FailureClass.LIMITED,
                            "Gemini: says 'quota' and 'billing' of rates as well",
                            Set.of(429),
                            "resource_exhausted"),
                    on(FailureClass.QUOTA, "DeepSeek, OpenRouter, Anthropic: status", Set.of(402)),
                    on(
                            FailureClass.QUOTA,
                            "OpenAI: codes; wire-contract §2.11: not to be retried",
                            Set.of(0, 400, 403, 429),
                            "insufficient_quota",
                            "exceeded your current quota",
                            "billing_hard_limit_reached",
                            "billing_not_active"),
                    on(
                            FailureClass.QUOTA,
                            "Anthropic: message of a 400, type",
                            Set.of(0, 400, 403, 429),
                            "credit balance",
                            "billing_error"),
                    on(
                            FailureClass.QUOTA,
                            "DashScope, Moonshot, One API: codes; others: message",
                            Set.of(0, 400, 403, 429),
                            "arrearage",
                            "exceeded_current_quota",
                            "insufficient_user_quota",
                            "insufficient balance",
                            "insufficient credits"),
                    on(
                            FailureClass.CREDENTIAL,
                            "all: status; a client's own key never goes on",
                            Set.of(401, 407)),
                    on(
                            FailureClass.FORBIDDEN,
                            "OpenAI, Anthropic, Gemini: status; often about the model",
                            Set.of(403)),
                    on(
                            FailureClass.CREDENTIAL,
                            "Gemini: reason and message of a 400",
                            Set.of(0, 400),
                            "api_key_invalid",
                            "api key not valid",
                            "api key expired"),
                    on(
                            FailureClass.CREDENTIAL,
                            "vendors that answer 200, 400 or 422 to a wrong key",
                            Set.of(0, 400, 422),
                            "invalid_api_key",
                            "authentication_error",
                            "incorrect api key"),
                    // Rates.
                    on(FailureClass.LIMITED, "all: status", Set.of(429)),
                    on(
                            FailureClass.LIMITED,
                            "errors amid a stream or in a 200: type",
                            Set.of(0, 400),
                            "rate_limit",
                            "rate limit",
                            "throttlingexception",
                            "too many requests"),
                    // What passes.
                    on(
                            FailureClass.TRANSIENT,
                            "RFC 9110, RFC 8470; Groq: 498 when its capacity is spent",
                            Set.of(408, 409, 425, 498)),
                    on(
                            FailureClass.TRANSIENT,
                            "Anthropic: type; Gemini: status; in a 200",
                            Set.of(0, 400),
                            "overloaded",
                            "unavailable"),
                    // The rest.
                    on(
                            FailureClass.UNKNOWN,
                            "a 404 of nothing that was asked for: a wrong base_url",
                            Set.of(404, 405)),
                    on(
                            FailureClass.CALLER,
                            "OpenAI, Anthropic, Gemini: types of errors in a 200",
                            Set.of(0),
                            "invalid_request_error",
                            "invalid_argument"));

    private static Entry on(
            FailureClass means, String source, Set<Integer> statuses, String... words) {
        return new Entry(means, source, statuses.isEmpty() ? ANY : statuses, List.of(words));
    }

    /**
     * {@return what that error means}
     *
     * @param echo whether a word may come from the request, such as {@link Echo}
     */
    public FailureClass classify(UpstreamError error, Predicate<String> echo) {
        int status = error.status();
        Said said =
                new Said(
                        lower(error.type()) + ' ' + lower(error.code()),
                        lower(error.message()),
                        echo);
        for (Entry entry : ENTRIES) {
            if (entry.fits(status, said)) {
                return entry.means();
            }
        }
        if (status == 0 || status >= 500) {
            return FailureClass.TRANSIENT;
        }
        return status >= 400 ? FailureClass.CALLER : FailureClass.UNKNOWN;
    }

    /**
     * {@return what that error of that upstream means} An operator's list of statuses that are
     * worth another try stands in place of the built-in one, 429 and 500 to 599 (seed-contract-b
     * §1.4).
     */
    public FailureClass classify(UpstreamError error, Upstream upstream, Predicate<String> echo) {
        FailureClass known = classify(error, echo);
        Set<Integer> listed = upstream.retryableStatusCodes();
        if (listed.isEmpty()) {
            return known;
        }
        if (listed.contains(error.status())) {
            return known.isWorthAnother() ? known : FailureClass.TRANSIENT;
        }
        return isRetryableByDefault(error.status()) ? FailureClass.CALLER : known;
    }

    /**
     * {@return what an answer means of which only the status is looked at; null if it is no failure
     * of the upstream or its key}
     */
    public static @Nullable FailureClass byStatus(int status) {
        return switch (status) {
            case 401 -> FailureClass.CREDENTIAL;
            case 429 -> FailureClass.LIMITED;
            default -> status >= 500 ? FailureClass.TRANSIENT : null;
        };
    }

    private static String lower(@Nullable String text) {
        return text == null ? "" : text.toLowerCase(Locale.ROOT);
    }
}
