package dev.sluice.catalog;

import java.nio.ByteBuffer;
import java.util.HexFormat;

/** HMAC-SHA-256 of an API key: what we keep in place of the key, and the index that finds it. */
public record KeyDigest(long a, long b, long c, long d) {

    /** {@return the digest in these 32 bytes} */
    public static KeyDigest of(byte[] bytes) {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        if (buffer.remaining() != 32) {
            throw new IllegalArgumentException(
                    "a key digest has 32 bytes, not " + buffer.remaining());
        }
        return new KeyDigest(
                buffer.getLong(), buffer.getLong(), buffer.getLong(), buffer.getLong());
    }

    public static KeyDigest ofHex(String hex) {
        return of(HexFormat.of().parseHex(hex));
    }

    public String hex() {
        return HexFormat.of()
                .formatHex(
                        ByteBuffer.allocate(32)
                                .putLong(a)
                                .putLong(b)
                                .putLong(c)
                                .putLong(d)
                                .array());
    }

    @Override
    public int hashCode() {
        return (int) (a ^ a >>> 32);
    }
}
