package dev.sluice.chat;

/**
 * What is billed by another unit than tokens. No count is negative, and none beyond reason.
 *
 * @param images that were made
 * @param audioMillis how long the sound lasts that was heard or spoken
 */
public record Units(long images, long audioMillis) {
    public static final Units NONE = new Units(0, 0);

    /** No answer has more of either; what claims to has been misread. */
    public static final long MOST = 1_000_000_000L;

    public Units {
        images = Math.clamp(images, 0, MOST);
        audioMillis = Math.clamp(audioMillis, 0, MOST);
    }

    public static Units ofImages(long images) {
        return new Units(images, 0);
    }

    public static Units ofAudioMillis(long millis) {
        return new Units(0, millis);
    }

    public boolean isNothing() {
        return images == 0 && audioMillis == 0;
    }

    public Units plus(Units other) {
        return other.isNothing()
                ? this
                : new Units(images + other.images, audioMillis + other.audioMillis);
    }
}
