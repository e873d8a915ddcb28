package dev.sluice.proxy.dispatch;

import dev.sluice.catalog.Upstream;
import dev.sluice.chat.UpstreamError;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The one home of what is known about upstreams' errors: by status first, then by the words that
 * providers use where a status means several things (wire-contract §2.11).
 */
final class FailureClassifier {

    /**
     * OpenAI and most compatible vendors say so with 429, DeepSeek with 402, Anthropic with 400 or
     * 402.
     */
    private static final List<String> QUOTA_WORDS =
            List.of(
                    "insufficient_quota",
                    "billing",
                    "credit balance",
                    "insufficient balance",
                    "payment");

    /** Google answers a wrong key with 400. */
    private static final List<String> CREDENTIAL_WORDS =
            List.of("api_key_invalid", "api key not valid", "invalid_api_key");

    FailureClass classify(UpstreamError error, Upstream upstream) {
        if (upstream.retryableStatusCodes().contains(error.status())) {
            return FailureClass.TRANSIENT;
        }
        return switch (error.status()) {
            case 401, 403 -> FailureClass.CREDENTIAL;
            case 402 -> FailureClass.QUOTA;
            case 404 ->
                    says(error, List.of("model")) ? FailureClass.MODEL_GONE : FailureClass.CALLER;
            case 408, 409, 425 -> FailureClass.TRANSIENT;
            case 429 -> says(error, QUOTA_WORDS) ? FailureClass.QUOTA : FailureClass.LIMITED;
            default -> byRange(error);
        };
    }

    private static FailureClass byRange(UpstreamError error) {
        if (error.status() >= 500 || error.status() == 0) {
            return FailureClass.TRANSIENT;
        }
        if (says(error, CREDENTIAL_WORDS)) {
            return FailureClass.CREDENTIAL;
        }
        if (says(error, QUOTA_WORDS)) {
            return FailureClass.QUOTA;
        }
        return error.status() >= 400 ? FailureClass.CALLER : FailureClass.UNKNOWN;
    }

    private static boolean says(UpstreamError error, List<String> words) {
        String text =
                (lower(error.type()) + ' ' + lower(error.code()) + ' ' + lower(error.message()));
        return words.stream().anyMatch(text::contains);
    }

    private static String lower(@Nullable String text) {
        return text == null ? "" : text.toLowerCase(Locale.ROOT);
    }
}
