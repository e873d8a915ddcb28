package dev.sluice.simulator.script;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Base64;
import java.util.HexFormat;
import java.util.zip.CRC32;
import java.util.zip.CRC32C;

/**
 * What tells one request from another, so that its answer's ids are always the same. A checksum,
 * not a secret.
 */
public record Fingerprint(long value) {
    private static final String SEAL = "simulated|";

    public static Fingerprint of(String path, byte[] body) {
        CRC32 low = new CRC32();
        CRC32C high = new CRC32C();
        low.update(body);
        high.update(body);
        long sum = high.getValue() << 32 | low.getValue();
        return new Fingerprint(mix(sum + 31L * path.hashCode()));
    }

    /** {@return a number of its own for every name and index} */
    public long derive(String name, int index) {
        return mix(value + mix(name.hashCode() * 1_000_003L + index));
    }

    /** {@return 24 hexadecimal digits of its own for every name and index} */
    public String hex(String name, int index) {
        long first = derive(name, index);
        String digits = HexFormat.of().toHexDigits(first);
        return digits + HexFormat.of().toHexDigits(mix(first), 8);
    }

    /**
     * {@return what proves that a piece of reasoning is the simulator's own} A signature, an
     * encrypted content or a thought signature, as the dialect calls it; only the form is meant.
     */
    public String seal(int index) {
        String plain = SEAL + hex("seal", index);
        return Base64.getEncoder().encodeToString(plain.getBytes(UTF_8));
    }

    public static boolean isSeal(String text) {
        try {
            return new String(Base64.getDecoder().decode(text), UTF_8).startsWith(SEAL);
        } catch (IllegalArgumentException notBase64) {
            return false;
        }
    }

    /** The finalizer of SplitMix64. */
    private static long mix(long z) {
        long a = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
        long b = (a ^ (a >>> 27)) * 0x94d049bb133111ebL;
        return b ^ (b >>> 31);
    }
}
