package dev.sluice.proxy.route;

import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * How a request begins. A conversation's later turns repeat the bytes of its earlier ones, and
 * providers cache prompts from about a thousand tokens on: four thousand bytes that are equal are
 * likely to meet a warm cache.
 */
final class PromptPrefix {
    private static final int BYTES = 4_096;

    private PromptPrefix() {}

    /** {@return a hash of the first bytes, or null of a body that is not that long} */
    static @Nullable Long hash(byte[] body) {
        if (body.length < BYTES) {
            return null;
        }
        CRC32C whole = new CRC32C();
        whole.update(body, 0, BYTES);
        CRC32C half = new CRC32C();
        half.update(body, 0, BYTES / 2);
        return whole.getValue() << 32 | half.getValue();
    }
}
