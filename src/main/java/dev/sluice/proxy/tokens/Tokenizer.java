package dev.sluice.proxy.tokens;

import com.knuddels.jtokkit.Encodings;
import com.knuddels.jtokkit.api.Encoding;
import com.knuddels.jtokkit.api.EncodingType;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Cuts text into tokens as OpenAI's newer models do ({@code o200k_base}). Reading the vocabulary
 * takes a second and some thirty megabytes, so it is read when first needed, and beside whoever
 * needed it: until then four bytes are taken for a token.
 */
public final class Tokenizer {
    private static final int BYTES_A_TOKEN = 4;

    /** Text is cut into pieces of that many characters, so that no run of letters is long. */
    private static final int PIECE = 1_024;

    private final Executor reader;
    private final Supplier<Encoding> vocabulary;
    private final AtomicBoolean isAsked = new AtomicBoolean();
    private volatile @Nullable Encoding encoding;

    /** Reads the vocabulary by that executor. */
    public Tokenizer(Executor reader) {
        this(
                reader,
                () -> Encodings.newLazyEncodingRegistry().getEncoding(EncodingType.O200K_BASE));
    }

    Tokenizer(Executor reader, Supplier<Encoding> vocabulary) {
        this.reader = reader;
        this.vocabulary = vocabulary;
    }

    /** Has the vocabulary read, if that has not been done, and waits for it. */
    public synchronized void prepare() {
        if (encoding == null) {
            encoding = vocabulary.get();
        }
    }

    /**
     * {@return how many tokens the text has} Of one longer than {@code most} characters pieces from
     * all over it are counted, and the rest is taken to be like them. A few tokens more are counted
     * where a piece ends amid a word.
     */
    public long count(String text, int most) {
        Encoding known = encoding;
        if (known == null) {
            if (isAsked.compareAndSet(false, true)) {
                reader.execute(this::prepare);
            }
            return (bytes(text) + BYTES_A_TOKEN - 1) / BYTES_A_TOKEN;
        }
        int length = text.length();
        if (length <= PIECE) {
            return known.countTokensOrdinary(text);
        }
        int pieces = Math.max(1, Math.min(length, most) / PIECE);
        long step = length <= most ? PIECE : length / pieces;
        long tokens = 0;
        long counted = 0;
        for (long start = 0; start < length && (length <= most || pieces-- > 0); start += step) {
            String piece = piece(text, (int) start);
            tokens += known.countTokensOrdinary(piece);
            counted += piece.length();
        }
        return tokens * length / Math.max(1, counted);
    }

    /** A pair of surrogates stays together. */
    private static String piece(String text, int start) {
        int from = isAmidPair(text, start) ? start + 1 : start;
        int end = Math.min(text.length(), start + PIECE);
        return text.substring(from, isAmidPair(text, end) ? end + 1 : end);
    }

    private static boolean isAmidPair(String text, int at) {
        return at > 0
                && at < text.length()
                && Character.isLowSurrogate(text.charAt(at))
                && Character.isHighSurrogate(text.charAt(at - 1));
    }

    private static long bytes(String text) {
        long bytes = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            bytes += c < 0x80 ? 1 : c < 0x800 || Character.isSurrogate(c) ? 2 : 3;
        }
        return bytes;
    }
}
