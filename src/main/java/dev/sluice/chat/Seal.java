package dev.sluice.chat;

import org.jspecify.annotations.Nullable;

/**
 * What a provider attaches to reasoning, or to a part that came of it, so that it can be trusted
 * when it is sent back: only its own provider can read it (wire-contract §2.6).
 *
 * @param family whose it is: {@code anthropic}, {@code openai}, {@code google}, …
 * @param model the model that made it; null where a client sent it bare
 * @param raw as the provider wrote it; empty for reasoning that was never signed but must bear a
 *     seal towards a client that insists on one
 */
public record Seal(String family, @Nullable String model, Kind kind, String raw) {

    /** In which of a provider's places it stands. */
    public enum Kind {
        /** Anthropic's {@code signature} of a thinking block. */
        SIGNATURE("sig"),
        /** Anthropic's {@code redacted_thinking.data}: reasoning with no text. */
        REDACTED("red"),
        /** OpenAI's {@code encrypted_content}, and {@code reasoning.encrypted} of a vendor. */
        ENCRYPTED("enc"),
        /** Gemini's {@code thoughtSignature}, on any part. */
        THOUGHT("tho"),
        /** None: the reasoning came without any. */
        UNSIGNED("none");

        private final String wireName;

        Kind(String wireName) {
            this.wireName = wireName;
        }

        public String wireName() {
            return wireName;
        }
    }

    /** {@return whether this may be sent to that model of that family} */
    public boolean isFor(String otherFamily, String otherModel) {
        return !raw.isEmpty()
                && family.equals(otherFamily)
                && (model == null || modelFamily(model).equals(modelFamily(otherModel)));
    }

    /**
     * {@return a model's name without its vendor prefix, date and revision} Seals hold across
     * {@code claude-opus-4-5-20251101} and {@code claude-opus-4-5}, not across other models.
     */
    private static String modelFamily(String name) {
        String bare = name.substring(name.lastIndexOf('/') + 1);
        return bare.replaceAll(
                "([-@](\\d{8}|\\d{4}-\\d{2}-\\d{2}|latest|preview.*|v\\d+(:\\d+)?))+$", "");
    }
}
