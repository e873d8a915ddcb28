package dev.sluice.chat;

/**
 * What is billed by another unit than tokens. No count is negative, and none beyond reason.
 *
 * @param images that were made
 * @param audioMillis how long the sound lasts that was heard or spoken
 * @param characters that were to be spoken
 * @param imageKind of all the images
 */
public record Units(long images, long audioMillis, long characters, ImageKind imageKind) {
    public static final Units NONE = new Units(0, 0);

    /** No answer has more of any; what claims to has been misread. */
    public static final long MOST = 1_000_000_000L;

    public Units {
        images = Math.clamp(images, 0, MOST);
        audioMillis = Math.clamp(audioMillis, 0, MOST);
        characters = Math.clamp(characters, 0, MOST);
    }

    public Units(long images, long audioMillis) {
        this(images, audioMillis, 0, ImageKind.UNKNOWN);
    }

    public static Units ofImages(long images) {
        return new Units(images, 0);
    }

    public static Units ofImages(long images, ImageKind kind) {
        return new Units(images, 0, 0, kind);
    }

    public static Units ofAudioMillis(long millis) {
        return new Units(0, millis);
    }

    /** {@return those of a text that is spoken} */
    public static Units ofSpeech(long characters, long millis) {
        return new Units(0, millis, characters, ImageKind.UNKNOWN);
    }

    public boolean isNothing() {
        return images == 0 && audioMillis == 0 && characters == 0;
    }

    public Units plus(Units other) {
        return other.isNothing()
                ? this
                : new Units(
                        images + other.images,
                        audioMillis + other.audioMillis,
                        characters + other.characters,
                        imageKind.or(other.imageKind));
    }

    /**
     * {@return these units of an answer, with what its request says better: which images were made,
     * and how many characters were spoken}
     */
    public Units asAskedBy(Units request) {
        return new Units(
                images,
                audioMillis,
                Math.max(characters, request.characters),
                images == 0 ? imageKind : imageKind.or(request.imageKind));
    }
}
