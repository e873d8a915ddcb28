package dev.sluice.proxy.endpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.http.HttpFailure;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FormScannerTest {
    private static final String MODEL = field("model", "whisper-1");
    private static final String FILE =
            String.join(
                    "\r\n",
                    "--B",
                    "Content-Disposition: form-data; name=\"file\"; filename=\"a;b.wav\"",
                    "Content-Type: audio/wav",
                    "",
                    "",
                    "--",
                    "--A\r",
                    "-B--",
                    "");
    private static final String END = "--B--\r\n";

    @Test
    void theModelIsFoundWhereverItStands() {
        assertThat(scanned(MODEL + FILE + END).model())
                .isEqualTo(new FormScanner.Field("whisper-1", 53, 62));
        assertThat(scanned(FILE + MODEL + END).model())
                .isEqualTo(
                        new FormScanner.Field("whisper-1", FILE.length() + 53, FILE.length() + 62));
    }

    @Test
    void theModelIsKnownBeforeTheFileHasArrived() {
        FormScanner scanner = new FormScanner(new Boundary("B"));
        scanner.feed(bytes(MODEL + FILE.substring(0, 3)));

        assertThat(scanner.model()).isNotNull();
    }

    @Test
    void aFormWithoutAModelHasNone() {
        assertThat(scanned(FILE + END).model()).isNull();
        assertThat(scanned(field("model", "") + END).model())
                .isEqualTo(new FormScanner.Field("", 53, 53));
    }

    @Test
    void aStreamIsSeen() {
        assertThat(scanned(MODEL + field("stream", "true") + END).stream()).isTrue();
        assertThat(scanned(MODEL + field("stream", "false") + END).stream()).isFalse();
    }

    @Test
    void howAFormIsCutIntoPiecesChangesNothing() {
        byte[] form =
                bytes(
                        FILE
                                + field("prompt", "x\r\n--\r\n--Bx".replace("--Bx", "--A"))
                                + MODEL
                                + END);
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int round = 0; round < 500; round++) {
            FormScanner scanner = new FormScanner(new Boundary("B"));
            for (int at = 0; at < form.length; ) {
                int next = Math.min(form.length, at + 1 + random.nextInt(1 + random.nextInt(40)));
                scanner.feed(Arrays.copyOfRange(form, at, next));
                at = next;
            }
            scanner.end();
            assertThat(scanner.model())
                    .as("seed %d", seed)
                    .isEqualTo(
                            scanned(FILE + field("prompt", "x\r\n--\r\n--A") + MODEL + END)
                                    .model());
        }
    }

    @Test
    void noBytesMakeItFailButWithARefusal() {
        byte[] form = bytes(MODEL + FILE + field("stream", "true") + END);
        long seed = System.nanoTime();
        Random random = new Random(seed);
        int refused = 0;
        for (int round = 0; round < 5_000; round++) {
            byte[] broken = form.clone();
            for (int i = 0; i <= random.nextInt(4); i++) {
                broken[random.nextInt(broken.length)] = (byte) random.nextInt(256);
            }
            try {
                FormScanner scanner = new FormScanner(new Boundary("B"));
                scanner.feed(Arrays.copyOf(broken, random.nextInt(broken.length + 1)));
                scanner.end();
            } catch (HttpFailure refusal) {
                refused++;
                assertThat(refusal.status()).as("seed %d", seed).isEqualTo(400);
            }
        }
        assertThat(refused).isBetween(1, 5_000);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\'',
            ignoreLeadingAndTrailingWhitespace = true,
            value = {
                "''                                   | 1 | 0  | ends before",
                "hello                                | 1 | 0  | must begin",
                "--C~~                                | 1 | 2  | must begin",
                "~~--B~~                              | 1 | 0  | must begin",
                "--Bx                                 | 1 | 3  | line end",
                "--B-x                                | 1 | 4  | line end",
                "--B~~~~x                             | 1 | 6  | Content-Disposition",
                "--B~~A: b~~~~x                       | 1 | 12 | Content-Disposition",
                "--B~~nonsense~~~~x                   | 1 | 16 | header line",
                "--B~~{form}; name=a~~{form}; name=b~~~~ | 1 | 86 | two Content-Dispositions",
                "--B~~{form}; name=a; name=b~~~~      | 1 | 54 | two names",
                "--B~~{form}; filename=a~~~~          | 1 | 50 | needs one name",
                "--B~~{form}; name*=a~~~~             | 1 | 47 | name*",
                "--B~~{form}; name=\"mo\\del\"~~~~   | 1 | 53 | backslash",
                "--B~~{form}; name=\"model~~~~        | 1 | 51 | one name",
                "--B~~{form}; name=Model~~~~x         | 1 | 50 | letter case",
                "--B~~{form}; name=model; filename=x~~~~x | 1 | 62 | plain field",
                "--B~~{form}; name=model~~Content-Transfer-Encoding: base64~~~~ | 1 | 85 | plain field",
                "{model}{model}                       | 2 | 116 | twice",
                "{model}--B~~{form}; name=x~~~~open   | 2 | 115 | ends before",
                "{model}--B--{4097}                   | 1 | 4165 | more behind",
            })
    void whatIsMalformedIsRefusedNamingThePlace(String form, int part, long offset, String said) {
        String body =
                form.replace("~~", "\r\n")
                        .replace("{form}", "Content-Disposition: form-data")
                        .replace("{model}", MODEL)
                        .replace("{4097}", "x".repeat(4_097));

        assertThatThrownBy(() -> scanned(body))
                .isInstanceOf(HttpFailure.class)
                .hasMessageContaining("part " + part + ", byte " + offset + ":")
                .hasMessageContaining(said);
    }

    @Test
    void whatIsTooMuchIsRefused() {
        String longHead = "--B\r\nX: " + "x".repeat(9_000) + "\r\n\r\n";
        String longModel = field("model", "m".repeat(600));
        String manyParts = field("a", "").repeat(257) + END;

        assertThatThrownBy(() -> scanned(longHead)).hasMessageContaining("8192 bytes");
        assertThatThrownBy(() -> scanned(longModel)).hasMessageContaining("512 bytes");
        assertThatThrownBy(() -> scanned(manyParts)).hasMessageContaining("256 parts");
        assertThatThrownBy(() -> scanned(field("model", "a\nb") + END))
                .hasMessageContaining("control characters");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "multipart/form-data; boundary=B",
                "Multipart/Form-Data; charset=utf-8; Boundary=\"B\"",
                "multipart/form-data;boundary=B;x=y"
            })
    void theBoundaryIsRead(String type) {
        assertThat(Boundary.of(type)).isEqualTo(new Boundary("B"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "multipart/form-data",
                "multipart/form-data; boundary=",
                "multipart/form-data; boundary=\"\"",
                "multipart/form-data; boundary=\"ends with a space \"",
                "multipart/form-data; boundary=a@b",
                "multipart/form-data; boundary=a; boundary=b"
            })
    void aBoundaryThatIsNoneIsRefused(String type) {
        assertThatThrownBy(() -> Boundary.of(type)).isInstanceOf(HttpFailure.class);
    }

    @Test
    void aBoundaryOfAMebibyteIsRefusedAtOnce() {
        String type = "multipart/form-data; boundary=" + "-".repeat(1 << 20);

        assertThatThrownBy(() -> Boundary.of(type)).hasMessageContaining("1 to 70");
    }

    private static FormScanner scanned(String form) {
        FormScanner scanner = new FormScanner(new Boundary("B"));
        scanner.feed(bytes(form));
        scanner.end();
        return scanner;
    }

    private static String field(String name, String value) {
        return "--B\r\nContent-Disposition: form-data; name=\""
                + name
                + "\"\r\n\r\n"
                + value
                + "\r\n";
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
