package dev.sluice.chat;

import org.jspecify.annotations.Nullable;

/**
 * What an image is priced by, in the words of the request or of the answer.
 *
 * @param size such as {@code 1024x1024}; null where nothing was said
 * @param quality such as {@code hd}; null where nothing was said
 */
public record ImageKind(@Nullable String size, @Nullable String quality) {
    public static final ImageKind UNKNOWN = new ImageKind(null, null);

    /** What leaves it to the vendor. */
    private static final String AUTO = "auto";

    /** No vendor has a longer word for either. */
    private static final int LONGEST = 32;

    public ImageKind {
        size = size == null || size.isBlank() || size.length() > LONGEST ? null : size;
        quality =
                quality == null || quality.isBlank() || quality.length() > LONGEST ? null : quality;
    }

    /** {@return whether no other image can come of it: nothing is left to the vendor} */
    public boolean isSettled() {
        return size != null
                && quality != null
                && !size.equalsIgnoreCase(AUTO)
                && !quality.equalsIgnoreCase(AUTO);
    }

    /** {@return this, with what only the other knows} */
    public ImageKind or(ImageKind other) {
        return new ImageKind(
                size == null ? other.size : size, quality == null ? other.quality : quality);
    }
}
