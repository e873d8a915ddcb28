package dev.sluice.http.outbound.unpack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.DataFormatException;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UnpackingTest {
    private static final byte[] PLAIN =
            "an answer, an answer, and another answer".getBytes(StandardCharsets.US_ASCII);

    private static Unpacking unpacking(String encoding) {
        Unpacking unpacking = Unpacking.of(encoding);
        if (unpacking == null) {
            throw new AssertionError(encoding + " is not known");
        }
        return unpacking;
    }

    private static byte[] packed(String encoding, byte[] plain) {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (OutputStream out =
                encoding.equals("deflate")
                        ? new DeflaterOutputStream(packed)
                        : new GZIPOutputStream(packed)) {
            out.write(plain);
        } catch (IOException impossible) {
            throw new AssertionError(impossible);
        }
        return packed.toByteArray();
    }

    private static void drain(Unpacking unpacking, ByteArrayOutputStream to, int piece)
            throws DataFormatException {
        byte[] taken = new byte[piece];
        for (int n = unpacking.next(taken); n > 0; n = unpacking.next(taken)) {
            to.write(taken, 0, n);
        }
    }

    private static byte[] unpacked(Unpacking unpacking, byte[]... pieces)
            throws DataFormatException {
        ByteArrayOutputStream plain = new ByteArrayOutputStream();
        for (byte[] piece : pieces) {
            unpacking.feed(piece);
            drain(unpacking, plain, 7);
        }
        return plain.toByteArray();
    }

    @ParameterizedTest
    @ValueSource(strings = {"gzip", "x-gzip", "GZIP", " gzip ", "deflate"})
    void whatIsPackedIsUnpacked(String encoding) throws Exception {
        Unpacking unpacking = unpacking(encoding);

        assertThat(unpacked(unpacking, packed(encoding, PLAIN))).isEqualTo(PLAIN);
        assertThat(unpacking.isWhole()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"br", "zstd", "gzip, gzip", "compress", ""})
    void otherCodingsAreNotKnown(String encoding) {
        assertThat(Unpacking.of(encoding)).isNull();
    }

    @RepeatedTest(20)
    void whereverTheNetworkSplitsIt() throws Exception {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        byte[] plain = new byte[random.nextInt(20_000)];
        for (int i = 0; i < plain.length; i++) {
            plain[i] = (byte) random.nextInt(4);
        }
        String encoding = random.nextBoolean() ? "gzip" : "deflate";
        byte[] packed = packed(encoding, plain);
        Unpacking unpacking = unpacking(encoding);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (int at = 0; at < packed.length; ) {
            int end = Math.min(packed.length, at + 1 + random.nextInt(50));
            unpacking.feed(Arrays.copyOfRange(packed, at, end));
            if (random.nextInt(3) > 0) {
                drain(unpacking, out, 1 + random.nextInt(100));
            }
            at = end;
        }
        drain(unpacking, out, 64);

        assertThat(out.toByteArray()).as("seed %d, %s", seed, encoding).isEqualTo(plain);
        assertThat(unpacking.isWhole()).as("seed %d", seed).isTrue();
    }

    @Test
    void severalMembersInARowAreOneAnswer() throws Exception {
        Unpacking unpacking = unpacking("gzip");
        byte[] twice = unpacked(unpacking, packed("gzip", PLAIN), packed("gzip", PLAIN));

        assertThat(twice).hasSize(2 * PLAIN.length);
        assertThat(unpacking.isWhole()).isTrue();
    }

    /** RFC 1952 §2.3.1: whatever stands between the fixed header and the data. */
    @ParameterizedTest
    @CsvSource({
        "4, 03 00 61 62 63",
        "4, 00 00",
        "8, 6e 61 6d 65 00",
        "16, 77 68 79 00",
        "2, 12 34",
        "30, 01 00 78 6e 00 77 00 12 34"
    })
    void theHeadersOptionalFieldsAreSkipped(int flags, String fields) throws Exception {
        byte[] plain = packed("gzip", PLAIN);
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        packed.write(plain, 0, 10);
        for (String field : fields.split(" ", -1)) {
            packed.write(Integer.parseInt(field, 16));
        }
        packed.write(plain, 10, plain.length - 10);
        byte[] whole = packed.toByteArray();
        whole[3] = (byte) flags;
        Unpacking unpacking = unpacking("gzip");
        byte[][] single = new byte[whole.length][];
        for (int i = 0; i < whole.length; i++) {
            single[i] = new byte[] {whole[i]};
        }

        assertThat(unpacked(unpacking, single)).isEqualTo(PLAIN);
        assertThat(unpacking.isWhole()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"gzip", "deflate"})
    void aTruncatedOneIsNotWhole(String encoding) throws Exception {
        byte[] packed = packed(encoding, PLAIN);
        for (int length = 0; length < packed.length - 8; length++) {
            Unpacking unpacking = unpacking(encoding);
            unpacked(unpacking, Arrays.copyOf(packed, length));
            assertThat(unpacking.isWhole()).as("%d bytes", length).isFalse();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"gzip", "deflate"})
    void whatIsNoneIsRefused(String encoding) {
        byte[] html = "<html>this is none of it</html>".getBytes(StandardCharsets.US_ASCII);
        assertThatThrownBy(() -> unpacked(unpacking(encoding), html))
                .isInstanceOf(DataFormatException.class);
    }

    @Test
    void noMoreIsUnpackedThanIsAskedFor() throws Exception {
        Unpacking unpacking = unpacking("gzip");
        unpacking.feed(packed("gzip", new byte[64 << 20]));
        byte[] piece = new byte[1_000];

        assertThat(unpacking.next(piece)).isEqualTo(1_000);
        unpacking.close();
        assertThat(unpacking.next(piece)).isZero();
    }
}
