package dev.sluice.proxy.admit;

import dev.sluice.catalog.price.Money;
import dev.sluice.proxy.InboundRequest;

/**
 * How many tokens a request's input can be at most. No tokenizer makes more tokens of a text than
 * it has bytes, and what surrounds a message as JSON is longer than what surrounds it as tokens.
 * Encoded media count by the piece, and a little by their size.
 */
final class InputBound {
    /** A run of base64 at least so long is no text. */
    private static final int SHORTEST_MEDIA = 1024;

    private static final int ENCODED_BYTES_A_TOKEN = 64;

    private InputBound() {}

    static long of(InboundRequest request, long mediaTokens) {
        if (request.isUploaded()) {
            return Money.plus(
                    request.bytes() / ENCODED_BYTES_A_TOKEN,
                    Money.times(request.peek().mediaParts(), mediaTokens));
        }
        long bytes = request.body().length;
        int media = request.peek().mediaParts();
        if (media == 0) {
            return bytes;
        }
        long encoded = encodedBytes(request.body(), media);
        return Money.plus(
                bytes - encoded + encoded / ENCODED_BYTES_A_TOKEN, Money.times(media, mediaTokens));
    }

    /** {@return how many bytes the first runs of base64 have, as many as there are media} */
    private static long encodedBytes(byte[] body, int media) {
        long encoded = 0;
        int runs = 0;
        int start = 0;
        for (int i = 0; i <= body.length; i++) {
            if (i < body.length && isEncoded(body[i])) {
                continue;
            }
            if (i - start >= SHORTEST_MEDIA && runs < media) {
                encoded += i - start;
                runs++;
            }
            start = i + 1;
        }
        return encoded;
    }

    /** Some writers of JSON put a backslash before a slash. */
    private static boolean isEncoded(byte b) {
        return (b >= 'a' && b <= 'z')
                || (b >= 'A' && b <= 'Z')
                || (b >= '0' && b <= '9')
                || b == '+'
                || b == '/'
                || b == '='
                || b == '-'
                || b == '_'
                || b == '\\';
    }
}
