package dev.sluice.dialect.gemini.wire;

import dev.sluice.chat.Media;
import dev.sluice.chat.Seal;
import dev.sluice.dialect.rules.Seals;
import dev.sluice.dialect.rules.media.DataUrl;
import org.jspecify.annotations.Nullable;

/**
 * Bytes as Gemini's JSON holds them: base64 in the standard or in the url-safe alphabet, padded or
 * not; SDKs change the one into the other.
 */
public final class GeminiBase64 {
    static final String FAMILY = "google";

    /** What stands for a thought signature that is not to be had (Google's own word). */
    public static final String SENTINEL = "skip_thought_signature_validator";

    private GeminiBase64() {}

    /** {@return the text in the standard alphabet} */
    static String standard(String base64) {
        return base64.indexOf('-') < 0 && base64.indexOf('_') < 0
                ? base64
                : base64.replace('-', '+').replace('_', '/');
    }

    /** {@return the bytes, padded, because not everyone takes them bare; null for no base64} */
    public static Media.@Nullable Inline media(@Nullable String mimeType, String base64) {
        Media.Inline inline = DataUrl.inline(mimeType, standard(base64));
        int over = inline == null ? 0 : inline.base64().length() % 4;
        return inline == null || over == 0
                ? inline
                : new Media.Inline(inline.mimeType(), inline.base64() + "=".repeat(4 - over));
    }

    /** {@return the seal of a part that a client sent; null for none, or what stands for none} */
    public static @Nullable Seal seal(@Nullable String signature) {
        if (signature == null || signature.equals(SENTINEL)) {
            return null;
        }
        String text = Seals.isWrapped(signature) ? standard(signature) : signature;
        return Seals.read(text, FAMILY, Seal.Kind.THOUGHT);
    }

    /** {@return the signature that carries the seal to a client} */
    public static String signature(Seal seal) {
        return isOwn(seal) ? seal.raw() : Seals.wrap(seal);
    }

    private static boolean isOwn(Seal seal) {
        return seal.family().equals(FAMILY)
                && seal.kind() == Seal.Kind.THOUGHT
                && !seal.raw().isEmpty();
    }
}
